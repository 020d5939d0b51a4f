"""Which school lends a champion when: one after another, with what was agreed; past days keep theirs (S10)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.lending import (
    agree_days,
    begin_home_schools,
    change_home_school,
    correct_home_school,
    end_lending,
)
from support.models import Champion
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def champion():
    return make.champion(name="Kim Ode", home=make.school(110001, name="Mill Lane School"), days_a_year="10")


@pytest.fixture
def hill():
    return make.school(110002, name="Hill Top School")


@pytest.fixture
def lead():
    return make.user("lead")


def spans(champion):
    """Who lends the champion from when to when, for how many half days, the latest first."""
    return list(champion.lendings.values_list("school", "starts_on", "ends_on", "half_days_a_year"))


def home_of(champion):
    return Champion.objects.get(pk=champion.pk).home_school_id


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def change(champion, to, lead, **rest):
    return change_home_school(champion, **{"school": to, "starts_on": DAY, "by": lead, "on": DAY} | rest)


class TestAnotherSchool:
    def test_one_ends_the_day_before_the_next_begins(self, champion, hill, lead):
        change(champion, hill, lead, half_days_a_year=12)
        assert spans(champion) == [(110002, DAY, None, 12), (110001, None, BEFORE, 20)]
        assert home_of(champion) == champion.home_school_id == 110002
        event = Event.objects.get()
        assert (event.verb, event.school_urn, event.details["came_from"]) == (
            "champion.home_school_changed", 110002, 110001
        )  # fmt: skip

    def test_one_to_come_is_the_home_school_only_from_its_day_on(self, champion, hill, lead):
        change(champion, hill, lead, starts_on=AFTER)
        assert (home_of(champion), champion.lending_on(DAY).school_id, champion.lending_on(AFTER).school_id) == (
            110001, 110001, 110002
        )  # fmt: skip
        begun = [
            begin_home_schools(now=datetime(2023, 1, day, 0, 5, tzinfo=ZoneInfo("Europe/London")))
            for day in (18, 19, 19)
        ]
        assert (begun, home_of(champion)) == ([0, 1, 0], 110002)
        assert verbs() == ["champion.home_school_changed", "champion.home_school_begun"]

    def test_other_days_a_year_from_a_day_on_are_a_new_agreement_with_the_same_school(self, champion, lead):
        change(champion, champion.home_school, lead, half_days_a_year=8)
        assert spans(champion) == [(110001, DAY, None, 8), (110001, None, BEFORE, 20)]

    def test_pressing_twice_changes_once(self, champion, hill, lead):
        first = change(champion, hill, lead)
        assert change(champion, hill, lead) == first
        assert (champion.lendings.count(), len(verbs())) == (2, 1)

    def test_after_an_end_the_next_one_begins_later_and_the_gap_stays(self, champion, hill, lead):
        champion.lendings.update(ends_on=BEFORE)
        change(champion, hill, lead, starts_on=AFTER)
        assert [span[1:3] for span in spans(champion)] == [(AFTER, None), (None, BEFORE)]
        assert champion.lending_on(DAY) is None

    @pytest.mark.parametrize("days", [0, 1])
    def test_it_begins_after_the_last_one_began(self, champion, hill, lead, days):
        champion.lendings.update(starts_on=DAY + timedelta(days=days))
        with pytest.raises(Refusal, match="Mill Lane School lends Kim Ode from") as refused:
            change(champion, hill, lead)
        assert (refused.value.field, champion.lendings.count()) == ("starts_on", 1)

    def test_the_same_school_for_the_same_days_is_refused(self, champion, lead):
        with pytest.raises(Refusal, match="lends Kim Ode for as many days already") as refused:
            change(champion, champion.home_school, lead, half_days_a_year=20)
        assert refused.value.field == "school"

    def test_a_school_that_is_not_open_that_day_lends_nobody(self, champion, lead):
        closed = make.school(name="Old School", status="closed", closed_on=BEFORE)
        with pytest.raises(Refusal, match="Old School is not open on 18 January 2023"):
            change(champion, closed, lead)

    @pytest.mark.parametrize("state", ["delivered", "confirmed"])
    def test_s10_days_given_since_need_a_reason_which_the_trail_keeps(self, champion, hill, lead, state):
        make.delivery(make.school(), champion=champion, happens_on=DAY, state=state)
        with pytest.raises(Refusal, match=r"^1 day has been given since 18 January 2023, and Hill Top") as refused:
            change(champion, hill, lead, why=" ")
        assert (refused.value.field, spans(champion)) == ("why", [(110001, None, None, 20)])
        change(champion, hill, lead, why="The letter came late")
        event = Event.objects.get()
        assert (event.why, event.details["days_given_since"]) == ("The letter came late", 1)

    def test_s10_days_before_and_planned_ones_need_none(self, champion, hill, lead):
        make.delivery(make.school(), champion=champion, happens_on=BEFORE)
        make.delivery(make.school(), champion=champion, happens_on=AFTER, state="planned")
        change(champion, hill, lead)
        assert [champion.lending_on(day).school_id for day in (BEFORE, DAY)] == [110001, 110002]

    def test_s10_the_same_school_for_other_days_alters_no_past_day(self, champion, lead):
        make.delivery(make.school(), champion=champion, happens_on=DAY)
        change(champion, champion.home_school, lead, half_days_a_year=8)
        assert champion.lending_on(DAY).school_id == 110001


class TestACorrection:
    def test_a_wrong_school_never_was(self, champion, hill, lead):
        correct_home_school(champion, school=hill, by=lead, on=DAY, why="A slip of the mouse")
        assert (spans(champion), home_of(champion)) == ([(110002, None, None, 20)], 110002)
        assert (verbs(), Event.objects.get().why) == (["champion.home_school_corrected"], "A slip of the mouse")

    def test_s10_not_once_days_were_given_under_it(self, champion, hill, lead):
        make.delivery(make.school(), champion=champion, happens_on=BEFORE)
        with pytest.raises(Refusal, match="1 day has been given while Mill Lane School lent Kim Ode") as refused:
            correct_home_school(champion, school=hill, by=lead, on=DAY, why="A slip")
        assert (refused.value.field, home_of(champion)) == ("what", 110001)

    def test_it_needs_a_reason_and_something_to_correct(self, champion, hill, lead):
        with pytest.raises(Refusal, match="Say what was wrong"):
            correct_home_school(champion, school=hill, by=lead, on=DAY, why=" ")
        champion.lendings.all().delete()
        with pytest.raises(Refusal, match="No home school has been entered"):
            correct_home_school(champion, school=hill, by=lead, on=DAY, why="A slip")


class TestTheEnd:
    def test_it_ends_with_a_reason_and_the_last_school_stays_on_the_entry(self, champion, lead):
        end_lending(champion, ends_on=DAY, why="A new headteacher", by=lead, on=DAY)
        assert (spans(champion), home_of(champion)) == ([(110001, None, DAY, 20)], 110001)
        assert (champion.lending_on(DAY) is None, champion.lending_on(AFTER)) == (False, None)
        assert (verbs(), Event.objects.get().why) == (["champion.lending_ended"], "A new headteacher")

    def test_s10_never_before_a_day_that_was_given(self, champion, lead):
        make.delivery(make.school(), champion=champion, happens_on=AFTER, state="delivered")
        with pytest.raises(Refusal, match="Kim Ode gave a day on 19 January 2023") as refused:
            end_lending(champion, ends_on=DAY, why="Why", by=lead, on=AFTER)
        assert (refused.value.field, champion.lending_on(AFTER) is None) == ("ends_on", False)
        end_lending(champion, ends_on=AFTER, why="Why", by=lead, on=AFTER)
        assert champion.lending_on(AFTER + timedelta(days=1)) is None

    def test_it_needs_a_reason_and_a_day_within_the_agreement_and_ends_once(self, champion, lead):
        champion.lendings.update(starts_on=DAY)
        for wrong, says in (({"why": " "}, "Say why"), ({"ends_on": BEFORE}, "Choose that day or a later one")):
            with pytest.raises(Refusal, match=says):
                end_lending(champion, **{"ends_on": DAY, "why": "Why", "by": lead, "on": DAY} | wrong)
        end_lending(champion, ends_on=DAY, why="Why", by=lead, on=DAY)
        with pytest.raises(Refusal, match="No school lends Kim Ode after 18 January 2023 already"):
            end_lending(champion, ends_on=DAY, why="Why", by=lead, on=DAY)
        assert len(verbs()) == 1


def test_days_a_year_are_agreed_with_the_present_school(champion, lead):
    agree_days(champion, half_days_a_year=None, by=lead, on=DAY)
    agree_days(champion, half_days_a_year=24, by=lead, on=DAY)
    assert spans(champion) == [(110001, None, None, 24)]
    assert [event.details["before"] for event in Event.objects.order_by("pk")] == [20, None]
    champion.lendings.update(ends_on=BEFORE)
    with pytest.raises(Refusal, match="No school lends Kim Ode at present"):
        agree_days(champion, half_days_a_year=2, by=lead, on=DAY)
