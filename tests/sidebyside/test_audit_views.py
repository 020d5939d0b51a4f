"""The trail: who reads it, what narrows it, and that nobody changes it."""

import csv
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def deed(verb="school.category_confirmed", **rest):
    return record(verb, make.school(), by=rest.pop("by", None), **rest)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("auditor", 200),
        ("administrator", 200),
        *((role, 403) for role in ("lead", "adviser", "champion", "head", "trust_finance", "finance")),
    ],
)
@pytest.mark.parametrize("name", ["event_list", "event_export"])
def test_auditors_and_administrators_read_the_trail(signed_in, name, role, status):
    assert signed_in(role).get(reverse(name)).status_code == status


def test_the_trail_is_narrowed_by_person_school_deed_and_day(signed_in):
    ann = make.user(name="Ann Lee")
    confirmed = deed(by=ann, school_urn=100001, why="Agreed")
    old = Event.objects.create(
        at=datetime(2023, 3, 31, 23, 30, tzinfo=UTC), verb="school.adviser_assigned", subject="school:100002"
    )
    browser = signed_in("auditor")

    def found(**query):
        return list(browser.get(reverse("event_list"), query).context["page"])

    assert found() == [confirmed, old]
    assert found(who="ann") == [confirmed]
    assert found(urn="100001") == [confirmed]
    assert found(urn="x") == []
    assert found(deed="category confirmed") == [confirmed]
    assert found(since="2023-04-02") == [confirmed]
    assert found(since="2023-04-01", until="2023-04-01") == [old]
    assert found(until="2023-03-31") == []


def test_the_export_holds_the_same_deeds(signed_in):
    deed(by=make.user(name="Ann Lee", email="ann@x.example"), school_urn=100001, why="=1+1", entry=7)
    deed("school.adviser_assigned")
    response = signed_in("auditor").get(reverse("event_export"), {"who": "ann"})
    [row] = csv.DictReader(response.getvalue().decode().splitlines())
    assert (row["who"], row["deed"], row["urn"], row["why"], row["details"]) == (
        "Ann Lee",
        "school.category_confirmed",
        "100001",
        "'=1+1",
        '{"entry": 7}',
    )


def test_the_trail_asks_the_database_as_often_for_fifty_deeds_as_for_one(signed_in, django_assert_num_queries):
    make.council()
    browser, url = signed_in("auditor"), reverse("event_list")
    deed(by=make.user())
    browser.get(url)
    with django_assert_num_queries(4):
        browser.get(url)
    for _ in range(50):
        deed(by=make.user())
    with django_assert_num_queries(4):
        browser.get(url)


@pytest.mark.parametrize("change", [lambda rows: rows.update(why="Other"), lambda rows: rows.delete()])
def test_a3_the_database_itself_refuses_to_change_the_trail(change):
    deed(why="Agreed")
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Event.objects.all())
    assert Event.objects.get().why == "Agreed"
