"""The council's one row in the administration, and the pages in the footer."""

import pytest
from django.urls import reverse

from sidebyside.audit.models import Event
from sidebyside.council.models import Council
from tests import make

pytestmark = pytest.mark.django_db
CHANGE = reverse("admin:council_council_change", args=[1])


@pytest.fixture(autouse=True)
def council():
    return make.council()


def form_of(client) -> dict:
    form = client.get(CHANGE).context["adminform"].form
    return {field.html_name: field.value() or "" for field in form}


def test_an_administrator_changes_the_council_and_every_page_says_so_at_once(
    signed_in, django_capture_on_commit_callbacks
):
    client = signed_in("administrator")
    assert "Westmere Council" in client.get(reverse("contact")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(CHANGE, form_of(client) | {"name": "Eastmere Council", "sort_code": "30-00-00"})
    assert answer.status_code == 302
    page = client.get(reverse("contact")).content.decode()
    assert ("Eastmere Council" in page, "Westmere Council" in page) == (True, False)


def test_a3_where_money_goes_is_recorded_with_its_new_value(signed_in):
    client = signed_in("administrator")
    client.post(CHANGE, form_of(client) | {"telephone": "01234 567890", "account_number": "11112222"})
    event = Event.objects.get(verb="council.changed")
    assert (sorted(event.details["fields"]), event.details["now"]) == (
        ["account_number", "telephone"],
        {"account_number": "11112222"},
    )
    assert Council.history.count() >= 1


def test_there_is_one_council_and_it_stays(signed_in):
    client = signed_in("administrator")
    urls = [reverse("admin:council_council_add"), reverse("admin:council_council_delete", args=[1])]
    assert [client.get(url).status_code for url in urls] == [403, 403]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"invoice_prefix": "sbs"}, "invoice_prefix"),
        ({"credit_note_prefix": "SBS"}, "__all__"),
        ({"reimbursement_prefix": "SBS"}, "__all__"),
        ({"reimbursement_cost_centre": "=1"}, "reimbursement_cost_centre"),
        ({"sort_code": "300000"}, "sort_code"),
        ({"vat_number": "GB12"}, "vat_number"),
        ({"terms_days": "0"}, "terms_days"),
    ],
)
def test_what_would_spoil_invoices_is_refused(signed_in, wrong, field):
    client = signed_in("administrator")
    answer = client.post(CHANGE, form_of(client) | wrong)
    assert list(answer.context["adminform"].form.errors) == [field]


def test_the_councils_history_is_shown(signed_in):
    client = signed_in("administrator")
    assert client.get(reverse("admin:council_council_history", args=[1])).status_code == 200


@pytest.mark.parametrize("role", ["lead", "finance", "head", "adviser"])
def test_nobody_else_opens_it(signed_in, role):
    assert signed_in(role).get(CHANGE).status_code == 302


@pytest.mark.parametrize("name", ["accessibility", "privacy", "contact"])
def test_the_footers_pages_are_open_to_everybody_before_and_after_set_up(client, name):
    assert client.get(reverse(name)).status_code == 200
    Council.objects.all().delete()
    assert client.get(reverse(name)).status_code == 200
