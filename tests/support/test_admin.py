"""Offers in the administration: days and pounds, frozen once published, published and cloned by pages (O1, O2, O6)."""

from datetime import date

import pytest
from django.urls import reverse

from support.actions.offers import clone_offer
from support.admin.forms import DayRateForm, OfferLineForm
from support.models import DayRate, Offer
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return make.offer_2022()


@pytest.fixture
def draft(published):
    return clone_offer(published, year=published.year.next, by=None)


def line_form(line, **changed):
    names = OfferLineForm.Meta.fields
    data = {name: OfferLineForm(instance=line).initial.get(name) or "" for name in names}
    return OfferLineForm(data | {"position": line.position} | changed, instance=line)


def test_a_line_is_edited_in_days(draft):
    line = draft.lines.get(category__name="Prevention", pool__isnull=False)
    assert line_form(line).initial["allowance"] == "9"
    form = line_form(line, allowance="7.5")
    assert form.is_valid(), form.errors
    assert form.save().allowance == 15


def test_a_line_of_visits_is_edited_in_whole_visits(draft):
    line = draft.lines.get(category__name="Prevention", service__code="HLV")
    assert line_form(line, allowance="4").save().allowance == 4
    assert "not a whole number" in str(line_form(line, allowance="4.5").errors["allowance"])


def test_quarters_of_a_day_are_refused(draft):
    line = draft.lines.get(category__name="Prevention", pool__isnull=False)
    assert "steps of half a day" in str(line_form(line, allowance="7.25").errors["allowance"])


def test_a_fixed_price_is_entered_in_pounds(draft):
    line = draft.lines.get(sector="academy", service__code="HLV")
    assert line_form(line, charge="fixed price", fixed_price="275.50").save().fixed_price == 27550


def test_a_line_with_a_fixed_price_needs_the_price(draft):
    line = draft.lines.get(sector="academy", service__code="HLV")
    assert "Enter the fixed price" in str(line_form(line, charge="fixed price").errors)


def test_a_day_rate_is_entered_in_pounds():
    kind = make.champion_type()
    form = DayRateForm({"champion_type": kind.pk, "starts_on": "2022-09-01", "rate": "550"})
    assert form.is_valid(), form.errors
    assert form.save().rate == 55000
    assert DayRateForm(instance=DayRate.objects.get())["rate"].value() == 550


def test_a_published_offer_is_read_only(signed_in, published):
    client = signed_in("administrator")
    url = reverse("admin:support_offer_change", args=[published.pk])
    page = client.get(url).content.decode()
    assert ("never edited" in page, 'name="_save"' in page) == (True, False)
    assert client.post(url, {"year_start": 2022, "version": 1, "introduction": "Changed"}).status_code == 403
    line = reverse("admin:support_offerline_change", args=[published.lines.first().pk])
    assert client.post(line, {"note": "Changed"}).status_code == 403
    assert client.post(reverse("admin:support_offer_delete", args=[published.pk]), {"post": "yes"}).status_code == 403


def test_a_draft_opens_for_editing(signed_in, draft):
    page = signed_in("administrator").get(reverse("admin:support_offer_change", args=[draft.pk]))
    assert (page.status_code, 'name="_save"' in page.content.decode()) == (200, True)
    line = reverse("admin:support_offerline_change", args=[draft.lines.first().pk])
    assert signed_in("administrator").get(line).status_code == 200


def test_an_offer_is_cloned_for_next_year_and_published_on_pages_of_their_own(signed_in, published):
    client = signed_in("administrator")
    client.post(reverse("admin:support_offer_clone", args=[published.pk]), {"year_start": "2023"})
    clone = Offer.objects.get(year_start=2023)
    assert client.get(reverse("admin:support_offer_publish", args=[clone.pk])).status_code == 200
    client.post(reverse("admin:support_offer_publish", args=[clone.pk]))
    clone.refresh_from_db()
    assert clone.state == "published"


def test_a_replacement_asks_for_its_reason(signed_in, published):
    client = signed_in("administrator")
    second = clone_offer(published, year=published.year, by=None)
    url = reverse("admin:support_offer_publish", args=[second.pk])
    assert "Say why this version replaces" in client.post(url, {"why": ""}).content.decode()
    client.post(url, {"why": "A visit was forgotten"})
    second.refresh_from_db()
    assert (second.state, second.reason) == ("published", "A visit was forgotten")


@pytest.mark.parametrize("role", ["lead", "adviser", "head", "finance"])
def test_only_administrators_open_these(signed_in, published, role):
    for name in ("change", "publish", "clone"):
        response = signed_in(role).get(reverse(f"admin:support_offer_{name}", args=[published.pk]))
        assert response.status_code == 302


def test_the_standing_lists_open(signed_in, published):
    make.rates()
    make.champion()
    client = signed_in("administrator")
    for model in ("service", "championtype", "dayrate", "champion", "adjustment", "offer"):
        assert client.get(reverse(f"admin:support_{model}_changelist")).status_code == 200
    rate = DayRate.objects.filter(starts_on__lte=date(2022, 1, 1)).first()
    assert client.get(reverse("admin:support_dayrate_change", args=[rate.pk])).status_code == 200


def test_offers_are_not_deleted_by_the_handful(signed_in, published, draft):
    page = signed_in("administrator").get(reverse("admin:support_offer_changelist"))
    assert (str(published.year) in page.content.decode(), b"delete_selected" in page.content) == (True, False)
