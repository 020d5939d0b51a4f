"""Spreadsheets that no program runs and every program reads."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sidebyside.csv import ROWS_A_CHUNK, cell, csv_lines, csv_response


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 1296 000000", "-2+3", "@SUM(A1)", "\tx", "\rx", "  =1+1", "\n=1", "＝1+1"]
)
def test_a_text_is_never_a_formula(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Mill Lane", "St Mary’s", "a=b", "1-2", "'quoted", "", "  indented", "£5 – £6"])
def test_any_other_text_stays_as_it_is(text):
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-2, "-2"),
        (Decimal("-137.50"), "-137.50"),
        (0, "0"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (date(2023, 3, 31), "2023-03-31"),
        (datetime(2023, 3, 31, 23, 30, tzinfo=UTC), "2023-04-01 00:30:00"),
    ],
)
def test_each_kind_of_value_has_one_text(value, text):
    assert cell(value) == text


def test_awkward_cells_come_back_as_they_went_in():
    row = ['He said "yes"', "a,b", "two\nlines", "two\r\nlines", " spaced ", "é’£"]
    lines = "".join(csv_lines(["a", "b", "c", "d", "e", "f"], [row]))
    assert list(csv.reader(io.StringIO(lines, newline=""))) == [["a", "b", "c", "d", "e", "f"], row]


def test_lines_end_as_rfc_4180_says():
    assert "".join(csv_lines(["a", "b"], [[1, 2]])) == "a,b\r\n1,2\r\n"


def test_no_rows_leave_the_headings():
    assert "".join(csv_lines(["a"], [])) == "a\r\n"


@pytest.mark.parametrize("number", [ROWS_A_CHUNK - 1, ROWS_A_CHUNK, ROWS_A_CHUNK + 1])
def test_no_row_is_lost_between_two_pieces(number):
    lines = "".join(csv_lines(["n"], ([n] for n in range(number))))
    assert lines.splitlines() == ["n", *(str(n) for n in range(number))]


def test_a_download_streams_and_has_a_name():
    response = csv_response("schools.csv", ["urn"], iter([[100001]]))
    assert (response.streaming, response["Content-Type"], response["Content-Disposition"]) == (
        True,
        "text/csv; charset=utf-8",
        'attachment; filename="schools.csv"',
    )
    assert response.getvalue() == b"urn\r\n100001\r\n"
