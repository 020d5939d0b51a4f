"""What worked: the sums of the report, and where there are too few deployments to say."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from impact.ratings import RANKS
from impact.worked import BY, GRADES, Facts, summed, what_worked
from schools.risk import Move

READING = Facts("Early reading", "SSPC", 6, has_ended=True, ratings=[("Read", "fully")], moved=Move.LOWERED)
WRITING = Facts("Writing", "SSLC", 4, has_ended=False, grades=["secure"])


def labels(rows):
    return [row.labels for row in rows]


def test_by_area_by_type_and_by_both():
    deployments = [WRITING, READING, replace(READING, champion_type="SSLC")]
    assert labels(what_worked(deployments, by="area")) == [("Early reading",), ("Writing",)]
    assert labels(what_worked(deployments, by="type")) == [("SSLC",), ("SSPC",)]
    both = [("Early reading", "SSLC"), ("Early reading", "SSPC"), ("Writing", "SSLC")]
    assert labels(what_worked(deployments, by="both")) == both


def test_a_line_adds_up():
    kept = replace(READING, half_days=3, moved=Move.KEPT, ratings=[("Read", "partly"), ("Write", "not yet")])
    [row] = what_worked([READING, kept, replace(READING, moved=None, has_ended=False, grades=["strong"])], by="area")
    assert (row.deployments, row.ended, row.running, row.half_days) == (3, 2, 1, 15)
    assert (row.evaluated, row.outcomes.rated, row.outcomes.well, row.average) == (3, 4, 2, Decimal("1.8"))
    assert (row.lowered, row.kept, row.raised) == (1, 1, 0)
    assert row.grades == {"strong": 1, "secure": 0, "needs work": 0}


def test_the_same_words_at_two_schools_are_two_outcomes():
    assert summed([READING, READING], ()).outcomes.rated == 2


def test_of_two_deployments_nothing_is_said_about_their_effect():
    [few], [enough] = what_worked([READING] * 2, by="area"), what_worked([READING] * 3, by="area")
    assert (few.is_too_few, few.average) == (True, None)
    assert (enough.is_too_few, enough.average) == (False, Decimal("3.0"))


def test_a_figure_needs_three_deployments_that_have_it():
    """Three deployments, of which two were evaluated and one has ended with a category on both days."""
    [row] = what_worked([READING, replace(READING, moved=None), replace(WRITING, area="Early reading")], by="area")
    assert (row.is_too_few, row.evaluated, row.says_outcomes, row.average, row.says_category) == (
        False, 2, False, None, False,
    )  # fmt: skip


def test_no_deployment_makes_no_line():
    assert what_worked([], by="both") == []


facts = st.builds(
    Facts,
    area=st.sampled_from("abc"),
    champion_type=st.sampled_from("xy"),
    half_days=st.integers(0, 40),
    has_ended=st.booleans(),
    ratings=st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(sorted(RANKS))), max_size=5),
    moved=st.sampled_from([None, Move.LOWERED, Move.KEPT, Move.RAISED]),
    grades=st.lists(st.sampled_from(GRADES), max_size=2),
)


@given(st.lists(facts, max_size=30), st.sampled_from(sorted(BY)))
def test_however_it_is_cut_nothing_is_lost_or_counted_twice(deployments, by):
    rows, whole = what_worked(deployments, by=by), summed(deployments, ())
    for name in ("deployments", "ended", "running", "half_days", "evaluated", "lowered", "kept", "raised"):
        assert sum(getattr(row, name) for row in rows) == getattr(whole, name)
    assert sum(row.outcomes.rated for row in rows) == whole.outcomes.rated
    assert sum(row.outcomes.well for row in rows) == whole.outcomes.well
    assert [sum(row.grades[grade] for row in rows) for grade in GRADES] == [whole.grades[grade] for grade in GRADES]
