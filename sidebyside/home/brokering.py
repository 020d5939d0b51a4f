"""What waits for the broker, in one query: agreements that do not go on by themselves, and needs to match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import CharField, F, Value
from django.urls import reverse
from django.utils.formats import date_format

from agreements.models import Agreement
from brokering.models import Need
from sidebyside.accounts.models import User
from sidebyside.home.parts import SHOWN, Section, Task
from support.entitlements import DAYS, amount_text

NEED = "need"
READ = 100  # rows: far more than are shown of both


@dataclass
class Business:
    """The lines of both lists."""

    needs: list[Task] = field(default_factory=list)
    agreements: list[Task] = field(default_factory=list)

    def sections(self) -> Sequence[Section]:
        """Needs first, for somebody waits; then what was declined, or has run into silence."""
        all_needs = f"{reverse('need_list')}?state=open"
        nothing_stopped = "None was declined of late, and no link has ended unused."
        return [
            Section(
                "Needs without a champion",
                self.needs[:SHOWN],
                "Nobody waits for a champion.",
                all_needs,
                "All open needs",
            ),
            Section(
                "Agreements that have stopped",
                self.agreements[:SHOWN],
                nothing_stopped,
                reverse("agreement_list"),
                "All agreements",
            ),
        ]


def business_of(user: User, *, at: datetime) -> Business:
    """What this broker is to do."""
    columns = ("kind", "pk", "label", "at_school", "starts_on", "half_days")
    needs = Need.objects.visible_to(user).open().order_by()
    needs = needs.annotate(kind=Value(NEED, CharField()), label=F("what"), at_school=F("school__name"))
    stopped = Agreement.objects.visible_to(user).needing_the_broker(at).order_by()
    stopped = stopped.annotate(kind=F("state"), label=F("champion_name"), at_school=F("school_name"))
    rows = stopped.values_list(*columns).union(needs.values_list(*columns), all=True)
    found = Business()
    for kind, *rest in rows.order_by("starts_on", "pk")[:READ]:
        if kind == NEED:
            found.needs.append(_need(*rest))
        else:
            found.agreements.append(_agreement(kind, *rest))
    return found


def _need(pk: int, what: str, school: str, starts_on: date, half_days: int) -> Task:
    hint = f"{school}: {amount_text(half_days, DAYS)}, from {date_format(starts_on)}"
    return Task(what, reverse("need_detail", args=[pk]), hint, "Open", "yellow")


def _agreement(state: str, pk: int, champion: str, school: str, _starts_on: date, _half_days: int) -> Task:
    is_open = state == Agreement.State.OPEN
    hint = "A link has ended unused: send a new one" if is_open else "Read why, and look for another way"
    status, colour = ("No answer", "yellow") if is_open else ("Declined", "orange")
    return Task(f"{champion} at {school}", reverse("agreement_detail", args=[pk]), hint, status, colour)
