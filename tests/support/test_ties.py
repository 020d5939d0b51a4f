"""What speaks against sending a champion to a school, on the day that is asked for (S10)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.models import School, SchoolLink, TrustMembership
from support.conflicts import Kind, Ties, conflicts_of, not_lent
from support.models import Champion, ChampionCheck, CheckKind, Interest, Lending
from tests import make

DAY = date(2023, 1, 18)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
in_database = pytest.mark.django_db


@pytest.fixture
def school():
    return make.academy(name="Vale Academy")


@pytest.fixture
def champion():
    return make.champion(name="Kim Ode", home=make.school(name="Mill Lane School"))


def said(champion, school, on=DAY):
    return [(each.kind, each.sentence, each.is_final) for each in conflicts_of(champion, school, on)]


def kinds(champion, school, on=DAY):
    return [each.kind for each in conflicts_of(champion, school, on)]


def check(champion, kind, done_on, expires_on=None):
    values = {"kind": kind, "done_on": done_on, "expires_on": expires_on, "recorded_by": make.user("lead")}
    return ChampionCheck.objects.create(champion=champion, **values)


def declare(champion, **rest):
    values = {"what": "A sister teaches there", "declared_on": DAY, "recorded_by": make.user("lead")}
    return Interest.objects.create(champion=champion, **values | rest)


@in_database
def test_a_stranger_with_a_home_school_has_no_conflict(champion, school):
    assert said(champion, school) == []


@in_database
class TestHomeSchoolOfTheDay:
    def test_s10_the_home_school_of_the_day_decides_not_the_present_one(self, champion, school):
        champion.lendings.update(ends_on=DAY)
        Lending.objects.create(champion=champion, school=school, starts_on=AFTER)
        Champion.objects.filter(pk=champion.pk).update(home_school=school)
        champion.refresh_from_db()
        assert [kinds(champion, school, day) for day in (DAY, AFTER)] == [[], [Kind.OWN_SCHOOL]]

    def test_the_own_school_is_final_before_and_after_a_conversion(self, champion, school):
        SchoolLink.objects.create(urn=school.urn, linked_urn=champion.home_school_id, kind="predecessor")
        assert said(champion, school) == [(Kind.OWN_SCHOOL, "Vale Academy is the home school of Kim Ode.", True)]

    def test_s8_the_trust_of_the_day_decides(self, school):
        home = make.academy()
        champion = make.champion(home=home)
        make.trust(school, home, name="Mill Lane Trust")
        TrustMembership.objects.filter(school=home).update(left_on=DAY)
        assert [kinds(champion, school, day) for day in (DAY, AFTER)] == [[Kind.TRUST], []]

    def test_where_no_agreement_holds_it_is_final_and_says_what_to_do(self, champion, school):
        champion.lendings.update(ends_on=BEFORE)
        sentence = (
            "Mill Lane School lent Kim Ode until 17 January 2023. Have the home school for 18 January 2023 entered in "
            "the register first."
        )
        assert said(champion, school) == [(Kind.LENDING, sentence, True)]
        assert said(champion, school, BEFORE) == []

    def test_before_the_first_agreement_and_without_any_it_says_so_too(self, champion, school):
        champion.lendings.update(starts_on=AFTER)
        assert said(champion, school)[0][1].startswith("Mill Lane School lends Kim Ode from 19 January 2023 on. Have")
        champion.lendings.all().delete()
        assert said(champion, school)[0][1].startswith("No school lends Kim Ode. Have the home school")


@in_database
class TestInterests:
    def test_a_declared_interest_in_the_school_needs_a_reason_and_keeps_its_words_apart(self, champion, school):
        declare(champion, school=school)
        (found,) = conflicts_of(champion, school, DAY)
        assert (found.kind, found.sentence, found.is_final, found.detail) == (
            Kind.INTEREST, "Kim Ode has declared an interest in Vale Academy.", False, "A sister teaches there"
        )  # fmt: skip

    def test_it_holds_from_the_day_it_is_declared_to_the_day_it_ends(self, champion, school):
        declare(champion, school=school, ended_on=AFTER)
        days = [BEFORE, DAY, AFTER, AFTER + timedelta(days=1)]
        assert [len(kinds(champion, school, day)) for day in days] == [0, 1, 1, 0]

    def test_an_interest_in_a_trust_reaches_the_schools_that_are_in_it_that_day(self, champion, school):
        trust = make.trust(school, name="Mill Lane Trust")
        TrustMembership.objects.update(left_on=DAY)
        declare(champion, trust=trust)
        assert [kinds(champion, school, day) for day in (DAY, AFTER)] == [[Kind.INTEREST], []]
        assert said(champion, school)[0][1] == "Kim Ode has declared an interest in Mill Lane Trust."

    def test_an_interest_in_a_school_follows_it_through_its_conversion(self, champion, school):
        old = make.school()
        SchoolLink.objects.create(urn=school.urn, linked_urn=old.urn, kind="predecessor")
        declare(champion, school=old)
        assert kinds(champion, school) == [Kind.INTEREST]

    def test_one_in_another_school_or_of_another_champion_is_none(self, champion, school):
        declare(champion, school=make.school())
        declare(make.champion(), school=school)
        assert kinds(champion, school) == []


@in_database
class TestChecks:
    @pytest.fixture
    def training(self):
        return CheckKind.objects.create(name="Safeguarding training", good_for_months=12)

    def test_a_required_check_that_is_missing_is_for_leaders(self, champion, school, training):
        (found,) = conflicts_of(champion, school, DAY)
        assert (found.sentence, found.is_final, found.is_for_leaders) == (
            "Kim Ode has no “Safeguarding training” in the register by 18 January 2023.", False, True
        )  # fmt: skip

    def test_one_that_expired_before_the_day_is_none_on_its_last_day(self, champion, school, training):
        check(champion, training, date(2022, 1, 19), DAY)
        assert said(champion, school) == []
        assert said(champion, school, AFTER) == [
            (Kind.CHECK, "“Safeguarding training” of Kim Ode expired on 18 January 2023.", False)
        ]

    def test_a_renewed_check_holds(self, champion, school, training):
        check(champion, training, date(2021, 1, 19), date(2022, 1, 18))
        check(champion, training, date(2022, 1, 17), date(2023, 1, 30))
        assert kinds(champion, school) == []

    def test_one_that_is_not_required_asks_nothing(self, champion, school, training):
        CheckKind.objects.update(is_required=False)
        assert kinds(champion, school) == []

    def test_other_conflicts_are_not_for_leaders_alone(self, champion, school):
        declare(champion, school=school)
        assert [each.is_for_leaders for each in conflicts_of(champion, school, DAY)] == [False]


@in_database
@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_champions_and_schools_costs_six_queries(count, django_assert_num_queries):
    kind = CheckKind.objects.create(name="Induction")
    champions, schools = [make.champion(home=make.academy()) for _ in range(count)], []
    for champion in champions:
        schools.append(make.academy())
        make.trust(champion.home_school, schools[-1])
        declare(champion, school=schools[-1])
        check(champion, kind, DAY)
    with django_assert_num_queries(6):
        ties = Ties([each.pk for each in schools], champions=[each.pk for each in champions])
        found = [ties.conflicts_of(one, other, DAY) for one in champions for other in schools]
    assert sum(map(len, found)) == 2 * count


@given(
    st.tuples(st.none() | st.dates(BEFORE, AFTER), st.none() | st.dates(BEFORE, AFTER)),
    st.dates(BEFORE - timedelta(days=1), AFTER + timedelta(days=1)),
)
def test_whoever_is_not_lent_on_a_day_is_told_so_and_nobody_else(span, day):
    lending = Lending(school=School(name="Mill Lane"), starts_on=span[0], ends_on=span[1])
    assert (not_lent(Champion(name="Kim Ode"), [lending], day) == "") is lending.holds_on(day)
