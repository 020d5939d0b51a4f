"""Rates and reminders in the administration, each change with its trail; accounts to find, not to change."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.urls import reverse

from billing.models import Account, BrokerageRate, ChargeBand, ReminderStage, VatRate
from sidebyside.audit.models import Event
from support.models import DayRate
from tests import make

pytestmark = pytest.mark.django_db
OWN = [model for model in admin.site._registry if model._meta.app_label in ("billing", "council")]


@pytest.fixture
def office(signed_in):
    make.council()
    make.rates()
    make.reminder_stages()
    return signed_in("administrator")


def url(row, page="change") -> str:
    return reverse(f"admin:billing_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.model_name)
def test_every_list_opens(office, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    assert office.get(reverse(name)).status_code == 200


def test_m3_a_new_band_is_a_new_row_with_its_trail(office):
    data = {"starts_on": "01/04/2030", "percent": "75"}
    assert office.post(reverse("admin:billing_chargeband_add"), data).status_code == 302
    assert ChargeBand.objects.get(starts_on=date(2030, 4, 1)).percent == Decimal(75)
    assert Event.objects.get(verb="admin.charge_band_added").details["now"]["percent"] == "75"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"starts_on": "01/04/2023", "percent": "75"}, "__all__"),
        ({"starts_on": "01/04/2030", "percent": "101"}, "percent"),
        ({"starts_on": "", "percent": "75"}, "starts_on"),
    ],
)
def test_a_band_that_cannot_be_is_refused_with_a_sentence(office, data, field):
    answer = office.post(reverse("admin:billing_chargeband_add"), data)
    assert field in answer.context["adminform"].form.errors


def test_m8_only_a_rate_that_has_not_begun_is_deleted(office, today):
    begun = VatRate.objects.order_by("starts_on").first()
    coming = VatRate.objects.create(treatment="standard", starts_on=today + timedelta(days=9), percent=25)
    assert [office.get(url(row, "delete")).status_code for row in (begun, coming)] == [403, 200]


@pytest.mark.parametrize("model", [BrokerageRate, ChargeBand, DayRate, VatRate])
def test_m8_rates_are_not_deleted_by_the_handful(office, model):
    changelist = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    BrokerageRate.objects.create(starts_on=date(2022, 9, 1), percent=0)
    shown = office.get(changelist).content.decode()
    assert ("delete_selected" in shown, "action-select" in shown) == (False, False)
    chosen = {"action": "delete_selected", "_selected_action": [model.objects.first().pk], "post": "yes"}
    office.post(changelist, chosen)
    assert model.objects.count() >= 1
    assert Event.objects.filter(verb__contains="delete").count() == 0


def test_m14_a_reminder_with_a_word_that_nobody_can_fill_in_is_refused_with_a_sentence(office):
    stage = ReminderStage.objects.get(days_after_due=1)
    data = {"name": stage.name, "days_after_due": 1, "subject": "{numbr}", "body": stage.body, "is_active": "on"}
    errors = office.post(url(stage), data).context["adminform"].form.errors
    sentence = "{numbr} means nothing here. Use only {number}, {due}, {balance}, {account}, {council}."
    assert errors == {"subject": [sentence]}


def test_m14_a_stage_is_changed_with_its_trail_and_history(office):
    stage = ReminderStage.objects.get(days_after_due=1)
    data = {"name": stage.name, "days_after_due": 2, "subject": "{number}", "body": stage.body, "is_active": "on"}
    assert office.post(url(stage), data).status_code == 302
    stage.refresh_from_db()
    assert (stage.days_after_due, stage.history.count()) == (2, 2)
    assert Event.objects.get(verb="admin.reminder_stage_changed").details["now"]["days_after_due"] == "2"
    assert office.get(url(stage, "history")).status_code == 200


def test_an_account_is_found_here_and_changed_on_its_own_page(office):
    account = make.account(make.academy())
    page = office.get(url(account)).content.decode()
    assert f'href="{account.get_absolute_url()}"' in page
    assert office.post(url(account), {"name": "Other"}).status_code == 403
    assert [Account.objects.get().name, office.get(url(account, "delete")).status_code] == [account.name, 403]
    assert office.get(reverse("admin:billing_account_add")).status_code == 403
