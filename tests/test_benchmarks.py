"""The benchmarks' harness: it compares answers before times, and a missed goal fails the run."""

from io import StringIO

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.harness import Harness, seconds


def ticks(*moments):
    """A clock that shows these moments, one at each look."""
    return iter(moments).__next__


def test_each_side_counts_with_its_best_round():
    harness = Harness(StringIO())
    clock = ticks(0, 8, 10, 12, 20, 24, 30, 33)
    assert harness.compare("x", lambda: 1, lambda: 1, goal=2, rounds=2, clock=clock) == (4, 2)
    assert [(row.ratio, row.passed) for row in harness.results] == [("2.0x", True)]


def test_a_sampled_naive_side_is_scaled_up_and_says_so():
    harness = Harness(StringIO())
    harness.compare("x", lambda: 1, lambda: 1, goal=100, rounds=1, clock=ticks(0, 1, 2, 4), naive_share=0.01)
    assert [(row.naive, row.ours, row.ratio, row.passed) for row in harness.results] == [
        ("100.00 s", "2.00 s", "50.0x", False)
    ]
    assert harness.out.getvalue().endswith("the naive side did 1.0% of the work, and its time is scaled up\n")


def test_different_answers_are_no_comparison():
    with pytest.raises(AssertionError, match="different answers"):
        Harness(StringIO()).compare("x", lambda: 1, lambda: 2, goal=1)


def test_a_missed_goal_is_kept():
    harness = Harness(StringIO())
    harness.at_most("memory", naive=100, ours=31, limit=30, unit="MiB")
    harness.holds("bytes", "identical", naive=False, ours=True)
    assert [row.name for row in harness.missed] == ["memory"]


def test_an_unknown_name_is_refused(capsys):
    assert benchmarks.main(["no-such-benchmark"]) == 2
    assert capsys.readouterr().err == "No benchmark is called no-such-benchmark.\n"


def test_seconds_are_readable():
    assert [seconds(value) for value in (0.0083, 1.25, 852)] == ["8.3 ms", "1.25 s", "14.2 min"]
