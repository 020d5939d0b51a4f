"""The register of champions."""

from __future__ import annotations

import re

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import Champion, ChampionType, Lending

NUMBERED = re.compile(r"CH(\d+)")


def suggested_code() -> str:
    """The next free code of the kind CH01."""
    codes = Champion.objects.filter(code__startswith="CH").values_list("code", flat=True)
    taken = [int(match[1]) for code in codes if (match := NUMBERED.fullmatch(code))]
    return f"CH{max(taken, default=0) + 1:02d}"


@transaction.atomic
def register_champion(
    *,
    code: str,
    name: str,
    champion_type: ChampionType,
    home_school: School,
    email: str = "",
    request_key: str = "",
    by: User,
) -> Champion:
    """Put a person lent by a home school on the register. Who signs in with the same email sees the deployments.

    The same `request_key` again returns the champion that it registered. Raises Refusal for a code or a person that
    is on the register already.
    """
    champion = Champion(
        code=code, name=name, type=champion_type, home_school=home_school, email=email, request_key=request_key
    )
    return once(champion, lambda: _register(champion, by))


def _register(champion: Champion, by: User) -> Champion:
    code = champion.code
    if Champion.objects.filter(code__iexact=code).exists():
        raise Refusal(f"{code} is another champion’s code. The next free one is {suggested_code()}.", field="code")
    champion.user = _user_of(champion.email)
    champion.save()
    Lending.objects.create(champion=champion, school=champion.home_school)
    urn = champion.home_school_id
    record("champion.registered", champion, by=by, school_urn=urn, code=code, type=champion.type.code)
    record_person(champion, None, by=by)
    return champion


@transaction.atomic
def change_champion(
    champion: Champion,
    *,
    name: str,
    champion_type: ChampionType,
    home_school: School,
    email: str,
    is_active: bool,
    by: User,
) -> Champion:
    """Correct an entry. Deliveries keep the type that the champion had on their day (S10)."""
    before = {"name": champion.name, "type": champion.type.code, "home": champion.home_school_id}
    person = Champion.objects.select_for_update(no_key=True).get(pk=champion.pk).user_id
    champion.user_id = person  # whoever has signed in since stays joined
    champion.name, champion.type, champion.home_school = name, champion_type, home_school
    if email.casefold() != champion.email.casefold():
        champion.email, champion.user = email, _user_of(email, champion)
    champion.is_active = is_active
    champion.save()
    record("champion.changed", champion, by=by, school_urn=home_school.pk, before=before, is_active=is_active)
    record_person(champion, person, by=by)
    return champion


def record_person(champion: Champion, before: int | None, *, by: User | None) -> None:
    """Write down who sees this champion's deployments from now on, and who does not any more (A3).

    `before` is the person's number as it was.
    """
    urn = champion.home_school_id
    if before and before != champion.user_id:
        record("champion.parted", champion, by=by, school_urn=urn, user=before)
    if champion.user_id and before != champion.user_id:
        record("champion.linked", champion, by=by, school_urn=urn, user=champion.user_id)


@transaction.atomic
def join_champion(person: User, *, by: User | None) -> Champion | None:
    """Let whoever signs in with the email of a champion on the register see that champion's deployments.

    None, and nothing is changed, where that is settled already, and where two champions have this email: an
    administrator says which of them it is.
    """
    if Champion.objects.filter(user=person).exists():
        return None
    alike = list(Champion.objects.filter(email__iexact=person.email)[:2])
    if len(alike) != 1 or not Champion.objects.filter(pk=alike[0].pk, user=None).update(user=person):
        return None
    champion = alike[0]
    champion.user = person
    record_person(champion, None, by=by)
    return champion


def _user_of(email: str, champion: Champion | None = None) -> User | None:
    """Who signs in with this email, unless that person is another champion already."""
    user = User.objects.filter(email__iexact=email).first() if email else None
    others = Champion.objects.filter(user=user).exclude(pk=champion.pk if champion else 0)
    if user and others.exists():
        raise Refusal(f"{user.email} signs in as another champion.", field="email")
    return user
