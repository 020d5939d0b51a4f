"""The rule of matching: which reason counts what, and what never depends on chance. No database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokering.matching import (
    Candidate,
    Impact,
    Kind,
    Named,
    Objection,
    Side,
    Wanted,
    Weights,
    area_of,
    district_of,
    match_of,
    rank,
)

WEIGHTS = Weights(type=25, skill=25, phase=15, days=15, district=10, area=5, impact=10, conflict=30)
SSLC, READING = Named(1, "Leadership Champion (SSLC)"), Named(7, "Early reading")
WANTED = Wanted(
    half_days=8, starts_on=date(2023, 1, 9), ends_on=date(2023, 3, 31), champion_type=SSLC, skill=READING,
    phase="Primary", postcode="HP11 2TZ",
)  # fmt: skip
PERFECT = {
    "types": frozenset({1}),
    "skills": frozenset({7}),
    "phases": frozenset({"Primary"}),
    "postcode": "HP11 1AA",
    "free_this_year": 20,
    "free_then": 8,
    "impact": Impact(2, Decimal(4), 4),
}
SAME_TRUST = Objection("Both are in Mill Lane Academy Trust.", is_final=False)
ASKED = "days are free for the 4 asked for: "
OWN_SCHOOL = Objection("It is the home school.", is_final=True)


def candidate(**facts):
    return Candidate(**{"code": "CH1", "name": "Jo Marsh"} | facts)


def reason(kind, **facts):
    """The side, the words and the points of the one reason of a kind."""
    kinds = {Kind.DISTRICT, Kind.AREA} if kind is Kind.DISTRICT else {kind}
    [found] = [each for each in match_of(WANTED, candidate(**facts), WEIGHTS).reasons if each.kind in kinds]
    return found.side, found.sentence, found.points


def test_everything_that_speaks_for_a_champion_adds_up_to_the_most():
    match = match_of(WANTED, candidate(**PERFECT), WEIGHTS)
    assert (match.fit, match.most) == (100, 100)
    assert {each.side for each in match.reasons} == {Side.FOR}
    assert [each.points for each in match.reasons] == [25, 25, 15, 15, 10, 10]


def test_of_a_champion_of_whom_nothing_is_known_every_reason_says_so_and_counts_nothing():
    match = match_of(WANTED, candidate(types=frozenset({1})), WEIGHTS)
    assert (match.fit, match.most) == (25, 100)
    assert [each.side for each in match.reasons] == [Side.FOR, *[Side.UNKNOWN] * 5]


def test_what_is_not_asked_for_gives_no_reason():
    open_wish = Wanted(half_days=2, starts_on=date(2023, 1, 9), ends_on=date(2023, 1, 31))
    kinds = [each.kind for each in match_of(open_wish, candidate(**PERFECT), WEIGHTS).reasons]
    assert kinds == [Kind.DAYS, Kind.DISTRICT, Kind.IMPACT]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ({1, 2}, (Side.FOR, "Is of the type asked for: Leadership Champion (SSLC).", 25)),
        ({2}, (Side.AGAINST, "Is not of the type asked for: Leadership Champion (SSLC).", 0)),
    ],
)
def test_any_of_a_champions_types_may_be_the_one_asked_for(types, expected):
    assert reason(Kind.TYPE, types=frozenset(types)) == expected


def test_a_skill_that_is_not_on_the_register_speaks_against():
    assert reason(Kind.SKILL, skills=frozenset({8})) == (
        Side.AGAINST, "Early reading is not among the skills on the register.", 0,
    )  # fmt: skip


def test_a_champion_of_another_phase_reads_which():
    assert reason(Kind.PHASE, phases=frozenset({"Secondary", "All-through"})) == (
        Side.AGAINST, "Works in another phase: All-through, Secondary, not Primary.", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("then", "year", "side", "sentence", "points"),
    [
        (8, 20, Side.FOR, "Enough " + ASKED + "4 in those half terms, 10 in the academic year.", 15),
        (None, 8, Side.FOR, "Enough " + ASKED + "4 in the academic year.", 15),
        (4, 20, Side.AGAINST, "Too few " + ASKED + "2 in those half terms, 10 in the academic year.", 7),
        (20, 1, Side.AGAINST, "Too few " + ASKED + "10 in those half terms, 0.5 in the academic year.", 1),
        (0, None, Side.AGAINST, "Too few " + ASKED + "0 in those half terms.", 0),
        (None, None, Side.UNKNOWN, "Nobody has said how many days are free.", 0),
    ],
)  # fmt: skip
def test_days_count_by_the_scarcer_of_half_terms_and_year_and_in_proportion(then, year, side, sentence, points):
    assert reason(Kind.DAYS, free_then=then, free_this_year=year) == (side, sentence, points)


def test_who_has_too_few_days_is_shown_below_who_has_enough_and_not_hidden():
    enough, few = candidate(free_this_year=8), candidate(code="CH0", name="Aa First", free_this_year=2)
    assert [match.candidate.code for match in rank(WANTED, [few, enough], WEIGHTS)] == ["CH1", "CH0"]


@pytest.mark.parametrize(
    ("postcode", "side", "sentence", "points"),
    [
        ("HP11 1AA", Side.FOR, "The home school is in the same postcode district, HP11.", 10),
        ("HP20 1UA", Side.FOR, "The home school is in the same postcode area, HP, in HP20 and not HP11.", 5),
        ("MK18 7HX", Side.AGAINST, "The home school is in another postcode area, in MK18 and not HP11.", 0),
        ("", Side.UNKNOWN, "How far it is, the postcodes on the register do not say.", 0),
    ],
)  # fmt: skip
def test_distance_is_said_by_postcode(postcode, side, sentence, points):
    assert reason(Kind.DISTRICT, postcode=postcode) == (side, sentence, points)


@pytest.mark.parametrize(
    ("postcode", "district", "area"),
    [("HP11 2TZ", "HP11", "HP"), ("hp112tz", "HP11", "HP"), ("W1A 1AA", "W1A", "W"), ("EC1A 1BB", "EC1A", "EC"),
     ("M1 1AE", "M1", "M"), ("", "", ""), ("unknown", "", ""), ("12 34", "", "")],
)  # fmt: skip
def test_a_postcode_has_a_district_and_an_area(postcode, district, area):
    assert (district_of(postcode), area_of(district_of(postcode))) == (district, area)


@pytest.mark.parametrize(
    ("impact", "expected"),
    [
        (Impact(3, Decimal("3.5"), 4), (Side.FOR, "Past impact, from 3 deployments: 3.5 of 4 on average.", 8)),
        (Impact(1, Decimal("1.0"), 4), (Side.AGAINST, "Past impact, from 1 deployment: 1 of 4 on average.", 2)),
        (
            Impact(2, Decimal(4), 4, "early reading"),
            (Side.FOR, "Past impact in early reading, from 2 deployments: 4 of 4 on average.", 10),
        ),
        (None, (Side.UNKNOWN, "No deployment has been evaluated yet.", 0)),
    ],
)
def test_past_impact_counts_in_proportion(impact, expected):
    assert reason(Kind.IMPACT, impact=impact) == expected


def test_a_conflict_takes_points_away_and_asks_for_a_reason():
    match = match_of(WANTED, candidate(**PERFECT, objections=(SAME_TRUST,)), WEIGHTS)
    assert (match.fit, match.is_blocked, match.needs_a_reason) == (70, False, True)
    assert match.reasons[-1].sentence == SAME_TRUST.sentence


def test_the_own_school_blocks_whatever_else_there_is():
    match = match_of(WANTED, candidate(**PERFECT, objections=(SAME_TRUST, OWN_SCHOOL)), WEIGHTS)
    assert (match.is_blocked, match.needs_a_reason) == (True, False)


def test_equals_stand_by_name_and_then_by_code():
    equals = [candidate(code=code, name=name) for code, name in (("CH3", "Ann"), ("CH2", "bea"), ("CH1", "Bea"))]
    assert [match.candidate.code for match in rank(WANTED, equals, WEIGHTS)] == ["CH3", "CH1", "CH2"]


# --- For whatever candidates and weights ------------------------------------------------------------------------------
POINTS = st.integers(0, 100)
WEIGHTINGS = st.builds(
    Weights, type=POINTS, skill=POINTS, phase=POINTS, days=POINTS, district=POINTS, area=POINTS, impact=POINTS,
    conflict=POINTS,
)  # fmt: skip
FREE = st.none() | st.integers(-6, 40)
MARKS = st.decimals(0, 4, places=2)
CANDIDATES = st.builds(
    Candidate,
    code=st.integers(1, 999).map("CH{}".format),
    name=st.sampled_from(["Jo Marsh", "jo marsh", "Ann Reed", "Zoë Hart"]),
    types=st.frozensets(st.integers(1, 3)),
    skills=st.frozensets(st.integers(6, 9)),
    phases=st.frozensets(st.sampled_from(["Primary", "Secondary"])),
    postcode=st.sampled_from(["HP11 1AA", "HP20 1UA", "MK18 7HX", ""]),
    free_this_year=FREE,
    free_then=FREE,
    impact=st.none() | st.builds(Impact, deployments=st.integers(1, 9), average=MARKS, best=st.just(4)),
    objections=st.lists(st.sampled_from([SAME_TRUST, OWN_SCHOOL]), max_size=2).map(tuple),
)
CROWDS = st.lists(CANDIDATES, max_size=12, unique_by=lambda each: each.code)


@given(CROWDS, WEIGHTINGS, st.randoms())
def test_the_ranking_does_not_depend_on_the_order_in_which_champions_come(crowd, weights, chance):
    shuffled = list(crowd)
    chance.shuffle(shuffled)
    assert rank(WANTED, shuffled, weights) == rank(WANTED, crowd, weights)


@given(CROWDS, WEIGHTINGS, st.data())
def test_a_matching_skill_never_lowers_a_champion(crowd, weights, data):
    one = data.draw(CANDIDATES.filter(lambda each: each.code not in {other.code for other in crowd}))
    skilled = Candidate(**vars(one) | {"skills": one.skills | {READING.key}})
    places = [
        [match.candidate.code for match in rank(WANTED, [*crowd, who], weights)].index(one.code)
        for who in (one, skilled)
    ]
    assert places[1] <= places[0]


@given(CROWDS, WEIGHTINGS)
def test_nobody_who_is_blocked_stands_above_one_who_can_be_chosen(crowd, weights):
    blocked = [match.is_blocked for match in rank(WANTED, crowd, weights)]
    assert blocked == sorted(blocked)


@given(CROWDS, WEIGHTINGS)
def test_the_fit_is_the_sum_of_its_reasons_and_never_above_the_most(crowd, weights):
    for match in rank(WANTED, crowd, weights):
        assert match.fit == sum(each.points for each in match.reasons) <= match.most
