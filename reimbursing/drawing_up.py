"""Turns approved lines into the document that is printed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reimbursing.documents import Advice, Line
from reimbursing.models import Method, StatementItem, StatementLine
from sidebyside.council.models import Council
from sidebyside.years import FinancialYear


def draw_up(item: StatementItem, lines: Sequence[StatementLine], council: Council, *, number: str, on: date) -> Advice:
    """The statement of an item, under its number, dated `on`. School and lines are those that were approved."""
    return Advice(
        number=number,
        issued_on=on,
        first_day=item.first_day,
        last_day=item.last_day,
        financial_year=str(FinancialYear.containing(item.first_day)),
        is_academy=item.method == Method.BANK,
        council=council.name,
        council_address=tuple(council.address.splitlines()),
        email=council.finance_email,
        phone=council.telephone,
        school=item.recipient["name"],
        urn=item.school_id,
        school_address=tuple(item.recipient["address"]),
        lines=tuple(_line(line) for line in lines),
        total=sum(line.amount for line in lines),
    )


def _line(line: StatementLine) -> Line:
    return Line(
        delivered_on=line.delivered_on,
        supported=line.supported_name,
        urn=line.supported_id,
        description=line.description,
        half_days=line.half_days,
        rate=line.rate,
        amount=line.amount,
        reason=line.reason,
    )
