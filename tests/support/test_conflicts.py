"""Support outside a deployment asks what speaks against its champion, as a deployment does."""

from datetime import date

import pytest

from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.deliveries import plan_delivery, record_support
from support.models import Delivery
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
WHY = "The only one who teaches braille"
ACTS = pytest.mark.parametrize("act", [plan_delivery, record_support])


@pytest.fixture
def academy():
    return make.academy(name="Vale Academy")


def give(act, academy, champion, **rest) -> Delivery:
    values = {"service": make.service("HLV"), "half_days": 1, "happens_on": DAY, "on": DAY}
    return act(academy, champion=champion, by=make.user("lead"), **values | rest)


@ACTS
def test_a_champion_never_supports_the_own_school(act, academy):
    with pytest.raises(Refusal, match="Vale Academy is the home school of") as refused:
        give(act, academy, make.champion(home=academy), override=WHY)
    assert (refused.value.field, Delivery.objects.count()) == ("champion", 0)


@ACTS
def test_one_of_the_same_trust_needs_a_reason_that_stands_in_the_trail(act, academy):
    sister = make.academy()
    make.trust(academy, sister, name="Mill Lane Trust")
    champion = make.champion(home=sister)
    with pytest.raises(Refusal, match=r"both in Mill Lane Trust\. Say why") as refused:
        give(act, academy, champion, override=" ")
    assert (refused.value.field, Delivery.objects.count()) == ("override", 0)
    give(act, academy, champion, override=WHY)
    assert Event.objects.get().why == WHY


@ACTS
def test_one_who_is_deployed_there_that_day_needs_no_further_reason(act):
    home, school = (make.school(federation="The Vale Federation") for _ in range(2))
    champion = make.champion(home=home)
    make.deployment(school, champion, state="cancelled")
    with pytest.raises(Refusal, match="both in The Vale Federation"):
        give(act, school, champion)
    make.deployment(school, champion, state="ended", ends_on=DAY)
    assert give(act, school, champion, override=WHY).champion == champion
    assert Event.objects.get().why == ""
