"""Booking several days at once, moving one, calling one off: what a champion and the broker do with a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.money import percent_of, pounds
from sidebyside.refusals import Refusal
from support.actions.checks import DayTaken
from support.actions.confirming import cancel_delivery, check_may_take_back
from support.actions.deliveries import move_delivery, plan_day
from support.actions.writing import was_done
from support.beyond import Answer, Beyond, BeyondAllowance, day_rate
from support.entitlements import DAYS, amount_text
from support.letters import tell_of_cancelling, tell_of_move
from support.models import Champion, Delivery, Deployment

BOOKED = "deployment.days_booked"


class DaysRefused(Refusal):
    """Some of the days cannot be booked, so none is: `errors` says why of each. `asks_why` when a leader may say why
    they stand all the same.
    """

    def __init__(self, errors: dict[date, str], *, asks_why: bool) -> None:
        super().__init__("Nothing was booked. " + " ".join(errors.values()))
        self.errors, self.asks_why = errors, asks_why


@transaction.atomic
def book_days(
    deployment: Deployment, *, days: Sequence[date], half_days: int, by: User, on: date, summary: str = "",
    answer: Answer | None = None, override: str = "", request_key: str = "",
) -> int:  # fmt: skip
    """Book all of these days, each of the same length, or none; returns how many.

    Raises DaysRefused with the error of each day, and `BeyondAllowance` once for the lot (O13). The same
    `request_key` again books nothing more.
    """
    chosen = sorted(set(days))
    if not chosen:
        raise Refusal("Choose at least one day.")
    Champion.objects.select_for_update(no_key=True).get(pk=deployment.champion_id)
    if was_done(BOOKED, f"deployment:{deployment.pk}", request_key):
        return len(chosen)
    refused: dict[date, Refusal] = {}
    asked: dict[date, BeyondAllowance] = {}
    for day in chosen:
        try:
            if day < on:
                raise Refusal("This day is over. Log it instead.")
            plan_day(
                deployment, happens_on=day, half_days=half_days, by=by, on=on, answer=answer, override=override,
                summary=summary,
            )  # fmt: skip
        except BeyondAllowance as beyond:
            asked[day] = beyond
        except Refusal as refusal:
            refused[day] = refusal
    if refused:
        asks_why = any(isinstance(each, DayTaken) and each.field == "override" for each in refused.values())
        raise DaysRefused({day: each.sentence for day, each in refused.items()}, asks_why=asks_why)
    if asked:
        raise _of_the_lot(asked, deployment, half_days)
    dates = [day.isoformat() for day in chosen]
    urn = deployment.school_id
    record(BOOKED, deployment, by=by, school_urn=urn, days=dates, half_days=half_days, request_key=request_key)
    return len(chosen)


@transaction.atomic
def move_day(
    delivery: Delivery, *, happens_on: date, by: User, on: date, why: str = "", answer: Answer | None = None,
    override: str = "",
) -> Delivery:  # fmt: skip
    """Give a champion's booked day another date; the supported school gets a mail. Raises as `plan_delivery` does."""
    _check_is_a_day(delivery, by)
    moved_from = delivery.happens_on
    if happens_on == moved_from:
        raise Refusal("It is booked for this date already. Choose another.", field="happens_on")
    if happens_on < on:
        raise Refusal("This date is over. Choose one that is to come, or cancel the day.", field="happens_on")
    move_delivery(delivery, happens_on=happens_on, by=by, on=on, why=why, answer=answer, override=override)
    count = moves_of(delivery)
    tell_of_move(delivery, moved_from, cause=f"day-moved-{delivery.pk}-{count}", on=on)
    return delivery


@transaction.atomic
def cancel_day(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Call a champion's booked day off, with the reason; the school gets a mail while the day is still to come."""
    _check_is_a_day(delivery, by)
    cancel_delivery(delivery, why=why, by=by, on=on)
    if delivery.happens_on >= on:
        tell_of_cancelling(delivery, on=on)
    return delivery


def moves_of(delivery: Delivery) -> int:
    """How often it was moved so far, which names the mail about the last time."""
    return Event.objects.filter(subject=f"delivery:{delivery.pk}", verb="delivery.moved").count()


def _check_is_a_day(delivery: Delivery, by: User) -> None:
    check_may_take_back(delivery, by)
    if delivery.service.is_visit:
        raise Refusal("A visit is moved and called off on its own page, which tells the school.")


def _of_the_lot(asked: dict[date, BeyondAllowance], deployment: Deployment, half_days: int) -> BeyondAllowance:
    """The question of O13, asked once for all the days that go beyond: its price is that of all of them."""
    first = next(iter(asked.values()))
    dates = [f"{day:%-d %B %Y}" for day in asked]
    named = f"{', '.join(dates[:-1])} and {dates[-1]}" if len(dates) > 1 else dates[0]
    rates = [day_rate(deployment.champion_type, day) for day in asked]
    price = ""
    if first.beyond.price and all(rate is not None for rate in rates):
        total = sum(percent_of(rate or 0, Decimal(50) * half_days) for rate in rates)
        price = f"{pounds(total)} ({amount_text(half_days * len(rates), DAYS)})"
    beyond = Beyond(first.beyond.excesses, price, first.beyond.agreed_over, first.beyond.agreed)
    of_these = f"{named} {'goes' if len(dates) == 1 else 'go'} beyond what is left."
    has_answer = first.sentence != f"{first.beyond.sentence} Say what should happen."
    sentence = first.sentence if has_answer else f"{of_these} {first.sentence}"
    return BeyondAllowance(beyond, sentence, field=first.field or "way")
