"""The register of champions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import Champion, ChampionType, Lending, Phase, Skill

Traits = tuple[Iterable[ChampionType], Iterable[Skill], Iterable[Phase]]
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
    by: User,
    other_types: Iterable[ChampionType] = (),
    skills: Iterable[Skill] = (),
    phases: Iterable[Phase] = (),
    email: str = "",
    half_days_a_year: int | None = None,
    lent_since: date | None = None,
    request_key: str = "",
) -> Champion:
    """Put a person lent by a home school on the register. Who signs in with the same email sees the deployments.

    `half_days_a_year` are agreed with the home school, None where nothing is; `lent_since` None where nobody knows
    since when. The same `request_key` again returns the champion that it registered. Raises Refusal for a code or a
    person that is on the register already.
    """
    champion = Champion(
        code=code, name=name, type=champion_type, home_school=home_school, email=email, request_key=request_key
    )
    lending = Lending(school=home_school, starts_on=lent_since, half_days_a_year=half_days_a_year)
    return once(champion, lambda: _register(champion, lending, (other_types, skills, phases), by))


def _register(champion: Champion, lending: Lending, traits: Traits, by: User) -> Champion:
    code = champion.code
    if Champion.objects.filter(code__iexact=code).exists():
        raise Refusal(f"{code} is another champion’s code. The next free one is {suggested_code()}.", field="code")
    champion.user = _user_of(champion.email)
    champion.save()
    _set_traits(champion, traits)
    lending.champion = champion
    lending.save()
    details: dict[str, Any] = {"code": code, "type": champion.type.code, "half_days_a_year": lending.half_days_a_year}
    record("champion.registered", champion, by=by, school_urn=champion.home_school_id, **details)
    record_person(champion, None, by=by)
    return champion


@transaction.atomic
def change_champion(
    champion: Champion,
    *,
    name: str,
    champion_type: ChampionType,
    email: str,
    is_active: bool,
    by: User,
    other_types: Iterable[ChampionType] = (),
    skills: Iterable[Skill] = (),
    phases: Iterable[Phase] = (),
) -> Champion:
    """Correct an entry; the home school has actions of its own. Deliveries keep the type of their day (S10)."""
    before = _said_of(champion)
    person = Champion.objects.select_for_update(no_key=True).get(pk=champion.pk).user_id
    champion.user_id = person  # whoever has signed in since stays joined
    champion.name, champion.type, champion.is_active = name, champion_type, is_active
    if email.casefold() != champion.email.casefold():
        champion.email, champion.user = email, _user_of(email, champion)
    champion.save()
    _set_traits(champion, (other_types, skills, phases))
    now = _said_of(champion)
    changed = {what: [value, now[what]] for what, value in before.items() if value != now[what]}
    record("champion.changed", champion, by=by, school_urn=champion.home_school_id, changed=changed)
    record_person(champion, person, by=by)
    return champion


def _set_traits(champion: Champion, traits: Traits) -> None:
    """Further types, without the main one; skills; phases."""
    types, skills, phases = traits
    champion.other_types.set([kind for kind in types if kind.pk != champion.type_id])
    champion.skills.set(skills)
    champion.phases.set(phases)


def _said_of(champion: Champion) -> dict[str, Any]:
    """What an entry says, for the trail; the email address is no part of it."""
    return {
        "name": champion.name,
        "type": champion.type.code,
        "other_types": [kind.code for kind in champion.other_types.all()],
        "skills": [str(skill) for skill in champion.skills.all()],
        "phases": [str(phase) for phase in champion.phases.all()],
        "is_active": champion.is_active,
    }


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
