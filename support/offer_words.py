"""An offer in plain words: what each category gets, and what it costs (O3, O4, O5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schools.models import Category
from schools.sectors import Sector
from sidebyside.money import pounds
from support.entitlements import DAYS, amount_text
from support.models import OfferLine, Service

Basis, Charge, HlvUse = OfferLine.Basis, OfferLine.Charge, OfferLine.HlvUse
CHARGES = {
    Charge.UNSET: "Talk to us about the price",
    Charge.FREE: "Free",
    Charge.DAY_RATE: "The day rate of the champion’s type, at the share that schools pay on that day",
    Charge.AGREED: "A price that we agree with your school’s leaders each time",
}
USES = {
    HlvUse.CHAMPION_ATTENDS: "A champion who attends a Headline Visit uses these days.",
    HlvUse.EVERY_HLV: "Every Headline Visit uses {} of these.",
}


@dataclass(frozen=True)
class Cell:
    """What one category gets."""

    category: str
    text: str


@dataclass
class Row:
    """One service or pool of one sector: a cell for each category, or one for them all."""

    name: str
    description: str
    price: str
    cells: list[Cell] = field(default_factory=list)
    for_all: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Table:
    """What one sector gets."""

    sector: str
    title: str
    categories: list[Category]
    rows: list[Row]
    is_priced: bool


def unit_of(line: OfferLine) -> str:
    """What the line's amounts count."""
    services = line.covered()
    return services[0].unit if services else Service.Unit.DAYS


def line_words(line: OfferLine) -> str:
    """What a line gives: `up to 9 days`, `a programme, with no fixed number`."""
    if line.basis == Basis.NUMBER:
        amount = amount_text(line.allowance or 0, unit_of(line))
        return f"up to {amount}" if unit_of(line) == DAYS else amount  # O5: days are a ceiling, not a promise
    if line.basis == Basis.NOT_LIMITED:
        return "a programme, with no fixed number" if line.category else "as needed, with no fixed number"
    if line.basis == Basis.PER_APPOINTMENT:
        return "one for each new headteacher"
    return {Charge.FREE: "none", Charge.UNSET: "on request"}.get(Charge(line.charge), "to buy")


def price_words(line: OfferLine) -> str:
    """What a delivery costs the school (M2, M3, M6)."""
    return f"{pounds(line.fixed_price)} each" if line.fixed_price is not None else CHARGES[Charge(line.charge)]


def tables_of(lines: Iterable[OfferLine], categories: list[Category]) -> list[Table]:
    """A table for each sector that the offer has lines for."""
    lines = list(lines)
    found = []
    for sector, title in ((Sector.MAINTAINED, "Maintained schools"), (Sector.ACADEMY, "Academies and free schools")):
        own = [line for line in lines if line.sector == sector]
        if own:
            named = {line.category_id for line in own if line.category_id}
            columns = [category for category in categories if category.pk in named]
            is_priced = any(line.charge != Charge.FREE for line in own)
            found.append(Table(sector, title, columns, list(_rows(own, columns)), is_priced))
    return found


def _rows(lines: list[OfferLine], categories: list[Category]) -> Iterable[Row]:
    grouped: dict[str, list[OfferLine]] = {}
    for line in lines:
        grouped.setdefault(line.target.code, []).append(line)
    for group in grouped.values():
        description = " ".join(service.description for service in group[0].covered())
        row = Row(group[0].target.name, description, price_words(group[0]))
        by_category = {line.category_id: line_words(line) for line in group}
        if set(by_category) == {None}:
            row.for_all = by_category[None]
        else:
            rest = by_category.get(None, "none")
            row.cells = [Cell(each.name, by_category.get(each.pk, rest)) for each in categories]
        row.notes = list(dict.fromkeys(note for line in group for note in _notes(line)))
        yield row


def _notes(line: OfferLine) -> Iterable[str]:
    if line.note:
        yield line.note
    if line.hlv_use != HlvUse.NEVER:
        yield USES[HlvUse(line.hlv_use)].format(amount_text(line.hlv_half_days, DAYS))
    if line.late_start_after and line.late_use_until:
        yield (
            f"A head who starts after {line.late_start_after:%-d %B %Y} may use it until "
            f"{line.late_use_until:%-d %B %Y}."
        )
