"""Categories from a spreadsheet (S1)."""

from datetime import date

import pytest

from schools.models import CategoryEntry
from schools.spreadsheets import CATEGORIES
from sidebyside.audit.models import Event
from sidebyside.sheets import read
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,category,from,reason\n"


@pytest.fixture
def school():
    """A school, and the three categories."""
    for name in ("Enhancement", "Prevention", "Intervention"):
        make.category(name)
    return make.school(110195, name="Turville School")


def stored():
    entries = CategoryEntry.objects.order_by("starts_on")
    return list(entries.values_list("category__name", "starts_on", "state", "reason"))


def test_a_row_becomes_a_confirmed_category(school, import_file):
    result = import_file("categories", HEADER + "110195,Prevention,2022-09-01,Agreed in the autumn\n")
    assert (result.lines, result.code) == (["categories.csv: 1 new, 0 changed, 0 the same, 0 refused."], 0)
    assert stored() == [("Prevention", date(2022, 9, 1), "confirmed", "Agreed in the autumn")]


def test_without_a_reason_the_file_is_the_reason(school, import_file):
    import_file("categories", "urn,category,from\n110195,PREVENTION,01/09/2022\n")
    assert stored() == [("Prevention", date(2022, 9, 1), "confirmed", "Imported from categories.csv")]


def test_the_same_file_again_changes_nothing(school, import_file):
    text = HEADER + "110195,Prevention,2022-09-01,Agreed\n110195,Intervention,2023-01-09,Worse\n"
    import_file("categories", text)
    before = stored(), Event.objects.count()
    assert import_file("categories", text).lines == ["categories.csv: 0 new, 0 changed, 2 the same, 0 refused."]
    assert (stored(), Event.objects.count()) == before


def test_rows_in_any_order_give_the_same_category_on_a_day(school, import_file):
    import_file("categories", HEADER + "110195,Intervention,2023-01-09,Worse\n110195,Prevention,2022-09-01,Agreed\n")
    in_force = [
        CategoryEntry.objects.in_force_on(day).get().category.name for day in (date(2023, 1, 8), date(2023, 1, 9))
    ]
    assert in_force == ["Prevention", "Intervention"]


def test_a_confirmed_category_is_never_overwritten(school, import_file):
    make.categorise(school, "Prevention")
    result = import_file("categories", HEADER + "110195,Intervention,2022-09-01,Worse\n")
    assert result.lines[1:] == [
        "  line 2, column category: Turville School (110195) has a confirmed category from that day already: "
        "Prevention. Withdraw that one first"
    ]
    assert [row[0] for row in stored()] == ["Prevention"]


def test_two_rows_of_one_file_can_not_disagree(school, import_file):
    rows = "110195,Prevention,2022-09-01,a\n110195,Prevention,2022-09-01,b\n110195,Enhancement,2022-09-01,c\n"
    result = import_file("categories", HEADER + rows)
    assert result.lines[0] == "categories.csv: 1 new, 0 changed, 1 the same, 1 refused."
    assert [row[0] for row in stored()] == ["Prevention"]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("110196,Prevention,2022-09-01,x", "urn: 110196 is not in the register here"),
        ("110400,Prevention,2022-09-01,x", "urn: Private School (110400) is neither maintained nor an academy"),
        ("110195,Support,2022-09-01,x", "category: “Support” is not a category: the known ones are Enhancement, Prev"),
        ("110300,Prevention,2023-02-01,x", "from: Old School (110300) closed on 31 January 2023"),
        ("140300,Prevention,2023-01-31,x", "from: New Academy (140300) opened only on 1 February 2023"),
        ("110195,Prevention,2095-02-01,x", "from: is later than "),
        ("110195,,2022-09-01,x", "category: is empty"),
    ],
)
def test_a_bad_row_says_what_is_wrong(school, import_file, row, where):
    make.school(110300, name="Old School", status="closed", closed_on=date(2023, 1, 31))
    make.academy(140300, name="New Academy", opened_on=date(2023, 2, 1))
    make.school(110400, name="Private School", type_code="11")
    result = import_file("categories", HEADER + row + "\n")
    assert result.lines[1].startswith(f"  line 2, column {where}")
    assert (result.code, result.error, stored()) == (1, "1 row was refused.", [])


def test_each_category_leaves_an_event_with_its_reason(school, import_file):
    import_file("categories", HEADER + "110195,Prevention,2022-09-01,Agreed\n")
    event = Event.objects.get(verb="school.category_confirmed")
    entry = CategoryEntry.objects.get()
    assert (event.subject, event.school_urn, event.why) == ("school:110195", 110195, "Agreed")
    assert event.details == {"entry": entry.pk, "category": "Prevention", "starts_on": "2022-09-01"}


def test_planning_takes_three_queries_whatever_the_rows(school, today, django_assert_num_queries):
    def sheet(rows: int):
        lines = (f"110195,Prevention,{day:02d}/09/2022,x\n" for day in range(1, rows + 1))
        return read((HEADER + "".join(lines)).encode(), name="c.csv", layout=CATEGORIES.layout)

    for rows in (1, 28):
        with django_assert_num_queries(3):
            assert len(CATEGORIES.plan(sheet(rows), today).entries) == rows
