"""Rule S6 and what the register's cells mean: no database is needed."""

from datetime import date

import pytest

from schools import gias
from schools.models import School, SchoolLink, Trust

HEADER = ["EstablishmentName", "URN", "Unheard of", "TypeOfEstablishment (code)", "EstablishmentStatus (code)"]


def layout(*more):
    return gias.Layout(gias.ESTABLISHMENTS, [*HEADER, *more])


@pytest.mark.parametrize("written", ["31-01-2023", "31/01/2023", "2023-01-31", " 31-01-2023 "])
def test_a_date_may_be_written_in_three_ways(written):
    assert gias.day(written) == date(2023, 1, 31)


@pytest.mark.parametrize("written", ["", "  ", "01-01-1900", "01/01/1900"])
def test_the_first_of_january_1900_means_that_the_day_is_unknown(written):
    assert gias.day(written) is None


@pytest.mark.parametrize("written", ["31-02-2023", "2023", "31-01-23", "soon", "01-31-2023"])
def test_what_is_no_date_is_refused_with_the_text_that_stands_there(written):
    with pytest.raises(ValueError) as refused:
        gias.day(written)
    assert str(refused.value) == f"“{written}” is not a date such as 31-01-2023 or 31/01/2023."


@pytest.mark.parametrize("written", ["1", "01", " 01 ", "001"])
def test_a_type_code_gets_back_the_zero_that_a_spreadsheet_took(written):
    assert gias.code(2)(written) == "01"


def test_a_blank_code_stays_blank():
    assert gias.code(2)("") == ""


@pytest.mark.parametrize("written", ["A1", "123", "1.0", "-1", "²"])
def test_what_is_no_code_is_refused(written):
    with pytest.raises(ValueError) as refused:
        gias.code(2)(written)
    assert str(refused.value) == f"“{written}” is not a code of 2 digits."


def test_a_school_that_is_proposed_to_close_is_open_and_one_proposed_to_open_is_not():
    assert [gias.status(code) for code in ("1", "2", "3", "4", "03")] == [
        "open",
        "closed",
        "closing",
        "proposed",
        "closing",
    ]


@pytest.mark.parametrize("written", ["", "0", "5", "Open"])
def test_a_status_that_the_register_does_not_have_is_refused(written):
    with pytest.raises(ValueError):
        gias.status(written)


@pytest.mark.parametrize("written", ["", "12345", "1234567", "012345", "11019x", "110195.0"])
def test_a_urn_has_six_digits(written):
    with pytest.raises(ValueError):
        gias.urn(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Chesham Bois Church of England  School", "Chesham Bois Church of England School"),
        (" Stanley  Primary\xa0School ", "Stanley Primary School"),
        ("École Jacques Prévert", "École Jacques Prévert"),
        ("St John's, St John’s and St John`s", "St John's, St John’s and St John`s"),
    ],
)
def test_a_name_has_single_spaces_and_keeps_its_accents_and_apostrophes(written, kept):
    assert gias.text(160, needed=True)(written) == kept


def test_a_text_longer_than_its_place_is_refused():
    with pytest.raises(ValueError) as refused:
        gias.text(8)("HP21 8JG X")
    assert str(refused.value) == "It is longer than 8 characters."


def test_columns_are_found_by_name_wherever_they_stand():
    read = layout("CloseDate")
    assert read.fields == ("urn", "name", "type_code", "status", "closed_on")
    assert read.values(["Hill School", "110195", "?", "1", "2", "31-08-2022"]) == (
        110195,
        "Hill School",
        "01",
        "closed",
        date(2022, 8, 31),
    )


def test_the_first_bad_cell_of_a_row_is_named_by_its_column():
    with pytest.raises(gias.CellError) as refused:
        layout("CloseDate").values(["Hill School", "110195", "", "1", "9", "soon"])
    assert (refused.value.column, refused.value.reason) == (
        "EstablishmentStatus (code)",
        "“9” is not a status from 1 to 4.",
    )


def test_a_file_is_recognised_by_the_columns_it_must_have():
    assert gias.looks_like([*HEADER, "Town"]) == "establishments"
    assert gias.looks_like(["URN", "LinkURN", "LinkName", "LinkType"]) == "links"
    assert gias.looks_like(["Group UID", "Group Name", "Joined date", "Academy URN"]) == "trusts"
    assert gias.looks_like(["urn", "category"]) is None


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        ("Successor", "successor"),
        ("Predecessor - merged", "predecessor"),
        ("Successor - Split School", "successor"),
        ("Sixth Form Centre Link", None),
        ("Result of Amalgamation", None),
    ],
)
def test_a_link_is_a_history_when_it_says_which_school_came_first(detail, kind):
    assert gias.link_kind(detail) == kind


@pytest.mark.parametrize(
    ("columns", "model"), [(gias.ESTABLISHMENTS, School), (gias.LINKS, SchoolLink), (gias.TRUSTS, Trust)]
)
def test_a_text_that_can_be_read_fits_into_its_place_in_the_database(columns, model):
    names = {field.name: field for field in model._meta.get_fields()}
    for column in columns:
        longest = getattr(names.get(column.field), "max_length", None)
        if longest and column.parse.__qualname__.startswith("text.") and column.field != "detail":
            assert column.parse("x" * longest) == "x" * longest
            with pytest.raises(ValueError):
                column.parse("x" * (longest + 1))
