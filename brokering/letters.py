"""Mails about needs: that there is one, at which school, and what became of it; never why (design, section 4)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from brokering.models import Need
from schools.models import Membership
from sidebyside.council.models import Council
from sidebyside.mail.actions import post


def tell_team(need: Need) -> None:
    """Write to the team that a school needs support. Nobody before the council is set up."""
    if council := Council.objects.first():
        _post(need, council, "need_asked", to=[council.email], subject=f"Support is asked for at {need.school}")


def tell_school(need: Need, *, on: date) -> int:
    """Write that a need was declined to who asked and to those who read it at the school; how many they are."""
    posts = Membership.objects.filter(school=need.school).held_on(on).select_related("user")
    people = {each.user for each in posts} | {need.asked_by}
    to = sorted({each.email for each in people if each.is_active and each.may("brokering.view_need")})
    if to:
        _post(need, Council.objects.first(), "need_declined", to=to, subject=f"About the support for {need.school}")
    return len(to)


def _post(need: Need, council: Council | None, template: str, *, to: list[str], subject: str) -> None:
    about = {"need": need, "council": council, "url": f"{settings.SITE_URL}{need.get_absolute_url()}"}
    body = render_to_string(f"brokering/emails/{template}.txt", about)
    post(f"{template.replace('_', '-')}-{need.pk}", to=to, subject=subject, body=body)
