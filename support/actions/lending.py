"""Which school lends a champion, from when to when. A past day keeps the home school that it had (S10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.models import Champion, Lending


@transaction.atomic
def change_home_school(
    champion: Champion,
    *,
    school: School,
    starts_on: date,
    by: User | None,
    on: date,
    half_days_a_year: int | None = None,
    why: str = "",
) -> Lending:
    """From a day on another school lends the champion, or the same one for other days a year.

    The agreement before it ends the day before. `Champion.home_school` follows on the day itself. Sent again it
    changes nothing. Raises Refusal where it begins before the last one did, at a school that is not open then, and
    without a reason where days that were given since would come to be lent by another school.
    """
    _lock(champion)
    last = champion.lendings.select_related("school").first()
    asked_for = (school.pk, starts_on, half_days_a_year)
    if last and (last.school_id, last.starts_on, last.half_days_a_year) == asked_for and last.ends_on is None:
        return last
    if fault := fault_of(champion, last, school, starts_on, half_days_a_year):
        raise fault
    given = champion.days_given_since(starts_on) if not last or last.school_id != school.pk else 0
    if given and not why.strip():
        raise Refusal(
            f"{_days(given)} been given since {starts_on:%-d %B %Y}, and {school} would come to have lent {champion} "
            "for them. Say why, or choose a later day.",
            field="why",
        )
    made = succeed(champion, last, school, starts_on, half_days_a_year)
    keep_home_school(champion, on)
    details = {"came_from": last and last.school_id, "days_given_since": given}
    record("champion.home_school_changed", champion, by=by, why=why, school_urn=school.pk, **_said(made), **details)
    return made


def fault_of(
    champion: Champion, last: Lending | None, school: School, starts_on: date, half_days_a_year: int | None
) -> Refusal | None:
    """Why this school cannot begin to lend the champion on that day, given the last agreement; None where it can."""
    if last and last.starts_on and last.starts_on >= starts_on:
        sentence = f"{last.school} lends {champion} from {last.starts_on:%-d %B %Y} on. Choose a later day."
        return Refusal(sentence, field="starts_on")
    if last and last.holds_on(starts_on) and (last.school_id, last.half_days_a_year) == (school.pk, half_days_a_year):
        return Refusal(f"{school} lends {champion} for as many days already. Nothing was changed.", field="school")
    if not school.is_open_on(starts_on):
        return Refusal(f"{school} is not open on {starts_on:%-d %B %Y}. Choose another school or day.", field="school")
    return None


def succeed(
    champion: Champion, last: Lending | None, school: School, starts_on: date, half_days_a_year: int | None
) -> Lending:
    """Write the new agreement, and the end of the one before it on the day before."""
    if last and last.holds_on(starts_on):
        last.ends_on = starts_on - timedelta(days=1)
        last.save(update_fields=["ends_on"])
    values = {"starts_on": starts_on, "half_days_a_year": half_days_a_year}
    return Lending.objects.create(champion=champion, school=school, **values)


@transaction.atomic
def correct_home_school(champion: Champion, *, school: School, by: User, on: date, why: str) -> Lending:
    """The last home school was entered wrongly: another one lent the champion all along.

    Raises Refusal where days were given under it, for these would silently come to be another school's (S10).
    """
    _lock(champion)
    last = champion.lendings.select_related("school").first()
    if last is None:
        raise Refusal("No home school has been entered. Enter one from a day on instead.", field="what")
    if not why.strip():
        raise Refusal("Say what was wrong.", field="why")
    if given := champion.days_given_since(last.starts_on or date.min):
        raise Refusal(
            f"{_days(given)} been given while {last.school} lent {champion}. Enter the other school from a day on "
            "instead.",
            field="what",
        )
    was, last.school = last.school_id, school
    last.save(update_fields=["school"])
    keep_home_school(champion, on)
    record("champion.home_school_corrected", champion, by=by, why=why, school_urn=school.pk, came_from=was)
    return last


@transaction.atomic
def agree_days(champion: Champion, *, half_days_a_year: int | None, by: User | None, on: date) -> Lending:
    """How many half days a year the present home school has agreed to, for whole academic years, never pro rata."""
    _lock(champion)
    present = champion.lendings.on(on).select_related("school").first()
    if present is None:
        raise Refusal(f"No school lends {champion} at present. Enter the home school first.")
    before, present.half_days_a_year = present.half_days_a_year, half_days_a_year
    present.save(update_fields=["half_days_a_year"])
    said = _said(present) | {"before": before}
    record("champion.days_agreed", champion, by=by, school_urn=present.school_id, **said)
    return present


@transaction.atomic
def end_lending(champion: Champion, *, ends_on: date, why: str, by: User, on: date) -> Lending:
    """No school lends the champion after this day. Raises Refusal where days were given after it, or none is left."""
    _lock(champion)
    last = champion.lendings.select_related("school").first()
    if last is None or (last.ends_on and last.ends_on <= ends_on):
        raise Refusal(f"No school lends {champion} after {ends_on:%-d %B %Y} already. Nothing was changed.")
    if last.starts_on and ends_on < last.starts_on:
        since = f"{last.starts_on:%-d %B %Y}"
        raise Refusal(
            f"{last.school} lends {champion} from {since} on. Choose that day or a later one.", field="ends_on"
        )
    if not why.strip():
        raise Refusal("Say why it ends.", field="why")
    after = champion.deliveries.delivered().filter(happens_on__gt=ends_on).aggregate(day=Max("happens_on"))["day"]
    if after:
        raise Refusal(f"{champion} gave a day on {after:%-d %B %Y}. Choose that day or a later one.", field="ends_on")
    last.ends_on = ends_on
    last.save(update_fields=["ends_on"])
    record("champion.lending_ended", champion, by=by, why=why, school_urn=last.school_id, ends_on=ends_on.isoformat())
    return last


def keep_home_school(champion: Champion, on: date) -> bool:
    """Let `Champion.home_school` be whoever lends the champion today; the last one where nobody does."""
    lending = champion.lendings.on(on).select_related("school").first()
    if lending is None or lending.school_id == champion.home_school_id:
        return False
    champion.home_school = lending.school
    champion.save(update_fields=["home_school"])
    return True


def begin_home_schools(*, now: datetime) -> int:
    """A job of the sweep: whoever is lent by another school from today on has it as the home school."""
    today = timezone.localdate(now)
    begun = Lending.objects.on(today).exclude(school=F("champion__home_school")).select_related("champion")
    return sum(_begin(each.champion, today) for each in begun)


@transaction.atomic
def _begin(champion: Champion, on: date) -> bool:
    _lock(champion)
    if not keep_home_school(champion, on):
        return False
    record("champion.home_school_begun", champion, by=None, school_urn=champion.home_school_id, on=on.isoformat())
    return True


def _lock(champion: Champion) -> None:
    """Hold the champion's row against a second writer, with the home school that it has by now."""
    champion.home_school_id = Champion.objects.select_for_update(no_key=True).get(pk=champion.pk).home_school_id


def _said(lending: Lending) -> dict[str, Any]:
    starts_on = lending.starts_on.isoformat() if lending.starts_on else None
    return {"starts_on": starts_on, "half_days_a_year": lending.half_days_a_year}


def _days(count: int) -> str:
    return "1 day has" if count == 1 else f"{count} days have"
