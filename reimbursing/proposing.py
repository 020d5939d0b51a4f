"""What statements of a period would say, and what is held back, each with its reason (M16). Computed, never stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from reimbursing.facts import Day, Facts
from reimbursing.models import Method, Payee
from reimbursing.owing import Held, OwedLine, owing
from reimbursing.rate_book import payees, reimbursement_rates
from schools.models import School
from sidebyside.days import days_text
from sidebyside.years import FinancialYear, Period
from support.models import Champion


@dataclass(frozen=True)
class ProposedLine:
    """One line to be; `number` counts the lines that the delivery had before."""

    day: Day
    owed: OwedLine
    number: int

    @property
    def source_key(self) -> str:
        """The line's name, taken once: of two people who approve the same half day, one does."""
        return f"delivery-{self.day.pk}-{self.number}"

    @property
    def description(self) -> str:
        """A champion's time: `Jo Marsh (SSLC), 0.5 days at a Headline Visit`."""
        at = f" at a {self.day.attended}" if self.day.attended else ""
        length = f"{days_text(abs(self.owed.half_days))} {'day' if abs(self.owed.half_days) == 2 else 'days'}"
        return f"{self.day.champion_name} ({self.day.champion_type}), {length}{at}"

    @property
    def says(self) -> dict[str, object]:
        """Everything that is frozen of it when it is approved, by the names of `StatementLine`."""
        day, owed = self.day, self.owed
        return {
            "source_key": self.source_key,
            "delivery_id": day.pk,
            "champion_id": day.champion,
            "champion_name": day.champion_name,
            "champion_type": day.champion_type,
            "supported_id": day.school,
            "supported_name": day.school_name,
            "delivered_on": day.happens_on,
            "description": self.description,
            "half_days": owed.half_days,
            "rate": owed.rate,
            "amount": owed.amount,
            "reason": owed.reason,
        }


@dataclass(frozen=True)
class ProposedStatement:
    """One home school's lines of one financial year, by date."""

    payee: Payee
    period: Period
    lines: tuple[ProposedLine, ...]

    @property
    def school(self) -> School:
        """The home school."""
        return self.payee.school

    @property
    def method(self) -> Method:
        """How it is paid."""
        return Method(self.payee.method)

    @property
    def recipient(self) -> dict[str, object]:
        """Whom it will be made out to, as the document will say."""
        return {"name": self.school.name, "address": list(self.school.address_lines)}

    @property
    def half_days(self) -> int:
        """What its lines come to."""
        return sum(line.owed.half_days for line in self.lines)

    @property
    def total(self) -> int:
        """What its lines come to, in pence; below nought is owed back."""
        return sum(line.owed.amount for line in self.lines)


@dataclass(frozen=True)
class HeldBack:
    """A delivery of which something cannot be reimbursed yet, why, and the code of its cure."""

    day: Day
    code: str
    reason: str
    home: School | None = None


@dataclass(frozen=True)
class Proposal:
    """Everything that approving a period would do."""

    period: Period
    statements: tuple[ProposedStatement, ...]
    held: tuple[HeldBack, ...]

    @property
    def lines(self) -> Iterator[tuple[ProposedStatement, ProposedLine]]:
        """Each line with its statement."""
        return ((statement, line) for statement in self.statements for line in statement.lines)

    @property
    def total(self) -> int:
        """What all statements come to, in pence."""
        return sum(statement.total for statement in self.statements)

    @property
    def half_days(self) -> int:
        """What all statements come to."""
        return sum(statement.half_days for statement in self.statements)

    @property
    def digest(self) -> str:
        """Changes when anything changes that would stand on a statement: what was seen is what is approved."""
        seen = hashlib.sha256()
        for statement in self.statements:
            said = (statement.school.pk, statement.method, statement.recipient, statement.period)
            seen.update(repr((said, [line.says for line in statement.lines])).encode())
        return seen.hexdigest()


def propose(
    period: Period, *, champions: QuerySet[Champion] | None = None, home_schools: QuerySet[School] | None = None
) -> Proposal:
    """What is owed for the days of a period and on no statement yet, in seven queries at most.

    Of some `champions` or `home_schools` alone, where they are given.
    """
    if home_schools is not None:
        champions = Champion.objects.filter(lendings__school__in=home_schools)
    facts, paid = Facts(period, champions), payees()
    only = None if home_schools is None else set(home_schools.order_by().values_list("pk", flat=True))
    lines: dict[tuple[int, FinancialYear], list[ProposedLine]] = defaultdict(list)
    held: list[tuple[Day, Held, int | None]] = []
    rates = reimbursement_rates()
    for day, given in facts:
        found = owing(given, rates=rates, payable=paid)
        before = facts.accounts[day.pk].lines if found.lines else 0
        for place, owed in enumerate(found.lines):
            lines[owed.home, FinancialYear.containing(day.happens_on)].append(ProposedLine(day, owed, before + place))
        held += [(day, each, given.home) for each in found.held]
    statements = [
        ProposedStatement(paid[home], _part(period, year), tuple(rows))
        for (home, year), rows in lines.items()
        if only is None or home in only
    ]
    statements.sort(key=lambda each: (each.school.name, each.school.pk, each.period.first_day))
    return Proposal(period, tuple(statements), _held(held, only))


def _part(period: Period, year: FinancialYear) -> Period:
    """The days of the period that are in one financial year: a statement never spans two."""
    return Period(max(period.first_day, year.first_day), min(period.last_day, year.last_day))


def _held(rows: list[tuple[Day, Held, int | None]], only: set[int] | None) -> tuple[HeldBack, ...]:
    wanted = [row for row in rows if only is None or row[2] in only]
    homes = School.objects.in_bulk({home for _, _, home in wanted if home}) if wanted else {}
    return tuple(HeldBack(day, each.code, each.reason, homes.get(home) if home else None) for day, each, home in wanted)
