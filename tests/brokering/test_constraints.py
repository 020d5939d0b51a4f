"""What the database never lets be false about needs and weights: each constraint refuses what it is named for."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from brokering.models import MatchWeight, Need
from tests import make
from tests.refused import constraints_of, copy_of, refused_by

pytestmark = pytest.mark.django_db
DAY = date(2022, 12, 5)
REFUSED = [
    ("need_state_is_known", {"state": "matched", "closed_on": DAY, "closed_why": "Why"}),
    ("need_asks_for_some_days", {"half_days": 0}),
    ("need_ends_after_it_starts", {"ends_on": date(2023, 1, 8)}),
    ("need_says_what_and_why", {"what": ""}),
    ("need_says_what_and_why", {"why": ""}),
    ("need_is_closed_by_somebody_for_a_reason", {"state": "declined"}),
    ("need_is_closed_by_somebody_for_a_reason", {"state": "withdrawn", "closed_on": DAY, "closed_why": ""}),
    ("need_is_closed_by_somebody_for_a_reason", {"closed_why": "Why"}),
    ("need_is_asked_once_by_a_form", {"request_key": "the first"}),
    ("match_weight_kind_is_known", {}),
]


@pytest.fixture
def need():
    return make.need(make.school(), request_key="the first")


@pytest.mark.parametrize(("constraint", "wrong"), [row for row in REFUSED if row[0].startswith("need_")])
def test_a_need_says_one_clear_thing(need, constraint, wrong):
    if wrong.get("closed_on"):
        wrong = wrong | {"closed_by_id": need.asked_by_id}
    assert refused_by(Need, **copy_of(need, request_key="another") | wrong) == constraint


def test_a_deployment_meets_one_need(need):
    need.deployment = make.deployment(need.school)
    need.save()
    with pytest.raises(IntegrityError, match="deployment_id"), transaction.atomic():
        Need.objects.create(**copy_of(need, request_key="another"))


def test_a_weight_is_of_a_known_kind():
    assert refused_by(MatchWeight, kind="luck", points=1) == "match_weight_kind_is_known"


def test_every_constraint_of_brokering_is_tried_here():
    assert constraints_of("brokering") == {name for name, _ in REFUSED}
