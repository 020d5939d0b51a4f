"""The council, its rates and offers, its schools and its people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from billing.models import BrokerageRate, ChargeBand
from billing.standing import load_billing_standing
from brokering.standing import load_brokering_standing
from schools.actions import assign_adviser
from schools.importing import apply_register, plan_register
from schools.models import Membership, School
from sidebyside.accounts.models import User
from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from sidebyside.council.models import Council
from sidebyside.demo.source import DOMAIN, REGISTER, read, urn_of
from sidebyside.demo.world import PAST, World, open_schools
from support.actions.offers import publish_offer
from support.models import ChampionType, DayRate
from support.offer_files import OFFER, STANDING, load_standing, make_offer
from support.offer_files import read as read_standing


def found(world: World) -> None:
    """Everything that a council has on its first day."""
    data = read("council")
    Council.objects.create(pk=1, **data["council"])
    _people(world)
    admin = world.person("admin")
    load_standing(admin)
    load_billing_standing(read_standing(STANDING))
    load_brokering_standing(read_standing(STANDING))
    _rates()
    for year in (PAST, world.now):
        offer = make_offer(year, read_standing(OFFER), by=admin, on=date(year.start, 7, 1))
        publish_offer(offer, by=admin, on=date(year.start, 7, 1))
    import_register(admin)
    _advisers(world)
    _heads(world)


def _people(world: World) -> None:
    """Who signs in. Their common password is public, so one hash serves all: each takes a quarter of a second."""
    password = make_password(DEMONSTRATION_PASSWORD)
    data = read("council")
    for row in [*data["people"], data["broker"]]:
        email = f"{row['email']}@{DOMAIN}"
        world.people[email] = User.objects.create(email=email, name=row["name"], role=row["role"], password=password)


def _rates() -> None:
    data = read("council")
    types = {kind.code: kind for kind in ChampionType.objects.all()}
    for row in data["day_rates"]:
        DayRate.objects.create(champion_type=types[row["type"]], starts_on=row["starts_on"], rate=row["rate"])
    for model, name in ((ChargeBand, "charge_bands"), (BrokerageRate, "brokerage")):
        for row in data[name]:
            model.objects.create(starts_on=row["starts_on"], percent=Decimal(row["percent"]))


def import_register(by: User) -> None:
    """Import the register's files, as the administrator does after each download."""
    files = {part: next(REGISTER.glob(f"{part}_*")) for part in ("establishments", "links", "trusts")}
    code = Council.current().authority_code
    apply_register(plan_register(**files, authority=code), by=by)


def _advisers(world: World) -> None:
    """Each adviser looks after every fifth school since the first year."""
    password = world.person("adviser").password
    others = [
        User(email=f"adviser{number}@{DOMAIN}", name=name, role=User.Role.ADVISER, password=password)
        for number, name in enumerate(read("council")["advisers"], start=2)
    ]
    world.advisers = [world.person("adviser"), *User.objects.bulk_create(others)]
    day = date(PAST.start, 9, 1)
    for school in open_schools(world.until, world.until):
        begins = max(day, school.opened_on or day)
        assign_adviser(school, adviser=world.adviser_of(school), by=world.person("lead"), on=begins)


def _heads(world: World) -> None:
    """Who signs in for a school: a maintained one in Prevention, and an academy."""
    for key in ("head", "academy"):
        person = world.person(key)
        school = School.objects.get(pk=urn_of(key))
        Membership.objects.create(
            user=person, school=school, post=Membership.Post.HEAD, started_on=date(PAST.start, 9, 1)
        )
        world.heads[school.urn] = person
