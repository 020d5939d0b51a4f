"""What a statement to a home school says, as frozen values: the PDF says this, no more (M16).

Pure: imports no Django. Amounts are whole pence; a line that takes back is below nought. A document that does not add
up cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reimbursing.owing import signed_days


@dataclass(frozen=True)
class Line:
    """Some half days of one champion on one day: quantity times the rate a day is the amount."""

    delivered_on: date
    supported: str
    urn: int
    description: str
    half_days: int
    rate: int
    amount: int
    reason: str

    @property
    def days(self) -> str:
        """The quantity in days."""
        return signed_days(self.half_days)


@dataclass(frozen=True)
class Advice:
    """Everything that the document says; no bank account. Raises ValueError when lines and total do not agree."""

    number: str
    issued_on: date
    first_day: date
    last_day: date
    financial_year: str
    is_academy: bool
    council: str
    council_address: tuple[str, ...]
    email: str
    phone: str
    school: str
    urn: int
    school_address: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(f"{self.number}: a statement has a line")
        if self.total != sum(line.amount for line in self.lines):
            raise ValueError(f"{self.number}: the total is not the sum of the lines")

    @property
    def kind(self) -> str:
        """What an academy files, and what a maintained school's ledger shows."""
        return "Remittance advice" if self.is_academy else "Statement of reimbursement"

    @property
    def title(self) -> str:
        """`Remittance advice SBR2223-00001`."""
        return f"{self.kind} {self.number}"

    @property
    def half_days(self) -> int:
        """What its lines come to."""
        return sum(line.half_days for line in self.lines)

    @property
    def days(self) -> str:
        """The same in days."""
        return signed_days(self.half_days)

    @property
    def is_owed_back(self) -> bool:
        """Whether more is taken back than given."""
        return self.total < 0

    @property
    def owed_back(self) -> int:
        """What the school owes back, above nought."""
        return -self.total
