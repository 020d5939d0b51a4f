"""The demonstration council can be built on any day, and only where it is asked for."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from billing.models import Invoice
from sidebyside.council.models import Council
from sidebyside.demo.build import build
from sidebyside.mail.models import Dispatch
from support.models import ConfirmationReminder, Delivery, Dispute
from visits.models import AgreedAction

pytestmark = pytest.mark.django_db


# On the second day of an academic year there is hardly anything of it; 29 February comes once in four years.
@pytest.mark.parametrize("on", [date(2026, 9, 2), date(2028, 2, 29)], ids=str)
def test_it_can_be_built_on_an_awkward_day(on):
    build(on=on)
    assert Delivery.objects.filter(happens_on__gte=on).exclude(state="planned").count() == 0
    assert Invoice.objects.filter(issued_on__range=(date(2022, 9, 1), date(2023, 9, 4))).exists()
    assert Invoice.objects.filter(issued_on__gte=on).count() == 0
    assert AgreedAction.objects.overdue(on - timedelta(days=30)).count() == 0
    assert AgreedAction.objects.filter(done_on__isnull=False).exists()
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"sent"}


def test_in_a_week_of_term_a_day_is_disputed_a_school_is_silent_and_days_are_booked():
    build(on=date(2026, 11, 27))
    assert Dispute.objects.open().count() == 1
    assert ConfirmationReminder.objects.filter(mail__isnull=False).exists()
    assert Delivery.objects.filter(state="planned", champion__user__isnull=False).count() >= 3


def test_it_is_refused_where_it_was_not_asked_for(settings):
    settings.DEMO = False
    with pytest.raises(CommandError) as refused:
        call_command("demo")
    assert str(refused.value) == "This is not a demonstration: set DEMO=1 to build one."
    assert not Council.objects.exists()
