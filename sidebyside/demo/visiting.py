"""Headline Visits with their notes, in both years; some still to come, some with a head's answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from schools.models import School
from sidebyside.demo.source import chance, read, school_days, urn_of
from sidebyside.demo.world import World, is_academy, open_schools
from sidebyside.years import AcademicYear
from support.actions.confirming import confirm_delivery
from support.models import Service
from visits.actions.agreed import close_action
from visits.actions.notes import answer_note, share_note
from visits.actions.planning import plan_visit
from visits.logs import AgreedText, NoteText, VisitLog
from visits.models import Note, Visit

VISITED, AHEAD, OWN = 18, 8, 3
LATE = timedelta(days=21)  # an action that is later than this has been done


def visit_schools(world: World, year: AcademicYear) -> None:
    """A year's visits: held ones with their notes; in this year some that are planned, and one still to be logged."""
    hlv = Service.objects.get(code="HLV")
    luck = chance(f"visits {year}")
    last = min(year.last_day, world.until)
    days = school_days(date(year.start, 9, 14), last)
    if not days:
        return
    heads, academy = School.objects.get(pk=urn_of("head")), School.objects.get(pk=urn_of("academy"))
    schools = [s for s in open_schools(year.first_day, last) if s not in (heads, academy)]
    chosen = luck.sample([s for s in schools if not is_academy(s)], VISITED - 2)
    for place, school in enumerate([heads, *chosen, academy]):
        hold_visit(world, school, hlv, luck.choice(days), place)
    if year == world.now:
        ahead = school_days(world.until + timedelta(days=4), world.until + timedelta(days=50))
        own = [s for s in schools if not is_academy(s) and world.adviser_of(s) == world.person("adviser")]
        to_log, *to_come = [school for school in own if school not in chosen][: OWN + 1]
        _plan(world, to_log, hlv, days[-1], days[-1], time(10))
        for place, school in enumerate([heads, *to_come, *luck.sample(chosen, AHEAD - OWN)]):
            _plan(world, school, hlv, ahead[place * 2 % len(ahead)], world.until, time(9 + place % 5))


def _plan(world: World, school: School, service: Service, day: date, on: date, at: time) -> Visit:
    adviser = world.adviser_of(school)
    return plan_visit(school, service=service, happens_on=day, adviser=adviser, by=adviser, on=on, starts_at=at)


def hold_visit(world: World, school: School, service: Service, day: date, place: int) -> Note:
    """Plan a visit, hold it, share its note; where the head signs in, the older notes are marked accurate."""
    words = read("texts")["notes"][place % len(read("texts")["notes"])]
    visit = _plan(world, school, service, day, day, time(9, 30))
    agreed = [
        AgreedText(what, owner, day + timedelta(days=30 + 14 * number))
        for number, (what, owner) in enumerate(words["actions"])
    ]
    text = NoteText(**{name: words[name] for name in NoteText.__dataclass_fields__})
    log = VisitLog(happens_on=day, minutes=90 + 30 * (place % 3), note=text, agreed=tuple(agreed))
    note = share_note(visit, log, by=world.adviser_of(school), on=day, at=_at(day, 16))
    head = world.heads.get(school.urn)
    if head and (world.until - day).days > 60:
        answer_note(note, is_accurate=True, by=head, on=day + timedelta(days=3), at=_at(day + timedelta(days=3), 8))
    elif not head and (world.until - day).days > 14:
        lead, why = world.person("lead"), "The head confirmed it by telephone."
        confirm_delivery(visit.delivery, by=lead, on=day + timedelta(days=3), why=why)
    _close_old_actions(world, visit, place)
    return note


def _close_old_actions(world: World, visit: Visit, place: int) -> None:
    """What was agreed long ago is done; what is due of late, or to come, is open."""
    effects = read("texts")["effects"]
    for number, action in enumerate(visit.actions.filter(due_on__lt=world.until - LATE).order_by("due_on", "id")):
        effect = effects[(place + number) % len(effects)]
        close_action(action, effect=effect, by=world.adviser_of(visit.delivery.school), on=action.due_on)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
