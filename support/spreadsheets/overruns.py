"""What a spreadsheet of deliveries takes beyond the schools' allowances: it goes in, and is said beforehand (O13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from schools.models import School
from sidebyside.sheets import Plan
from sidebyside.years import AcademicYear
from support.balances import SchoolBalances, balances_of
from support.beyond import has_a_price, tally_of
from support.entitlements import Tally, amount_text, draws, lines_for
from support.models import Delivery, OfferLine
from support.spreadsheets.deciding import Change
from support.spreadsheets.delivery_rows import DeliveryRow

MOST = 20  # sentences
Taken = list[tuple[Tally, int]]  # each with 1 for what is added, −1 for what it replaces


def overruns(plan: Plan) -> list[str]:
    """A sentence for each allowance that the file goes beyond; five queries for each academic year in the file.

    Allowances are those of the year's last day. New to Headship visits go by appointments, and are not looked at.
    """
    found = []
    for year, schools in sorted(_taken(plan).items()):
        for urn, balances in balances_of(School.objects.filter(pk__in=schools), on=year.last_day).items():
            found += [f"{year}, {sentence}" for sentence in _sentences(balances, schools[urn])]
    if not found:
        return []
    left = [f"And {len(found) - MOST:,} more."] if len(found) > MOST else []
    return ["Some rows go beyond an allowance. They go in all the same, and are not priced:", *found[:MOST], *left]


def _taken(plan: Plan) -> dict[AcademicYear, dict[int, Taken]]:
    taken: dict[AcademicYear, dict[int, Taken]] = defaultdict(lambda: defaultdict(list))
    for entry in plan.having("new") + plan.having("changed"):
        row: DeliveryRow = entry.item.wanted if isinstance(entry.item, Change) else entry.item
        facts, kind = row.facts, row.champion.type if row.champion else None
        if isinstance(entry.item, Change):
            there, facts = entry.item.delivery, entry.item.facts
            if there.funding == Delivery.Funding.BOUGHT or facts[:-1] == type(facts).of(there)[:-1]:
                continue
            former = tally_of(row.service, there.half_days, there.champion_type, there.units)
            taken[AcademicYear.containing(there.happens_on)][row.school.pk].append((former, -1))
        added = tally_of(row.service, facts.half_days, kind, facts.units)
        taken[AcademicYear.containing(facts.happens_on)][row.school.pk].append((added, 1))
    return taken


def _sentences(found: SchoolBalances, taken: Taken) -> Iterator[str]:
    if not found.school.sector:
        return
    category = found.category.name if found.category else None
    for line in lines_for(found.lines, found.school.sector.value, category):
        balance = found.balance(line.code)
        more = sum(draws(line, tally) * sign for tally, sign in taken)
        if balance is None or balance.ceiling is None or more <= 0 or has_a_price(line):
            continue
        if line.basis != OfferLine.Basis.PER_APPOINTMENT and balance.used + more > balance.ceiling:
            used, ceiling = (amount_text(amount, line.unit) for amount in (balance.used + more, balance.ceiling))
            yield f"{found.school} (URN {found.school.pk}): {balance.name}, {used} of {ceiling}."
