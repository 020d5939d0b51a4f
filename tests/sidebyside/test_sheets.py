"""Reading spreadsheets, whichever program saved them (S9)."""

from datetime import date

import pytest

from sidebyside.sheets import Column, Layout, Problem, Row, SheetIsRefused, cells, read, reading

LAYOUT = Layout((Column("urn", ""), Column("home_urn", ""), Column("note", "", is_required=False)))


def rows(content: str | bytes) -> list[dict[str, str]]:
    """The cells of every row."""
    sheet = read(content.encode() if isinstance(content, str) else content, name="a.csv", layout=LAYOUT)
    return [row.cells for row in sheet.rows]


WANTED = [{"urn": "1", "home_urn": "2", "note": "Café"}]
TEXT = "urn,home_urn,note\r\n1,2,Café\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        b"sep=;\r\n" + TEXT.replace(",", ";").encode(),
        b"\r\n" + TEXT.encode(),
        b" URN , Home URN ,NOTE\n 1 , 2 , Caf\xc3\xa9 \n",
        b"note,home_urn,urn\nCaf\xc3\xa9,2,1\n",
        TEXT.encode() + b",,\n\n",
    ],
)
def test_whatever_saved_the_file_it_says_the_same(content):
    assert rows(content) == WANTED


def test_a_semicolon_in_a_text_does_not_part_the_cells():
    assert rows("urn,home_urn,note\n1,2,a;b;c;d\n") == [{"urn": "1", "home_urn": "2", "note": "a;b;c;d"}]


def test_a_text_between_quotation_marks_may_run_over_lines_and_later_lines_keep_their_number():
    sheet = read(b'urn,home_urn,note\n1,2,"a\nb"\n3,4,c\n', name="a.csv", layout=LAYOUT)
    assert [(row.line, row["note"]) for row in sheet.rows] == [(2, "a\nb"), (4, "c")]


def test_an_apostrophe_that_keeps_an_exported_cell_from_being_a_formula_is_taken_off():
    assert rows("urn,home_urn,note\n1,2,'=1+1\n3,4,'tis\n") == [
        {"urn": "1", "home_urn": "2", "note": "=1+1"},
        {"urn": "3", "home_urn": "4", "note": "'tis"},
    ]


def test_missing_cells_at_the_end_of_a_row_are_empty_ones():
    assert rows("urn,home_urn,note\n1,2\n") == [{"urn": "1", "home_urn": "2", "note": ""}]


def test_unknown_columns_are_ignored_and_named():
    sheet = read(b"urn,home_urn,Phone,\n1,2,3,\n", name="a.csv", layout=LAYOUT)
    assert (sheet.ignored, sheet.rows) == (("Phone",), (Row(2, {"urn": "1", "home_urn": "2"}),))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b"\xef\xbb\xbf,,\n", "The file has no first line with the names of the columns."),
        (b"a,b\n1,2\n", "The columns urn and home_urn are missing. The first line must name urn and home_urn."),
        (b"urn,note\n1,2\n", "The column home_urn is missing. The first line must name urn and home_urn."),
        (b"urn,URN,home_urn\n", "The column urn stands twice in the first line. Remove one of them."),
        (
            b"PK\x03\x04rest",
            "This is an Excel workbook. Open it, save it as “CSV UTF-8”, and import that file.",
        ),
        (
            b"urn,home_urn\n1,\x00\n",
            "This is not a text file. Save the spreadsheet as “CSV UTF-8”, and import that file.",
        ),
        (b"x" * (reading.MOST_BYTES + 1), "The file is larger than 20 MB. Split it into several."),
        (
            b"urn,home_urn\n" + b"1,2\n" * (reading.MOST_ROWS + 1),
            "The file has more than 20,000 rows. Split it into several.",
        ),
    ],
)
def test_what_is_no_such_spreadsheet_is_refused_whole_with_a_sentence(content, sentence):
    with pytest.raises(SheetIsRefused) as refused:
        read(content, name="a.csv", layout=LAYOUT)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "1,2,a,b",
            "has more cells than the first line: put a text that holds the separator between quotation marks",
        ),
        ('1,2,"a"b', "the quotation marks do not match: write a quotation mark inside a text twice"),
    ],
)
def test_a_row_that_can_not_be_read_leaves_the_others_good(line, reason):
    sheet = read(f"urn,home_urn,note\n{line}\n3,4,c\n".encode(), name="a.csv", layout=LAYOUT)
    assert (sheet.problems, [row.line for row in sheet.rows]) == ((Problem(2, "", reason),), [3])


def test_a_quotation_mark_that_is_never_closed_is_reported_where_it_opens():
    sheet = read(b'urn,home_urn,note\n1,2,a\n3,4,"b\n5,6,c\n', name="a.csv", layout=LAYOUT)
    assert ([row.line for row in sheet.rows], [problem.line for problem in sheet.problems]) == ([2], [3])


@pytest.mark.parametrize("cell", ["2022-09-01", "01/09/2022", "1/9/2022"])
def test_a_date_is_written_in_two_ways(cell):
    assert cells.day(cell) == date(2022, 9, 1)


@pytest.mark.parametrize("cell", ["09/13/2022", "01/09/22", "2022", "0022-09-01", "1 Sep 2022", "2022-09-31"])
def test_anything_else_is_no_date(cell):
    with pytest.raises(ValueError, match="is not a date such as 2022-09-01 or 01/09/2022"):
        cells.day(cell)


def test_a_problem_says_where_it_is():
    assert [str(Problem(3, "urn", "is empty")), str(Problem(4, "", "is odd"))] == [
        "line 3, column urn: is empty",
        "line 4: is odd",
    ]
