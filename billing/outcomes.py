"""What a credit note makes of the support that it credits: shortened, withdrawn, or free to be billed again (M12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from billing.credits import Left, Note, Part
from billing.models import CreditReason, InvoiceLine
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.models import Delivery, Service

ABOUT_THE_BILL = (CreditReason.WRONG_PRICE, CreditReason.WRONG_CUSTOMER)
WHOLE_LINES = (
    "Where the price or the account was wrong, whole lines are credited, so that they can be billed right. "
    "Choose all that is left of each line, or another reason."
)
AGAIN = (
    "stays in the record. The next invoice run of its days proposes it again, at its price and to its account of then."
)

WITHDRAWN = "is withdrawn: it uses no allowance and is not billed. What really took place is logged anew."


class Deed(Enum):
    """What follows for a delivery."""

    SHORTEN = auto()
    WITHDRAW = auto()
    TAKE_CHAMPION_OFF = auto()
    BILL_AGAIN = auto()


@dataclass(frozen=True)
class Outcome:
    """What becomes of one delivery: the deed, the half days that remain of it, and the words that follow its name."""

    delivery: Delivery
    deed: Deed
    half_days: int
    sentence: str


def outcomes_of(
    lines: Sequence[InvoiceLine], note: Note, left: Mapping[int, Left], reason: CreditReason
) -> list[Outcome]:
    """What becomes of each delivery of which the note credits something; `left` is what is left of each line then.

    A reason about the bill leaves the support as it is. Any other says that the support was not given as billed.
    Raises Refusal where the one asks for whole lines, or the other for all lines of a visit.
    """
    parts = {part.key: part for part in note}
    by_delivery: dict[Delivery, list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        by_delivery[line.delivery].append(line)
    if reason in ABOUT_THE_BILL and not all(part.is_rest for part in note):
        raise Refusal(WHOLE_LINES)
    credited = {delivery: those for delivery, those in by_delivery.items() if any(line.pk in parts for line in those)}
    if reason in ABOUT_THE_BILL:
        return [Outcome(delivery, Deed.BILL_AGAIN, delivery.half_days, AGAIN) for delivery in credited]
    return [_corrected(delivery, those, parts, left) for delivery, those in credited.items()]


def _corrected(
    delivery: Delivery, lines: Sequence[InvoiceLine], parts: Mapping[int, Part], left: Mapping[int, Left]
) -> Outcome:
    """The support as it was: a part of a champion's days goes down; what is credited whole is withdrawn."""
    by_day = next((line for line in lines if line.unit == Service.Unit.DAYS and line.pk in parts), None)
    if by_day and not parts[by_day.pk].is_rest:
        remain = left[by_day.pk].half_days
        days = f"{days_text(remain)} {'day' if remain == 2 else 'days'}"
        return Outcome(delivery, Deed.SHORTEN, remain, f"is shortened to {days}, which stay billed.")
    is_only_attended = by_day and delivery.service.unit != Service.Unit.DAYS
    if is_only_attended and not any(line.unit != Service.Unit.DAYS and line.pk in parts for line in lines):
        return Outcome(delivery, Deed.TAKE_CHAMPION_OFF, 0, "stays in the record, without the champion.")
    if any(left[line.pk].is_open for line in lines):
        raise Refusal(
            f"The champion’s time at the {delivery.service} of {delivery.happens_on:%-d %B %Y} is billed on a line of "
            "its own. Credit both lines, or say that the price was wrong."
        )
    return Outcome(delivery, Deed.WITHDRAW, 0, WITHDRAWN)
