"""Registering and changing a champion: types, skills, phases, checks, interests, availability; all with a trail."""

from datetime import date, timedelta

import pytest

from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.availability import set_availability
from support.actions.champions import change_champion, register_champion
from support.actions.vetting import declare_interest, end_interest, record_check, remove_check
from support.checked import checks_of, with_checks
from support.models import Champion, ChampionCheck, CheckKind, Interest, Phase, Skill
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def lead():
    return make.user("lead")


@pytest.fixture
def champion():
    return make.champion("SSLC", name="Kim Ode")


@pytest.fixture
def training():
    return CheckKind.objects.create(name="Safeguarding training", good_for_months=12)


def trail():
    return [(event.verb, event.details) for event in Event.objects.order_by("pk")]


class TestAnEntry:
    def test_a_champion_has_several_types_skills_and_phases_and_days_agreed_with_the_home_school(self, lead):
        sslc, sspc, able = (make.champion_type(code) for code in ("SSLC", "SSPC", "ABLE"))
        reading, primary = Skill.objects.create(name="Early reading"), Phase.objects.create(name="Primary")
        made = register_champion(
            code="CH01", name="Kim Ode", champion_type=sslc, other_types=[sslc, sspc], skills=[reading],
            phases=[primary], home_school=make.school(110001), half_days_a_year=20, lent_since=DAY, by=lead,
        )  # fmt: skip
        assert [made.has_type(kind) for kind in (sslc, sspc, able)] == [True, True, False]
        assert [list(rows.all()) for rows in (made.other_types, made.skills, made.phases)] == [
            [sspc], [reading], [primary]
        ]  # fmt: skip
        assert list(made.lendings.values_list("school", "starts_on", "ends_on", "half_days_a_year")) == [
            (110001, DAY, None, 20)
        ]
        assert trail() == [("champion.registered", {"code": "CH01", "type": "SSLC", "half_days_a_year": 20})]

    def test_a_change_says_what_was_and_what_is(self, champion, lead):
        reading = Skill.objects.create(name="Early reading")
        change_champion(
            champion, name="Kim Odell", champion_type=champion.type, email="", is_active=False, skills=[reading],
            by=lead,
        )  # fmt: skip
        changed = {"name": ["Kim Ode", "Kim Odell"], "skills": [[], ["Early reading"]], "is_active": [True, False]}
        assert trail() == [("champion.changed", {"changed": changed})]

    def test_what_becomes_the_main_type_is_no_further_one_any_more(self, champion, lead):
        sspc = make.champion_type("SSPC")
        champion.other_types.set([sspc])
        change_champion(
            champion, name="Kim Ode", champion_type=sspc, other_types=[sspc, make.champion_type("SSLC")], email="",
            is_active=True, by=lead,
        )  # fmt: skip
        assert (champion.type.code, [kind.code for kind in champion.other_types.all()]) == ("SSPC", ["SSLC"])


class TestChecks:
    def test_a_last_day_is_proposed_from_the_months_that_it_is_good_for(self, champion, training, lead):
        check = record_check(champion, kind=training, done_on=DAY, by=lead, on=DAY)
        said = {"kind": "Safeguarding training", "done_on": "2023-01-18", "expires_on": "2024-01-17"}
        assert (check.expires_on, trail()) == (date(2024, 1, 17), [("champion.checked", said)])

    def test_a_last_day_that_is_entered_stands(self, champion, training, lead):
        assert record_check(
            champion, kind=training, done_on=DAY, expires_on=AFTER, by=lead, on=DAY
        ).expires_on == AFTER  # fmt: skip

    @pytest.mark.parametrize(
        ("wrong", "field"), [({"done_on": AFTER}, "done_on"), ({"expires_on": BEFORE}, "expires_on")]
    )
    def test_what_is_still_to_come_or_ends_before_it_is_done_is_refused(self, champion, training, lead, wrong, field):
        with pytest.raises(Refusal) as refused:
            record_check(champion, **{"kind": training, "done_on": DAY, "by": lead, "on": DAY} | wrong)
        assert (refused.value.field, ChampionCheck.objects.count()) == (field, 0)

    def test_pressing_twice_records_once_and_another_last_day_is_refused(self, champion, training, lead):
        values = {"kind": training, "done_on": DAY, "by": lead, "on": DAY}
        assert record_check(champion, **values) == record_check(champion, **values)
        with pytest.raises(Refusal, match="“Safeguarding training” of 18 January 2023 is in the register already"):
            record_check(champion, expires_on=AFTER, **values)
        assert (ChampionCheck.objects.count(), len(trail())) == (1, 1)

    def test_a_wrong_entry_is_removed_with_a_reason_and_the_trail_keeps_it(self, champion, training, lead):
        check = record_check(champion, kind=training, done_on=DAY, by=lead, on=DAY)
        with pytest.raises(Refusal, match="Say what is wrong"):
            remove_check(check, why=" ", by=lead)
        remove_check(check, why="It was somebody else", by=lead)
        event = Event.objects.order_by("pk").last()
        assert (event.verb, event.why, event.details["done_on"]) == (
            "champion.check_removed", "It was somebody else", "2023-01-18"
        )  # fmt: skip
        with pytest.raises(Refusal, match="has been removed already"):
            remove_check(check, why="Again", by=lead)

    def test_each_required_kind_says_how_it_stands(self, champion, training, lead):
        CheckKind.objects.create(name="Induction", position=1)
        CheckKind.objects.create(name="First aid", is_required=False)
        record_check(champion, kind=training, done_on=date(2022, 2, 1), by=lead, on=DAY)
        found = [
            (each.kind.name, each.standing.value, each.colour, len(each.entries)) for each in checks_of(champion, DAY)
        ]
        assert found == [("Safeguarding training", "Expires soon", "yellow", 1), ("Induction", "Missing", "red", 0)]

    @pytest.mark.parametrize(
        ("done_on", "expires_on", "lacks", "soon"),
        [
            (None, None, True, False),
            (DAY, None, False, False),
            (BEFORE, DAY + timedelta(days=60), False, False),
            (BEFORE, DAY + timedelta(days=59), False, True),
            (BEFORE, DAY, False, True),
            (BEFORE, BEFORE, True, False),
            (AFTER, None, True, False),
        ],
    )
    def test_a_list_knows_what_the_rule_says(self, champion, training, lead, done_on, expires_on, lacks, soon):
        if done_on:
            values = {"kind": training, "done_on": done_on, "expires_on": expires_on, "recorded_by": lead}
            ChampionCheck.objects.create(champion=champion, **values)
        row = with_checks(Champion.objects.all(), on=DAY).get()
        (said,) = checks_of(champion, DAY)
        assert (row.lacks_check, row.check_expires_soon) == (lacks, soon)
        assert (not said.standing.holds, said.standing.value == "Expires soon") == (lacks, soon)

    def test_a_kind_that_is_not_required_lacks_nobody(self, champion, training):
        CheckKind.objects.update(is_required=False)
        assert with_checks(Champion.objects.all(), on=DAY).get().lacks_check is False


class TestInterests:
    def declare(self, champion, lead, **rest):
        values = {"what": "A sister teaches there", "declared_on": DAY, "by": lead, "on": DAY}
        return declare_interest(champion, **values | rest)

    def test_one_in_a_school_or_a_trust_is_declared_and_the_trail_has_no_word_of_it(self, champion, lead):
        school, trust = make.academy(), make.trust()
        self.declare(champion, lead, school=school)
        self.declare(champion, lead, trust=trust)
        assert trail() == [
            ("champion.interest_declared", {"school": school.pk, "trust": None}),
            ("champion.interest_declared", {"school": None, "trust": trust.pk}),
        ]

    def test_neither_both_or_a_day_to_come_is_refused(self, champion, lead):
        school = make.school()
        for wrong in ({}, {"school": school, "trust": make.trust()}, {"school": school, "declared_on": AFTER}):
            with pytest.raises(Refusal):
                self.declare(champion, lead, **wrong)
        assert not Interest.objects.exists()

    def test_a_form_declares_it_once(self, champion, lead):
        school = make.school()
        first = self.declare(champion, lead, school=school, request_key="k")
        assert self.declare(champion, lead, school=school, request_key="k") == first
        assert (Interest.objects.count(), len(trail())) == (1, 1)

    def test_it_ends_once_on_a_day_that_has_come(self, champion, lead):
        interest = self.declare(champion, lead, school=make.school())
        for wrong in (BEFORE, AFTER):
            with pytest.raises(Refusal) as refused:
                end_interest(interest, ended_on=wrong, by=lead, on=DAY)
            assert refused.value.field == "ended_on"
        end_interest(interest, ended_on=DAY, by=lead, on=DAY)
        with pytest.raises(Refusal, match="has ended already"):
            end_interest(interest, ended_on=DAY, by=lead, on=DAY)
        assert (interest.ended_on, [verb for verb, _ in trail()]) == (
            DAY, ["champion.interest_declared", "champion.interest_ended"]
        )  # fmt: skip


class TestAvailability:
    def said(self, champion):
        return list(champion.availabilities.values_list("half_term__name", "half_days"))

    def test_it_is_said_changed_and_taken_back_for_each_half_term(self, champion, lead):
        first, second, third, *_ = make.half_terms()
        assert set_availability(champion, {first: 8, second: 0, third: None}, by=lead) == 2
        assert self.said(champion) == [("Autumn 1", 8), ("Autumn 2", 0)]
        assert set_availability(champion, {first: 8, second: None, third: 5}, by=lead) == 2
        assert self.said(champion) == [("Autumn 1", 8), ("Spring 1", 5)]
        assert trail()[1] == (
            "champion.availability_said",
            {"half_days": {"Autumn 2 2022/23": [0, None], "Spring 1 2022/23": [None, 5]}},
        )

    def test_what_stands_already_leaves_no_trail(self, champion, lead):
        first, *_ = make.half_terms()
        assert [set_availability(champion, {first: 8}, by=lead) for _ in range(2)] == [1, 0]
        assert len(trail()) == 1

    def test_a_half_term_has_only_its_working_days(self, champion, lead):
        first, *_ = make.half_terms()
        set_availability(champion, {first: 70}, by=lead)
        with pytest.raises(Refusal, match="Autumn 1 has only 35 working days") as refused:
            set_availability(champion, {first: 71}, by=lead)
        assert (refused.value.field, self.said(champion)) == (f"term_{first.pk}", [("Autumn 1", 70)])
