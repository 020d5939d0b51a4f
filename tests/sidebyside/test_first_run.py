"""A council sets up its own portal: once, by the token, all of it or nothing, and nothing of anybody else's."""

import io

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from billing.models import ChargeBand, ReminderStage, VatRate
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.council.models import Council, FirstRunToken
from sidebyside.first_run.actions import set_up
from sidebyside.years import AcademicYear
from support.models import DayRate, Offer, Service
from tests import make
from tests.schools import register

pytestmark = pytest.mark.django_db
PASSWORD = "three random wombats"
ESTABLISHMENTS = {"LA (code)": "909", "URN": "112001", "EstablishmentName": "Lakeside School", "Town": "Penrith"}


def upload(content: bytes, name: str = "file.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def typed(**rest) -> dict:
    values = {
        "name": "Cumbria Council",
        "authority_code": "909",
        "team_name": "Learning improvement",
        "address": "County Hall\nPenrith",
        "email": "schools@cumbria.example",
        "finance_email": "finance@cumbria.example",
        "vat_number": "GB987654353",
        "bank_name": "Example Bank",
        "bank_account_name": "Cumbria Council",
        "sort_code": "30-00-00",
        "account_number": "87654321",
        "terms_days": "30",
        "invoice_prefix": "CUI",
        "credit_note_prefix": "CUC",
        "reimbursement_prefix": "CUR",
        "administrator_name": "Ada Lake",
        "administrator_email": "Ada.Lake@cumbria.example",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "establishments": upload(register.schools(ESTABLISHMENTS)),
    }
    return values | rest


@pytest.fixture
def set_up_page() -> str:
    return reverse("first_run", args=[FirstRunToken.make()])


def nothing_is_made() -> bool:
    made = (Council, User, School, Service, VatRate, Event)
    return [model.objects.count() for model in made] == [0] * len(made)


def test_one_form_makes_the_council_its_administrator_its_lists_and_its_schools(client, set_up_page):
    assert client.post(set_up_page, typed()).url == reverse("account_login")
    council, person = Council.current(), User.objects.get()
    assert (council.name, council.terms_days, council.invoice_prefix) == ("Cumbria Council", 30, "CUI")
    assert (person.email, person.role) == ("ada.lake@cumbria.example", "administrator")
    assert [school.name for school in School.objects.all()] == ["Lakeside School"]
    assert (Service.objects.exists(), VatRate.objects.exists(), ReminderStage.objects.count()) == (True, True, 4)
    assert Event.objects.filter(verb="council.set_up", by=person).count() == 1


def test_the_new_administrator_signs_in_and_sets_up_a_second_factor_first(client, set_up_page, settings):
    settings.DEMO = False
    client.post(set_up_page, typed())
    client.post(reverse("account_login"), {"login": "ada.lake@cumbria.example", "password": PASSWORD})
    answer = client.get(reverse("home"))
    assert answer.url == reverse("mfa_activate_totp")
    assert client.get(answer.url, follow=True).status_code == 200


def test_links_and_trusts_go_in_too(client, set_up_page):
    academy = {"URN": "140001", "LA (code)": "909", "TypeOfEstablishment (code)": "34", "EstablishmentName": "Fell"}
    files = {
        "establishments": upload(register.schools(ESTABLISHMENTS, academy)),
        "links": upload(register.links(URN="112001")),
        "trusts": upload(register.trusts()),
    }
    client.post(set_up_page, typed(**files))
    assert School.objects.get(pk=140001).trust_memberships.get().trust.name == "MILL LANE TRUST"


@pytest.mark.parametrize("token", ["wrong", "x" * 43])
def test_a_wrong_token_opens_nothing(client, set_up_page, token):
    assert client.get(reverse("first_run", args=[token])).status_code == 404


def test_a_token_works_once(client, set_up_page):
    client.post(set_up_page, typed())
    assert [client.get(set_up_page).status_code, client.post(set_up_page, typed()).status_code] == [404, 404]
    assert User.objects.count() == 1


def test_a_newer_token_takes_the_place_of_an_older_one(client, set_up_page):
    FirstRunToken.make()
    assert client.get(set_up_page).status_code == 404


def test_a_portal_that_has_its_council_has_no_such_page(client, set_up_page):
    make.council()
    assert client.get(set_up_page).status_code == 404
    with pytest.raises(CommandError, match="has its council already"):
        call_command("first_run_token")


def test_the_command_prints_the_page(client):
    said = io.StringIO()
    call_command("first_run_token", stdout=said)
    assert client.get(said.getvalue().strip()).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"password": "wombat", "password_again": "wombat"}, "password", "12 characters"),
        ({"password": "password1234", "password_again": "password1234"}, "password", "too common"),
        ({"password": "ada.lake@cumbria", "password_again": "ada.lake@cumbria"}, "password", "too similar"),
        ({"password_again": "three random badgers"}, "password_again", "The two passwords differ."),
        ({"establishments": ""}, "establishments", "Choose a file for the establishments"),
        ({"establishments": upload(register.links())}, "establishments", ""),
        ({"establishments": upload(b"\x89PNG")}, "establishments", ""),
        ({"establishments": upload(register.schools())}, "establishments", "no school of authority 909"),
        ({"links": upload(register.schools())}, "links", ""),
        ({"trusts": upload(register.schools())}, "trusts", ""),
        ({"authority_code": "Cumbria"}, "authority_code", ""),
        ({"sort_code": "300000"}, "sort_code", "Enter a sort code such as 20-00-00."),
        ({"terms_days": "0"}, "terms_days", ""),
        ({"invoice_prefix": "cui-"}, "invoice_prefix", "Enter one to six capital letters."),
        (
            {"credit_note_prefix": "CUI"},
            "__all__",
            "Invoices, credit notes and statements to home schools need different prefixes.",
        ),
        ({"reimbursement_prefix": "CUC"}, "__all__", "need different prefixes."),
        ({"administrator_email": "ada"}, "administrator_email", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_half_done(client, set_up_page, wrong, field, sentence):
    answer = client.post(set_up_page, typed(**wrong))
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors), nothing_is_made()) == (200, [field], True)
    assert sentence in " ".join(errors[field])
    assert client.get(set_up_page).status_code == 200


def test_a_failure_in_the_middle_leaves_nothing_and_the_token_unused():
    token = FirstRunToken.make()
    council = {"name": "Cumbria Council", "terms_days": 30, "invoice_prefix": "CUI", "credit_note_prefix": "CUC"}
    nobody = {"name": "Ada Lake", "email": None, "password": PASSWORD}
    with pytest.raises(AttributeError), transaction.atomic():
        set_up(token=token, council=council, administrator=nobody, register=None, at=timezone.now())
    assert (nothing_is_made(), FirstRunToken.objects.get().used_at) == (True, None)


def test_an_authenticator_app_is_asked_for_before_the_form(client, set_up_page):
    page = client.get(set_up_page).content.decode()
    assert 0 < page.index("authenticator app") < page.index("<form")


def test_the_offer_that_comes_with_the_portal_is_begun_once_as_a_draft(client, set_up_page):
    client.post(set_up_page, typed())
    client.force_login(User.objects.get())
    assert reverse("offer_begin") in client.get(reverse("home")).content.decode()
    client.post(reverse("offer_begin"))
    offer = Offer.objects.get()
    year = AcademicYear.containing(timezone.localdate())
    assert (offer.year, offer.state, offer.lines.exists()) == (year, "draft", True)
    assert (DayRate.objects.exists(), ChargeBand.objects.exists()) == (False, False)
    assert Event.objects.filter(verb="offer.made", by=User.objects.get()).count() == 1
    again = client.post(reverse("offer_begin")).content.decode()
    assert ("There is an offer already." in again, Offer.objects.count()) == (True, 1)
    assert "Publish the offer" in client.get(reverse("home")).content.decode()


def test_nothing_of_another_council_is_left_in_an_empty_portal(client, set_up_page):
    pages = [client.get(url).content.decode() for url in (set_up_page, reverse("account_login"), reverse("privacy"))]
    client.post(set_up_page, typed())
    client.force_login(User.objects.get())
    client.post(reverse("offer_begin"))
    names = ("home", "attention", "imports", "school_list", "offer_list", "contact", "admin:index", "invoice_list")
    pages += [client.get(reverse(name)).content.decode() for name in names]
    kept = " ".join(
        str(value) for model in apps.get_models() for row in model._base_manager.values() for value in row.values()
    )
    said = " ".join(pages) + kept
    assert [word for word in ("Buckingham", "Aylesbury", "Westmere", "sidebyside.example") if word in said] == []
    assert [school.authority_code for school in School.objects.all()] == ["909"]


def test_a_vat_number_with_wrong_digits_is_refused(client, set_up_page):
    page = client.post(set_up_page, typed(vat_number="GB12")).content.decode()
    assert "This is not a VAT number: check its digits. Enter one such as GB999999973." in page
    assert nothing_is_made()
