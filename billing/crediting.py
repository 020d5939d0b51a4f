"""What a credit note would say, and what becomes of the support on it, each with its reason (M12). Never stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from billing.credits import Billed, Left, Note, Part, credit, left_of, totals_of
from billing.models import CreditReason, Invoice, InvoiceLine
from billing.outcomes import Outcome, outcomes_of
from billing.totals import Totals
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.models import Service

BROKERAGE = "brokerage"


@dataclass(frozen=True)
class OpenLine:
    """A line of which something is left to be credited."""

    line: InvoiceLine
    left: Left


@dataclass(frozen=True)
class ProposedCredit:
    """A credit note to be: lines that stand on no document yet, totals, and what follows for each delivery."""

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    totals: Totals
    outcomes: tuple[Outcome, ...]

    @property
    def balance(self) -> int:
        """What is left to pay afterwards, in pence; below nought where more was paid. Needs `with_balance()`."""
        return self.invoice.balance - self.totals.gross

    @property
    def overpaid(self) -> int:
        """By how much more was paid than stays billed, in pence."""
        return max(0, -self.balance)

    @property
    def digest(self) -> str:
        """Changes when anything changes that was shown: what was seen is what is issued."""
        lines = [line.says(refers_to=line.refers_to_id, part=line.part) for line in self.lines]
        said = (lines, self.totals, self.balance, [(each.delivery.pk, each.sentence) for each in self.outcomes])
        return hashlib.sha256(repr(said).encode()).hexdigest()


def open_lines(invoice: Invoice) -> list[OpenLine]:
    """The lines that somebody can credit. A line that follows another one's days goes with that one."""
    lines, notes = _facts(invoice)
    billed = _billed(lines)
    found = (OpenLine(line, left_of(each, notes)) for line, each in zip(lines, billed, strict=True) if not each.follows)
    return [each for each in found if each.left.is_open]


def propose_credit(invoice: Invoice, half_days: Mapping[int, int | None], *, reason: str) -> ProposedCredit:
    """What crediting so many half days of these lines would issue and do; None is all that is left of a line.

    Raises Refusal for more than is left, for nothing, and where the reason asks for whole lines.
    """
    lines, notes = _facts(invoice)
    billed = _billed(lines)
    try:
        note = credit(billed, notes, half_days)
    except ValueError as problem:
        raise Refusal(str(problem)) from None
    left = {each.key: left_of(each, [*notes, note]) for each in billed}
    outcomes = outcomes_of(lines, note, left, CreditReason(reason))
    by_key = {line.pk: line for line in lines}
    credited = (_credited(by_key[part.key], part, place, notes) for place, part in enumerate(note, start=1))
    return ProposedCredit(invoice, tuple(credited), totals_of(billed, [*notes, note]), tuple(outcomes))


def _facts(invoice: Invoice) -> tuple[list[InvoiceLine], list[Note]]:
    """The invoice's lines, and its credit notes in the order in which they were issued. Two queries."""
    wanted = ("delivery__service", "delivery__school")
    lines = list(invoice.lines.select_related(*wanted).order_by("position"))
    credited = InvoiceLine.objects.filter(refers_to__invoice=invoice).order_by("invoice_id", "position")
    by_note = groupby(credited, key=lambda line: line.invoice_id)
    return lines, [tuple(_part(line) for line in note) for _, note in by_note]


def _part(line: InvoiceLine) -> Part:
    return Part(line.refers_to_id or 0, line.half_days, line.net, line.is_rest)


def _billed(lines: Sequence[InvoiceLine]) -> list[Billed]:
    """The lines as the rule wants them; brokerage follows the champion's days of the same delivery (M5)."""
    keys = {line.source_key: line.pk for line in lines}
    return [
        Billed(line.pk, line.half_days, line.net, line.vat_percent, keys.get(_leader(line.source_key)))
        for line in lines
    ]


def _leader(source_key: str) -> str:
    delivery, _, part = source_key.rpartition("-")
    return f"{delivery}-champion" if part == BROKERAGE else ""


def _credited(line: InvoiceLine, part: Part, position: int, notes: Iterable[Note]) -> InvoiceLine:
    """The line of the credit note: what the invoice's line says, of so much of it."""
    is_part = line.unit == Service.Unit.DAYS and part.half_days < line.half_days
    whole = f"{days_text(line.half_days)} {'day' if line.half_days == 2 else 'days'}"
    of = f"{days_text(part.half_days)} of {whole} billed: " if is_part else ""
    said = line.says(
        position=position, half_days=part.half_days, net=part.net, description=f"{of}{line.description}"[:300]
    )
    turn = 1 + sum(each.key == part.key for note in notes for each in note)
    return InvoiceLine(refers_to=line, part=turn, is_rest=part.is_rest, **said)
