"""The trail: who reads it, what narrows it, and that nobody changes it."""

import csv
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from billing.actions.payments import record_payment
from billing.models import BrokerageRate, Invoice
from brokering.models import MatchWeight
from reimbursing.actions.files import make_file
from reimbursing.handing_over import to_hand_over
from reimbursing.models import Method
from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.audit.subjects import NAMES, name_subjects
from sidebyside.mail.models import Dispatch
from support.models import Adjustment, Dispute
from tests import make
from tests.agreements.cases import propose
from tests.billing.cases import issue
from tests.reimbursing.cases import state

pytestmark = pytest.mark.django_db
DAY = date(2022, 9, 1)


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


def things() -> list[Model]:
    """One of each kind that has a name in the trail."""
    make.council()
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    academy = make.academy(name="Vale Academy")
    make.account(academy)
    make.trust(academy)
    delivery = make.delivery(academy, "SSLC", champion=make.champion(name="Ann Lee"))
    deployment = make.deployment(academy, delivery.champion)
    make.review(deployment)
    make.finding(make.sample(deployment).deployments.get())
    make.need(academy)
    MatchWeight.objects.create(kind="skill", points=5)
    Dispute.objects.create(delivery=make.delivery(make.school()), reason="x", raised_by=make.user(), raised_on=DAY)
    propose()
    make.categorise(academy)
    make.appointment(academy, date(2022, 9, 1))
    make.head(academy)
    make.adviser_of(academy)
    visit = make.visit(academy)
    make.note(visit)
    make.agreed_action(visit, what="Secret words")
    Adjustment.objects.create(
        school=academy,
        service=delivery.service,
        amount=1,
        reason="x",
        starts_on=DAY,
        ends_on=DAY,
        allowed_by=make.user(),
    )
    BrokerageRate.objects.create(starts_on=date(2022, 9, 1), percent=0)
    invoice = issue()[0]
    rest = {"received_on": date(2023, 9, 5), "reference": "", "request_key": "k", "on": date(2023, 9, 5)}
    record_payment(invoice, amount=1, by=make.user("finance"), **rest)
    reimburse(delivery)
    found = {kind: apps.get_model(room, kind).objects.order_by("pk").first() for kind, (room, _, _) in NAMES.items()}
    assert [kind for kind, thing in found.items() if thing is None] == []
    return list(found.values())


def reimburse(delivery):
    """The home school's side: a statement, and the file that carries it on."""
    make.reimbursement_rates()
    make.payee(delivery.champion.home_school)
    state()
    digest = to_hand_over(Method.JOURNAL).digest
    make_file(Method.JOURNAL, digest=digest, request_key="k", by=make.user("finance"), on=DAY)


def test_the_trail_names_what_was_done_to_whatever_it_was_in_one_query(signed_in, django_assert_num_queries):
    for thing in things():
        record("thing.changed", thing, by=None)
    record("mail.left", Dispatch.objects.first(), by=None)
    events = Event.objects.filter(verb__in=["thing.changed", "mail.left"])
    with django_assert_num_queries(2):
        about = {event.subject.partition(":")[0]: event.about for event in name_subjects(events)}
    assert [name for name in about.values() if ":" in name or "None" in name] == []
    assert {kind for kind, name in about.items() if name.startswith(f"{kind} ")} == {"dispatch"}
    assert about["invoice"] == Invoice.objects.get().number
    assert about["deployment"] == "Ann Lee at Vale Academy"
    assert about["invoicerun"] == "Invoice run of 1 September 2022 to 31 August 2023"
    assert "Secret words" not in "".join(about.values())


def test_pages_and_export_name_what_events_are_about(signed_in):
    record("school.corrected", make.school(name="Oak Green School"), by=None)
    auditor, administrator = signed_in("auditor"), Client()
    administrator.force_login(make.user("administrator"))
    shown = auditor.get(reverse("event_list")).content.decode()
    exported = auditor.get(reverse("event_export")).getvalue().decode()
    in_admin = administrator.get(reverse("admin:audit_event_changelist")).content.decode()
    assert ["Oak Green School" in page for page in (shown, exported, in_admin)] == [True] * 3


def test_the_trail_asks_the_database_as_often_for_fifty_deeds_as_for_one(signed_in, django_assert_num_queries):
    make.council()
    browser, url = signed_in("auditor"), reverse("event_list")
    deed(by=make.user())
    browser.get(url)
    with django_assert_num_queries(5):
        browser.get(url)
    for _ in range(50):
        deed(by=make.user())
    with django_assert_num_queries(5):
        browser.get(url)


@pytest.mark.parametrize("change", [lambda rows: rows.update(why="Other"), lambda rows: rows.delete()])
def test_a3_the_database_itself_refuses_to_change_the_trail(change):
    deed(why="Agreed")
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Event.objects.all())
    assert Event.objects.get().why == "Agreed"
