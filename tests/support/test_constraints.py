"""What the database never lets be false about support: each constraint refuses what it is named for."""

from datetime import date

import pytest
from django.db import IntegrityError

from support.models import Adjustment, DayRate, Delivery, ImportedRow, Offer, OfferLine, Pool, Service
from tests import make
from tests.refused import copy_of, refused_by

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)


@pytest.fixture
def offer():
    return make.offer(state="draft", published_on=None)


def line(offer, **rest):
    values = {"offer": offer, "sector": "academy", "service": make.service("BESST"), "allowance": 1}
    return OfferLine.objects.create(**values | rest)


def deliver(**rest):
    values = {"school": make.school(), "service": make.service("HLV"), "happens_on": DAY, "state": "delivered"}
    return Delivery.objects.create(**values | rest)


def adjust(**rest):
    values = {"school": make.school(), "service": make.service("HLV"), "amount": 1, "starts_on": DAY, "ends_on": DAY}
    return Adjustment.objects.create(**values | {"reason": "More", "allowed_by": make.user("lead")} | rest)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("offer_line_is_of_a_service_or_a_pool", {"service": None}),
        ("offer_line_has_an_allowance_when_it_is_a_number", {"allowance": None}),
        ("offer_line_has_an_allowance_when_it_is_a_number", {"basis": "none"}),
        ("offer_line_has_a_price_when_it_is_fixed", {"charge": "fixed price"}),
        ("offer_line_has_a_price_when_it_is_fixed", {"fixed_price": 100}),
        ("offer_line_sector_is_known", {"sector": "independent"}),
        ("offer_line_late_use_ends_after_it_begins", {"late_start_after": DAY, "late_use_until": DAY}),
    ],
)
def test_an_offer_line_says_one_clear_thing(offer, constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint):
        line(offer, **wrong)


def test_a_service_and_a_pool_are_not_both_on_a_line(offer):
    with pytest.raises(IntegrityError, match="offer_line_is_of_a_service_or_a_pool"):
        line(offer, pool=offer.pools.get())


def test_one_offer_is_published_for_a_year():
    make.offer_2022()
    with pytest.raises(IntegrityError):
        Offer.objects.create(year_start=2022, version=2, state="published", published_on=DAY)


def test_a_version_of_an_offer_stands_once(offer):
    with pytest.raises(IntegrityError):
        Offer.objects.create(year_start=2022)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("offer_state_is_known", {"state": "secret", "published_on": DAY}),
        ("offer_is_published_on_a_day", {"state": "published"}),
    ],
)
def test_an_offer_is_in_a_known_state(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint):
        Offer.objects.create(year_start=2022, **wrong)


def test_a_pools_code_stands_once_in_an_offer(offer):
    with pytest.raises(IntegrityError):
        Pool.objects.create(offer=offer, code="SSPC/ABLE", name="Again")


def test_a_service_counts_days_visits_or_places():
    with pytest.raises(IntegrityError, match="service_unit_is_known"):
        Service.objects.create(code="X", name="X", unit="hours")


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("delivery_state_is_known", {"state": "perhaps"}),
        ("delivery_funding_is_known", {"funding": "lottery"}),
        ("delivery_has_whole_half_days", {"half_days": 21}),
        ("delivery_stands_for_something", {"units": 0}),
        ("delivery_is_confirmed_on_a_day", {"state": "confirmed"}),
        ("delivery_is_cancelled_for_a_reason", {"state": "cancelled"}),
        ("delivery_price_is_agreed_with_somebody", {"agreed_price": 100}),
    ],
)
def test_a_delivery_is_never_half_said(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint):
        deliver(**wrong)


def test_a_delivery_keeps_its_champions_type():
    with pytest.raises(IntegrityError, match="delivery_keeps_its_champions_type"):
        deliver(champion=make.champion())


def test_a_reference_stands_once_and_none_stands_often():
    deliver()
    deliver()
    deliver(reference="row-1")
    with pytest.raises(IntegrityError):
        deliver(reference="row-1")


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("delivery_is_made_once_by_a_form", deliver),
        ("adjustment_is_made_once_by_a_form", adjust),
        ("deployment_is_made_once_by_a_form", lambda **rest: make.deployment(make.school(), **rest)),
        ("champion_is_registered_once_by_a_form", make.champion),
    ],
)
def test_a_form_makes_one_row_and_what_no_form_made_stands_often(constraint, row):
    row()
    made = row(request_key="the form's")
    again = copy_of(another := row(), request_key=made.request_key)
    another.delete()
    assert refused_by(type(made), **again) == constraint


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("adjustment_changes_something", {"amount": 0}),
        ("adjustment_ends_after_it_starts", {"ends_on": date(2023, 1, 17)}),
        ("adjustment_has_a_reason", {"reason": ""}),
    ],
)
def test_an_adjustment_changes_something_for_a_reason(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint):
        adjust(**wrong)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("deployment_agrees_some_days", {"half_days_agreed": 0}),
        ("deployment_ends_after_it_starts", {"ends_on": date(2022, 8, 31)}),
        ("deployment_state_is_known", {"state": "perhaps"}),
    ],
)
def test_a_deployment_agrees_days_between_two_dates(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint):
        make.deployment(make.school(), **wrong)


def test_a_day_rate_is_above_nought_and_starts_once():
    kind = make.champion_type()
    DayRate.objects.create(champion_type=kind, starts_on=DAY, rate=55000)
    with pytest.raises(IntegrityError):
        DayRate.objects.create(champion_type=kind, starts_on=DAY, rate=60000)


def test_a_day_rate_of_nought_is_refused():
    with pytest.raises(IntegrityError, match="day_rate_is_above_nought"):
        DayRate.objects.create(champion_type=make.champion_type(), starts_on=DAY, rate=0)


def test_an_imported_row_has_a_state_that_a_file_can_say():
    said = {"happens_on": DAY, "half_days": 0, "units": 1, "is_origin": True}
    with pytest.raises(IntegrityError, match="imported_row_state_is_known"):
        ImportedRow.objects.create(delivery=deliver(), state="cancelled", **said)
