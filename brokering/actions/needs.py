"""Asking for support, correcting it, taking it back, declining it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from brokering.asking import faults_of
from brokering.letters import tell_school, tell_team
from brokering.models import Need
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import ChampionType, Skill


@transaction.atomic
def ask_for_support(
    school: School,
    *,
    what: str,
    why: str,
    starts_on: date,
    ends_on: date,
    half_days: int,
    by: User,
    on: date,
    skill: Skill | None = None,
    champion_type: ChampionType | None = None,
    request_key: str = "",
) -> Need:
    """Write a school's need down and tell the team that there is one, never why.

    Raises Refusal for a school outside the offer or not open on the days wanted, and for days that do not fit their
    dates. The same `request_key` again returns the need that it made.
    """
    need = Need(
        school=school, what=what, why=why, starts_on=starts_on, ends_on=ends_on, half_days=half_days, skill=skill,
        champion_type=champion_type, asked_by=by, asked_on=on, request_key=request_key,
    )  # fmt: skip
    return once(need, lambda: _ask(need))


def _ask(need: Need) -> Need:
    _check(need, need.asked_on)
    need.save()
    record("need.asked", need, by=need.asked_by, school_urn=need.school_id, half_days=need.half_days)
    tell_team(need)
    return need


@transaction.atomic
def change_need(
    need: Need,
    *,
    what: str,
    why: str,
    starts_on: date,
    ends_on: date,
    half_days: int,
    by: User,
    on: date,
    skill: Skill | None = None,
    champion_type: ChampionType | None = None,
) -> Need:
    """Correct what is asked for, while nobody has been proposed. Raises Refusal as asking does, and once that is over.

    The trail keeps which fields changed, and of why only that it did.
    """
    need = still_open(need)
    now = {
        "what": what, "why": why, "starts_on": starts_on, "ends_on": ends_on, "half_days": half_days, "skill": skill,
        "champion_type": champion_type,
    }  # fmt: skip
    changed = [name for name, value in now.items() if getattr(need, name) != value]
    for name, value in now.items():
        setattr(need, name, value)
    _check(need, on)
    need.save(update_fields=list(now))
    if changed:
        record("need.changed", need, by=by, school_urn=need.school_id, changed=changed)
    return need


@transaction.atomic
def withdraw_need(need: Need, *, why: str, by: User, on: date) -> Need:
    """Take a need back: who asked, or the broker. Raises Refusal for others, without a reason, and when it is over."""
    if not need.may_be_changed_by(by):
        raise Refusal("Only who asked for this support, or the broker, takes it back.")
    return _close(need, Need.State.WITHDRAWN, why=why, by=by, on=on)


@transaction.atomic
def decline_need(need: Need, *, why: str, by: User, on: date) -> Need:
    """Say that this support cannot be given, with the reason that the school reads; it gets a mail without it."""
    declined = _close(need, Need.State.DECLINED, why=why, by=by, on=on)
    tell_school(declined, on=on)
    return declined


def _close(need: Need, state: Need.State, *, why: str, by: User, on: date) -> Need:
    if not why.strip():
        raise Refusal("Say why.", field="why")
    need = still_open(need)
    need.state, need.closed_by, need.closed_on, need.closed_why = state, by, on, why
    need.save(update_fields=["state", "closed_by", "closed_on", "closed_why"])
    record(f"need.{state}", need, by=by, why=why, school_urn=need.school_id)
    return need


def still_open(need: Need) -> Need:
    """The need as it is now, kept from a second writer. Raises Refusal when nobody is to be found for it any more."""
    # Read only once it is locked: what was joined to a row for which one had to wait is from before the wait.
    Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    now = Need.objects.select_related("school", "deployment__champion", "asked_by").get(pk=need.pk)
    if now.is_open:
        return now
    if now.deployment and now.state == Need.State.ASKED:
        raise Refusal(f"{now.deployment.champion} is proposed for this need already. Nothing was changed.")
    raise Refusal(f"This need was {now.get_state_display().lower()} already. Nothing was changed.")


def _check(need: Need, on: date) -> None:
    """What must be true of every need."""
    school = need.school
    if school.sector is None:
        raise Refusal(f"{school} is neither maintained nor an academy, so the offer does not reach it.", field="school")
    dates = {"starts_on": need.starts_on, "ends_on": need.ends_on}
    for field, sentence in faults_of(half_days=need.half_days, **dates, on=on).items():
        raise Refusal(sentence, field=field)
    if not school.is_open_on(need.starts_on):
        raise Refusal(f"{school} is not open on {need.starts_on:%-d %B %Y}.", field="starts_on")
    if not school.is_open_on(need.ends_on):
        raise Refusal(f"{school} closes before {need.ends_on:%-d %B %Y}. Choose an earlier day.", field="ends_on")
