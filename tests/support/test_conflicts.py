"""Support outside a deployment asks what speaks against its champion, as a deployment does."""

from datetime import date

import pytest

from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.deliveries import (
    log_delivery,
    mark_delivered,
    move_delivery,
    plan_day,
    plan_delivery,
    record_support,
)
from support.models import CheckKind, Delivery
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
LAST = date(2023, 1, 17)
WHY = "The only one who teaches braille"
ACTS = pytest.mark.parametrize("act", [plan_delivery, record_support])


@pytest.fixture
def academy():
    return make.academy(name="Vale Academy")


def give(act, academy, champion, **rest) -> Delivery:
    values = {"service": make.service("HLV"), "half_days": 1, "happens_on": DAY, "on": DAY}
    values["by"] = rest.pop("by", None) or make.user("lead")
    return act(academy, champion=champion, **values | rest)


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


@ACTS
def test_a_missing_check_is_overridden_by_a_leader_alone(act, academy):
    CheckKind.objects.create(name="Induction")
    champion = make.champion(name="Kim Ode")
    with pytest.raises(Refusal, match=r"no “Induction” in the register by .* Only the team leader can") as refused:
        give(act, academy, champion, override=WHY, by=make.user("adviser"))
    assert refused.value.field == "champion"
    with pytest.raises(Refusal, match=r"no “Induction” .* Say why"):
        give(act, academy, champion)
    assert give(act, academy, champion, override=WHY).champion == champion


def give_a_day(deployment, day, **by):
    return log_delivery(deployment, happens_on=day, half_days=2, summary="Phonics", **by)


@pytest.mark.parametrize("act", ["log", "plan", "move", "deliver"])
def test_s10_no_day_is_given_once_the_home_schools_agreement_has_ended(act, academy):
    champion = make.champion(name="Kim Ode", home=make.school(name="Mill Lane School"))
    make.offer_2022(), make.categorise(academy)
    deployment = make.deployment(academy, champion)
    planned = make.delivery(academy, champion=champion, deployment=deployment, state="planned", happens_on=LAST)
    champion.lendings.update(ends_on=LAST)
    by = {"by": make.user("lead"), "on": DAY}
    acts = {
        "log": lambda: give_a_day(deployment, DAY, **by),
        "plan": lambda: plan_day(deployment, happens_on=DAY, half_days=2, **by),
        "move": lambda: move_delivery(planned, happens_on=DAY, **by),
        "deliver": lambda: mark_delivered(planned, happens_on=DAY, **by),
    }
    with pytest.raises(Refusal) as refused:
        acts[act]()
    assert (refused.value.sentence, refused.value.field) == (
        "Mill Lane School lent Kim Ode until 17 January 2023. Have the home school for 18 January 2023 entered in the "
        "register first.", "happens_on"
    )  # fmt: skip
    assert list(Delivery.objects.values_list("happens_on", "state")) == [(LAST, "planned")]


def test_s10_its_last_day_is_given(academy):
    champion = make.champion()
    make.offer_2022(), make.categorise(academy)
    champion.lendings.update(ends_on=DAY)
    day = give_a_day(make.deployment(academy, champion), DAY, by=make.user("lead"), on=DAY)
    assert (day.state, day.happens_on) == ("delivered", DAY)
