"""Two versions of a text, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from visits.changes import Piece, changes


def test_what_was_taken_out_stands_before_what_took_its_place():
    assert changes("Reading in Year 2", "Reading in Year 3 went well") == [
        Piece("same", "Reading in Year "),
        Piece("removed", "2"),
        Piece("added", "3 went well"),
    ]


def test_the_same_text_is_one_piece():
    assert changes("Reading", "Reading") == [Piece("same", "Reading")]


def test_an_empty_text_has_no_piece():
    assert changes("", "") == []


def test_a_text_that_repeats_itself_is_compared_by_lines_and_then_whole():
    lines = [f"{number} {'reading ' * 1000}\n" for number in range(3)]
    assert changes("".join(lines), "".join(lines[:2])) == [
        Piece("same", "".join(lines[:2])),
        Piece("removed", lines[2]),
    ]
    assert changes("\n" * 20_000, "\n" * 19_999) == [Piece("removed", "\n" * 20_000), Piece("added", "\n" * 19_999)]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_back(old, new):
    pieces = changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
