"""Mails about visits. They say who and when, and that there is a note: never what it says (design, section 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from schools.models import Membership, School
from sidebyside.accounts.models import User
from sidebyside.council.models import displayed_council
from sidebyside.mail.actions import post
from visits.models import NoteAnswer, Visit


def readers_at(school: School, *, on: date) -> list[User]:
    """Those who sign in for a school on a day and may read its visits."""
    posts = Membership.objects.filter(school=school).held_on(on).select_related("user")
    return list({each.user for each in posts if each.user.may("visits.view_visit")})


def tell_school(visit: Visit, template: str, *, cause: str, subject: str, on: date, **words: Any) -> int:
    """Write to everybody at the school who may read its visits; how many they are, which may be nobody.

    `cause` names what happened once and for all, such as `note-shared-7`.
    """
    people = readers_at(visit.delivery.school, on=on)
    if people:
        _post(cause, [person.email for person in people], subject, template, visit, words)
    return len(people)


def tell_adviser(visit: Visit, answer: NoteAnswer, *, also: User) -> None:
    """Write to the visit's adviser, and to whoever shared the note, that the school has answered."""
    people = {person.email for person in (visit.delivery.adviser, also) if person and person.is_active}
    if people:
        subject = f"{visit.delivery.school} has answered your note"
        _post(f"note-answered-{answer.pk}", sorted(people), subject, "note_answered", visit, {})


def _post(cause: str, to: list[str], subject: str, template: str, visit: Visit, words: dict[str, Any]) -> None:
    about = {
        "visit": visit,
        "delivery": visit.delivery,
        "council": displayed_council(),
        "url": f"{settings.SITE_URL}{visit.get_absolute_url()}",
    }
    post(cause, to=to, subject=subject[:200], body=render_to_string(f"visits/emails/{template}.txt", about | words))
