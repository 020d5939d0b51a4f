"""How many half days a champion can give in each half term."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.council.models import HalfTerm
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.agreements import working_half_days
from support.models import Availability, Champion


@transaction.atomic
def set_availability(champion: Champion, said: Mapping[HalfTerm, int | None], *, by: User) -> int:
    """Write down the half days that a champion can give in half terms; None takes out what was said.

    Returns how many half terms changed. Raises Refusal for more than a half term has working days.
    """
    Champion.objects.select_for_update(no_key=True).get(pk=champion.pk)
    for term, half_days in said.items():
        if half_days is not None and half_days > (most := working_half_days(term.first_day, term.last_day)):
            raise Refusal(f"{term.name} has only {days_text(most)} working days.", field=field_of(term))
    before = dict(champion.availabilities.filter(half_term__in=said).values_list("half_term", "half_days"))
    changed = {term: half_days for term, half_days in said.items() if before.get(term.pk) != half_days}
    champion.availabilities.filter(half_term__in=changed).delete()
    Availability.objects.bulk_create(
        Availability(champion=champion, half_term=term, half_days=half_days)
        for term, half_days in changed.items()
        if half_days is not None
    )
    if changed:
        now = {str(term): [before.get(term.pk), half_days] for term, half_days in changed.items()}
        record("champion.availability_said", champion, by=by, school_urn=champion.home_school_id, half_days=now)
    return len(changed)


def field_of(term: HalfTerm) -> str:
    """The form's field for a half term."""
    return f"term_{term.pk}"
