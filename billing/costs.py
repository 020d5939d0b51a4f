"""What a school's support of one academic year has cost, costs or will cost, and why (O14, A2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from billing.charges import Charge
from billing.models import Invoice, InvoiceLine, RunLine
from billing.proposing import HeldBack, ProposedLine, proposal_of
from billing.unbilled import PRICED_WITH
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear, FinancialYear, Period
from support.models import Delivery

INVOICED, APPROVED, OPEN, HELD, FREE = "Invoiced", "Approved", "To be invoiced", "Held back", "Nothing to pay"


@dataclass(frozen=True)
class CostLine:
    """One charge: its net in pence, and the sentences that explain it; days and net are less what was `credited`."""

    description: str
    half_days: int
    charge_percent: Decimal
    is_by_day: bool
    net: int
    reason: str
    vat_percent: Decimal | None = None
    vat_reason: str = ""
    credited: int = 0

    @property
    def billed(self) -> int:
        """What it cost before any of it was credited, in pence."""
        return self.net + self.credited


@dataclass(frozen=True)
class Cost:
    """One delivery: how far its price has come, its charges, and why it costs nothing or is held back."""

    delivery: Delivery
    status: str
    lines: tuple[CostLine, ...] = ()
    why: str = ""
    held: HeldBack | None = None
    invoice: str = ""
    may_open: bool = False

    @property
    def net(self) -> int:
        """What it costs without VAT, in pence."""
        return sum(line.net for line in self.lines)


@dataclass(frozen=True)
class Sum:
    """What the charges of one financial year and share of the day rate come to; `percent` None for other prices."""

    financial_year: FinancialYear
    percent: Decimal | None
    half_days: int
    net: int
    invoiced: int


def costs_of(school: School, year: AcademicYear, *, user: User) -> list[Cost]:
    """Each delivered piece of support of the year, by date, in five queries, or six where categories differ.

    What a run has taken is shown as it was approved, everything else as it would be invoiced today.
    """
    deliveries = list(
        Delivery.objects.delivered().with_dispute().filter(school=school).in_year(year).select_related(*PRICED_WITH)
        .order_by("happens_on", "id")
    )  # fmt: skip
    taken = _taken(school, year, user)
    unbilled = [delivery for delivery in deliveries if delivery.pk not in taken]
    priced = _priced(Period(year.first_day, year.last_day), unbilled)
    return [_frozen(each, taken[each.pk]) if each.pk in taken else priced[each.pk] for each in deliveries]


def _taken(school: School, year: AcademicYear, user: User) -> dict[int, list[RunLine]]:
    """The approved lines of each delivery, with the invoice that they became and whether the person may open it."""
    own = Invoice.objects.visible_to(user).filter(run_item=OuterRef("item"))
    lines = RunLine.objects.standing().filter(school=school, delivered_on__range=(year.first_day, year.last_day))
    found: dict[int, list[RunLine]] = defaultdict(list)
    credited = {"credited": _credited("net"), "credited_half_days": _credited("half_days")}
    lines = lines.select_related("item__invoice").defer("item__invoice__supplier")
    for line in lines.annotate(may_open=Exists(own), **credited):
        found[line.delivery_id].append(line)
    return found


def _credited(column: str) -> Coalesce:
    """What the credit notes took back of the line that an approved one became (M12)."""
    of = {"refers_to__invoice__run_item": OuterRef("item"), "refers_to__position": OuterRef("position")}
    rows = InvoiceLine.objects.filter(**of).order_by().values("refers_to").annotate(sum=models.Sum(column))
    return Coalesce(Subquery(rows.values("sum")), 0)


def _frozen(delivery: Delivery, lines: Sequence[RunLine]) -> Cost:
    invoice = getattr(lines[0].item, "invoice", None)
    return Cost(
        delivery,
        INVOICED if invoice else APPROVED,
        tuple(_still_billed(line) for line in lines),
        invoice=invoice.number if invoice else "",
        may_open=lines[0].may_open,  # type: ignore[attr-defined]
    )


def _still_billed(line: RunLine) -> CostLine:
    """An approved line less what was credited of it."""
    said, credited = _line(line, line.vat_percent, line.vat_reason), line.credited  # type: ignore[attr-defined]
    half_days = line.half_days - line.credited_half_days  # type: ignore[attr-defined]
    return replace(said, net=line.net - credited, half_days=half_days, credited=credited)


def _priced(period: Period, deliveries: Sequence[Delivery]) -> dict[int, Cost]:
    proposal = proposal_of(period, deliveries)
    proposed: dict[Delivery, list[ProposedLine]] = defaultdict(list)
    for line in (line for invoice in proposal.invoices for line in invoice.lines):
        proposed[line.delivery].append(line)
    found = [
        Cost(delivery, OPEN, tuple(_line(each.charge, each.vat_percent, each.vat_reason) for each in lines))
        for delivery, lines in proposed.items()
    ]
    found += [
        Cost(held.delivery, HELD, tuple(_line(charge) for charge in held.charges), held.reason, held)
        for held in proposal.held
    ]
    found += [Cost(free.delivery, FREE, why=free.reason) for free in proposal.free]
    return {cost.delivery.pk: cost for cost in found}


def _line(charge: Charge | RunLine, vat_percent: Decimal | None = None, vat_reason: str = "") -> CostLine:
    return CostLine(
        charge.description,
        charge.half_days,
        charge.charge_percent,
        charge.day_rate is not None,
        charge.net,
        charge.reason,
        vat_percent,
        vat_reason,
    )


def sums_of(costs: Iterable[Cost]) -> list[Sum]:
    """What the year comes to, by financial year and charge band, in their order (M3, M4)."""
    found: dict[tuple[FinancialYear, Decimal | None], list[tuple[Cost, CostLine]]] = defaultdict(list)
    for cost in costs:
        for line in cost.lines:
            percent = line.charge_percent if line.is_by_day else None
            found[FinancialYear.containing(cost.delivery.happens_on), percent].append((cost, line))
    ordered = sorted(found.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1] or 0))
    return [
        Sum(
            year,
            percent,
            sum(line.half_days for _, line in rows),
            sum(line.net for _, line in rows),
            sum(line.net for cost, line in rows if cost.status == INVOICED),
        )
        for (year, percent), rows in ordered
    ]
