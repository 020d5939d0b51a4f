"""The checks that a champion has passed, and the interests that they have declared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from schools.models import School, Trust
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import Champion, ChampionCheck, CheckKind, Interest
from support.vetting import expiry_of


@transaction.atomic
def record_check(
    champion: Champion, *, kind: CheckKind, done_on: date, by: User, on: date, expires_on: date | None = None
) -> ChampionCheck:
    """Write down that a champion has done what is asked for. Without a last day it holds as long as its kind says.

    Sent again it returns what it has recorded. Raises Refusal for a day to come, a last day before it, and one that
    is in the register already with another last day.
    """
    if done_on > on:
        raise Refusal("This date is still to come. Enter it when it has been done.", field="done_on")
    expires_on = expires_on or expiry_of(done_on, kind.good_for_months)
    if expires_on and expires_on < done_on:
        raise Refusal("It expires before it was done. Check both dates.", field="expires_on")
    if there := champion.checks.filter(kind=kind, done_on=done_on).first():
        if there.expires_on == expires_on:
            return there
        raise Refusal(
            f"“{kind}” of {done_on:%-d %B %Y} is in the register already. Remove that entry first.", field="done_on"
        )
    made = ChampionCheck.objects.create(
        champion=champion, kind=kind, done_on=done_on, expires_on=expires_on, recorded_by=by
    )
    record("champion.checked", champion, by=by, school_urn=champion.home_school_id, **_said(made))
    return made


@transaction.atomic
def remove_check(check: ChampionCheck, *, why: str, by: User) -> None:
    """Take out an entry that is wrong. The trail keeps what it said. Raises Refusal without a reason."""
    if not why.strip():
        raise Refusal("Say what is wrong with it.", field="why")
    said, champion = _said(check), check.champion
    deleted, _ = ChampionCheck.objects.filter(pk=check.pk).delete()
    if not deleted:
        raise Refusal("This entry has been removed already. Nothing was changed.")
    record("champion.check_removed", champion, by=by, why=why, school_urn=champion.home_school_id, **said)


def _said(check: ChampionCheck) -> dict[str, Any]:
    expires_on = check.expires_on.isoformat() if check.expires_on else None
    return {"kind": check.kind.name, "done_on": check.done_on.isoformat(), "expires_on": expires_on}


@transaction.atomic
def declare_interest(
    champion: Champion,
    *,
    what: str,
    declared_on: date,
    by: User,
    on: date,
    school: School | None = None,
    trust: Trust | None = None,
    request_key: str = "",
) -> Interest:
    """Write down what ties a champion to a school or a trust. The trail says that there is one, never its words.

    The same `request_key` again returns what it has declared. Raises Refusal for a day to come, for both a school and a
    trust, and for neither.
    """
    if declared_on > on:
        raise Refusal("This date is still to come. Enter the day on which it was declared.", field="declared_on")
    if (school is None) == (trust is None):
        raise Refusal("Choose a school or a trust, not both.", field="school")
    interest = Interest(
        champion=champion, what=what, declared_on=declared_on, school=school, trust=trust, recorded_by=by,
        request_key=request_key,
    )  # fmt: skip
    return once(interest, lambda: _declare(interest, by))


def _declare(interest: Interest, by: User) -> Interest:
    interest.save()
    record("champion.interest_declared", interest.champion, by=by, **_about(interest))
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, ended_on: date, by: User, on: date) -> Interest:
    """The champion is tied no longer than this day. Raises Refusal for one that has ended, and for a wrong day."""
    if ended_on < interest.declared_on:
        raise Refusal(
            f"It was declared on {interest.declared_on:%-d %B %Y}. Choose that day or a later one.", field="ended_on"
        )
    if ended_on > on:
        raise Refusal("This date is still to come. End it when it has ended.", field="ended_on")
    if not Interest.objects.filter(pk=interest.pk, ended_on=None).update(ended_on=ended_on):
        raise Refusal("This interest has ended already. Nothing was changed.")
    interest.refresh_from_db()
    about = _about(interest) | {"ended_on": ended_on.isoformat()}
    record("champion.interest_ended", interest.champion, by=by, **about)
    return interest


def _about(interest: Interest) -> dict[str, Any]:
    return {"school": interest.school_id, "trust": interest.trust_id}
