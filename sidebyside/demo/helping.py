"""Champions, their deployments, and the days that they gave."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from schools.models import School
from sidebyside.demo.founding import import_register
from sidebyside.demo.registering import complete_register
from sidebyside.demo.source import DOMAIN, chance, read, school_days, urn_of
from sidebyside.demo.world import PAST, World, is_academy, open_schools
from sidebyside.years import AcademicYear
from support.actions.champions import register_champion
from support.actions.confirming import confirm_delivery
from support.actions.deliveries import log_delivery, plan_day
from support.actions.deployments import make_deployment, move_deployment
from support.agreements import Intended
from support.models import Champion, ChampionType, Delivery, Deployment, Lending, Phase, Skill

PHASES = ("Primary", "Secondary", "All-through")
TYPES = ("SSPC", "SSLC", "ABLE", "SSPC")
CHAMPIONS, MAINTAINED, ACADEMIES = 20, 10, 6
LENT_BY_AN_ACADEMY = 10
DAYS = (10, 8, 6, 12)


def register_champions(world: World) -> list[Champion]:
    """Champions from schools in Enhancement; one of them signs in."""
    schools = open_schools(PAST.first_day, world.until)
    homes = [s for s in schools if all(world.category(s, year) == "Enhancement" for year in (PAST, world.now))]
    academy = next(school for school in homes if is_academy(school))
    types = {kind.code: kind for kind in ChampionType.objects.select_related("service")}
    skills, phases = list(Skill.objects.all()), list(Phase.objects.filter(name__in=PHASES))
    found = []
    for number in range(CHAMPIONS):
        is_signed_in = number == 0
        found.append(
            register_champion(
                code=f"CH{number + 1:02d}",
                name=world.person("champion").name if is_signed_in else next(world.names),
                champion_type=types[TYPES[number % len(TYPES)]],
                other_types=[types[TYPES[(number + 1) % len(TYPES)]]] if number % 3 == 0 else [],
                skills=[skills[(number * 5 + step) % len(skills)] for step in (0, 3, 7)],
                phases=[phases[number % len(phases)], phases[0]],
                half_days_a_year=(number % 4 + 3) * 10,
                lent_since=date(2021, 9, 1) if number % 2 else None,
                home_school=academy if number == LENT_BY_AN_ACADEMY else homes[number * 2],
                email=f"champion@{DOMAIN}" if is_signed_in else "",
                by=world.person("lead"),
            )
        )
    complete_register(world, found, homes)
    return found


def support_schools(world: World, champions: list[Champion], year: AcademicYear) -> None:
    """A year's deployments: maintained schools within their offer, academies at their price; then the days."""
    taken: dict[int, set[date]] = defaultdict(set)
    last = min(year.last_day, world.until)
    for place, (school, champion) in enumerate(_pairs(world, champions, year)):
        deployment = _deploy(world, champion, school, year, place)
        _give_days(world, deployment, last, taken[champion.pk], place)


def _pairs(world: World, champions: list[Champion], year: AcademicYear) -> list[tuple[School, Champion]]:
    """Who goes where: in Prevention pupil champions, in Intervention any, at an academy any."""
    schools = list(open_schools(year.first_day, min(year.last_day, world.until)))
    needy = [s for s in schools if world.category(s, year) != "Enhancement"]
    maintained = [s for s in needy if not is_academy(s)]
    academies = [s for s in schools if is_academy(s)]
    chance(f"deployments {year}").shuffle(academies)
    first = [School.objects.get(pk=urn_of(key)) for key in ("head", "academy")]
    rest = [s for s in (*maintained[:MAINTAINED], *academies[:ACADEMIES]) if s not in first]
    pairs = []
    for place, school in enumerate([*first, *rest]):
        fitting = champions if is_academy(school) else _fitting(champions, world.category(school, year))
        pairs.append((school, fitting[0] if place < 1 else fitting[(place * 5 + year.start) % len(fitting)]))
    homes = set(Lending.objects.values_list("champion", "school"))
    return [(school, champion) for school, champion in pairs if (champion.pk, school.pk) not in homes]


def _fitting(champions: list[Champion], category: str) -> list[Champion]:
    return [c for c in champions if c.type.code != "SSLC"] if category == "Prevention" else champions


def _deploy(world: World, champion: Champion, school: School, year: AcademicYear, place: int) -> Deployment:
    texts = read("texts")
    focus = texts["focuses"][place % len(texts["focuses"])]
    which = place % len(texts["outcomes"])
    return make_deployment(
        champion,
        school=school,
        focus=focus,
        skill=area_of(focus),
        outcomes=[Intended(texts["outcomes"][which], texts["measures"][which])],
        half_days_agreed=DAYS[place % len(DAYS)] * 2,
        starts_on=date(year.start, 9, 12),
        ends_on=date(year.start + 1, 7, 19),
        by=world.person("lead"),
        on=date(year.start, 9, 7),
        override="Agreed by both heads: different schools, different focus.",
    )


def area_of(focus: str) -> Skill:
    """The area that a focus belongs to."""
    texts = read("texts")
    return Skill.objects.get_or_create(name=texts["areas"][texts["focuses"].index(focus)])[0]


def _give_days(world: World, deployment: Deployment, last: date, taken: set[date], place: int) -> None:
    """Days and half days through the year, a fortnight or more apart; the newest wait to be confirmed."""
    luck = chance(f"days {deployment.school_id} {deployment.starts_on}")
    free = [day for day in school_days(deployment.starts_on, min(deployment.ends_on, last)) if day not in taken]
    wanted = min(deployment.half_days_agreed - 4, max(2, len(free) // 12))
    for day in sorted(luck.sample(free, min(len(free), wanted // 2 + 1))):
        taken.add(day)
        give_day(world, deployment, day, luck.choice((1, 2, 2)), place, waits=(world.until - day).days < 14)
    if deployment.ends_on > world.until:
        ahead = school_days(world.until, deployment.ends_on)[9:30]
        day = luck.choice([day for day in ahead if day not in taken] or [deployment.ends_on])
        taken.add(day)
        plan_day(deployment, happens_on=day, half_days=2, by=world.person("lead"), on=world.until)


def give_day(world: World, deployment: Deployment, day: date, half_days: int, place: int, *, waits: bool) -> Delivery:
    """One day as the champion, or the broker for one who does not sign in, logged it; confirmed unless it waits."""
    texts = read("texts")["days"]
    by = deployment.champion.user or world.person("broker")
    words = texts[(place + day.day) % len(texts)]
    delivery = log_delivery(deployment, happens_on=day, half_days=half_days, by=by, on=day, **words)
    if not waits:
        head = world.heads.get(deployment.school_id)
        why = "" if head else "The head confirmed it by telephone."
        confirm_delivery(delivery, by=head or world.person("lead"), on=day, why=why)
    return delivery


def convert(world: World, champions: list[Champion]) -> None:
    """A school in Prevention becomes an academy in the middle of a year; its deployment is moved over (S7).

    The deployment was agreed before anybody knew: the register of that time had the school open, and a later one
    closed it.
    """
    old = School.objects.get(pk=urn_of("converted"))
    School.objects.filter(pk=old.pk).update(closed_on=None, status=School.Status.OPEN)
    old.refresh_from_db()
    champion = next(c for c in champions[4:] if c.type.code == "SSPC")
    deployment = _deploy(world, champion, old, PAST, 3)
    for day, half_days in ((date(2022, 11, 9), 2), (date(2022, 12, 7), 2), (date(2023, 3, 30), 1)):
        give_day(world, deployment, day, half_days, 0, waits=False)
    import_register(world.person("admin"))
    deployment.refresh_from_db()
    new = School.objects.get(pk=urn_of("converter"))
    moved = move_deployment(deployment, to=new, by=world.person("lead"), on=date(2023, 4, 3))
    for day, half_days in ((date(2023, 4, 19), 2), (date(2023, 5, 10), 1), (date(2023, 6, 21), 2)):
        give_day(world, moved, day, half_days, 1, waits=False)
