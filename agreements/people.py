"""Who is asked to agree: the heads of the two schools, as the portal knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schools.models import Membership, School


@dataclass(frozen=True)
class Person:
    """Somebody with a name and an address; whether they can sign in does not matter."""

    name: str
    email: str


def head_of(school: School, on: date) -> Person | None:
    """Who holds the head's post at a school on a day; None where nobody signs in for it."""
    posts = Membership.objects.filter(school=school, post=Membership.Post.HEAD, user__is_active=True).held_on(on)
    post = posts.select_related("user").order_by("-started_on", "-pk").first()
    return Person(post.user.name, post.user.email) if post else None


def heads_of(urns: set[int], on: date) -> dict[int, Person]:
    """`head_of` for some schools, in one query."""
    posts = Membership.objects.filter(school__in=urns, post=Membership.Post.HEAD, user__is_active=True).held_on(on)
    found = posts.select_related("user").order_by("started_on", "pk")
    return {post.school_id: Person(post.user.name, post.user.email) for post in found if post.school_id}
