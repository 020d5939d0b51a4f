"""Reimbursement rates in the administration: a new rate is a new row with its trail; what has begun stands still."""

from datetime import date

import pytest
from django.urls import reverse

from reimbursing.models import ReimbursementRate
from sidebyside.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ADD = "admin:reimbursing_reimbursementrate_add"
CHANGE, DELETE = "admin:reimbursing_reimbursementrate_change", "admin:reimbursing_reimbursementrate_delete"


@pytest.fixture
def office(signed_in):
    make.council()
    make.reimbursement_rates()
    return signed_in("administrator")


def test_m16_a_schools_own_rate_is_a_new_row_with_its_trail(office):
    school, kind = make.school(), make.champion_type()
    data = {"champion_type": kind.pk, "school": school.pk, "starts_on": "01/04/2030", "rate": "600.50"}
    assert office.post(reverse(ADD), data).status_code == 302
    assert ReimbursementRate.objects.get(school=school).rate == 60050
    event = Event.objects.get(verb="reimbursement_rate.set")
    assert event.details == {"type": "SSLC", "starts_on": "2030-04-01", "pence": 60050}


@pytest.mark.parametrize("rate", ["0", "-1", "a lot"])
def test_a_rate_of_nothing_is_refused(office, rate):
    data = {"champion_type": make.champion_type().pk, "starts_on": "01/04/2030", "rate": rate}
    answer = office.post(reverse(ADD), data)
    assert list(answer.context["adminform"].form.errors) == ["rate"]


def test_m16_a_rate_that_has_begun_is_looked_at_and_not_changed(office):
    begun = ReimbursementRate.objects.first()
    to_come = ReimbursementRate.objects.create(
        champion_type=begun.champion_type, starts_on=date(2999, 1, 1), rate=60000
    )
    assert [office.get(reverse(DELETE, args=[row.pk])).status_code for row in (begun, to_come)] == [403, 200]
    assert office.post(reverse(CHANGE, args=[begun.pk]), {}).status_code == 403
    assert office.get(reverse(CHANGE, args=[begun.pk])).status_code == 200
