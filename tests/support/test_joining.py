"""A champion on the register and the person who signs in with the same email are one, whichever came first."""

from datetime import date

import pytest
from django.urls import reverse

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.imports.writing import import_sheet
from support.actions.champions import change_champion, join_champion, register_champion
from support.spreadsheets import CHAMPIONS
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
PASSWORD = "three good random words"
EMAIL = "kim@westmere.example"


@pytest.fixture
def champion():
    return make.champion(email="Kim@Westmere.example")


def person_of(champion):
    champion.refresh_from_db()
    return champion.user


def invite(client, **rest):
    make.council()
    data = {"name": "Kim Ode", "email": EMAIL, "role": "champion", "telephone": ""} | rest
    data |= {f"memberships-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    return client.post(reverse("admin:accounts_user_add"), data)


def test_whom_an_administrator_invites_later_is_joined_with_a_trail(signed_in, champion):
    office = signed_in("administrator")
    assert invite(office).status_code == 302
    person = User.objects.get(email=EMAIL)
    assert person_of(champion) == person
    event = Event.objects.get(verb="champion.linked")
    assert (event.by.role, event.subject, event.details) == (
        "administrator", f"champion:{champion.pk}", {"user": person.pk},
    )  # fmt: skip


def test_a_corrected_email_joins_as_well(signed_in, champion):
    person = make.user("champion", email="kym@westmere.example")
    data = {"name": person.name, "email": EMAIL, "role": "champion", "telephone": "", "is_active": "on"}
    data |= {f"memberships-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    signed_in("administrator").post(reverse("admin:accounts_user_change", args=[person.pk]), data)
    assert person_of(champion) == person


def test_signing_in_joins_whom_nobody_has_joined_yet(client, champion):
    person = make.user("champion", email=EMAIL, password=PASSWORD)
    deployment = make.deployment(make.school(), champion)
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert person_of(champion) == person
    assert client.get(deployment.get_absolute_url()).status_code == 200


def test_signing_in_again_changes_nothing(client, champion):
    make.user("champion", email=EMAIL, password=PASSWORD)
    for _ in range(2):
        client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
        client.logout()
    assert Event.objects.filter(verb="champion.linked").count() == 1


@pytest.mark.parametrize("email", ["lee@westmere.example", ""])
def test_another_email_joins_nobody(champion, email):
    assert join_champion(make.user("champion", email=email or "x@westmere.example"), by=None) is None
    assert person_of(champion) is None


def test_two_champions_with_one_email_are_left_to_an_administrator(champion):
    twin = make.champion(email=EMAIL)
    assert join_champion(make.user("champion", email=EMAIL), by=None) is None
    assert (person_of(champion), person_of(twin)) == (None, None)


def test_whoever_is_a_champion_already_stays_that_one(champion):
    person = make.user("champion", email=EMAIL)
    own = make.champion(user=person)
    assert join_champion(person, by=None) is None
    assert (person_of(own), person_of(champion)) == (person, None)


def test_a_champion_keeps_the_person_that_an_administrator_chose(champion):
    champion.user = make.user("champion", email="lee@westmere.example")
    champion.save()
    assert join_champion(make.user("champion", email=EMAIL), by=None) is None


def trail_of(champion) -> list[tuple[str, object]]:
    """Who was given the champion's deployments, and who lost them."""
    joins = Event.objects.filter(subject=f"champion:{champion.pk}", verb__in=["champion.linked", "champion.parted"])
    return [(event.verb, event.details["user"]) for event in joins.order_by("pk")]


def change(champion, **rest):
    values = {"name": champion.name, "champion_type": champion.type}
    change_champion(champion, **values | {"email": champion.email, "is_active": True, "by": make.user("lead")} | rest)


def test_a3_a_changed_email_leaves_who_was_joined_and_who_was_parted(champion):
    kim, lee = (make.user("champion", email=email) for email in (EMAIL, "lee@westmere.example"))
    join_champion(kim, by=None)
    change(champion, email=lee.email)
    change(champion, email="")
    change(champion, email="", name="Lee Ode")
    linked, parted = "champion.linked", "champion.parted"
    assert trail_of(champion) == [(linked, kim.pk), (parted, kim.pk), (linked, lee.pk), (parted, lee.pk)]


def test_a3_registering_with_somebodys_email_leaves_that_they_were_joined():
    kim = make.user("champion", email=EMAIL)
    values = {"code": "CH77", "name": "Kim Ode", "champion_type": make.champion_type(), "home_school": make.school()}
    champion = register_champion(**values, email=EMAIL, by=make.user("lead"))
    assert trail_of(champion) == [("champion.linked", kim.pk)]


def test_a3_an_administrator_who_parts_them_leaves_that_too(signed_in, champion):
    kim = make.user("champion", email=EMAIL)
    join_champion(kim, by=None)
    signed_in("administrator").post(reverse("admin:support_champion_change", args=[champion.pk]), {"user": ""})
    assert (person_of(champion), trail_of(champion)[1:]) == (None, [("champion.parted", kim.pk)])


def test_a3_a_spreadsheet_that_changes_the_email_leaves_it_too(champion):
    kim, lee = (make.user("champion", email=email) for email in (EMAIL, "lee@westmere.example"))
    join_champion(kim, by=None)
    row = f"{champion.code},{champion.name},{champion.type.code},{champion.home_school_id},{lee.email}"
    import_sheet(CHAMPIONS, f"code,name,type,home_urn,email\n{row}\n".encode(), name="a.csv", by=None, on=DAY)
    assert sorted(trail_of(champion)[1:]) == [("champion.linked", lee.pk), ("champion.parted", kim.pk)]
