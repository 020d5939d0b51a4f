"""Importing schools: rules S6 and S9."""

import gzip
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.corrections import correct_school
from schools.importing import apply_register, plan_register
from schools.models import Correction, RegisterImport, School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from tests import make
from tests.schools import register

pytestmark = pytest.mark.django_db


def words(things):
    return [str(thing) for thing in things]


def test_a_new_school_is_created_with_what_the_register_says_of_it():
    plan = register.bring(register.schools({"OpenDate": "01-09-1999", "TypeOfEstablishment (code)": "1"}))
    school = School.objects.get()
    assert words(plan.new_schools) == ["110195 Hill School (no type, open)"]
    assert (school.urn, school.name, school.authority_code, school.type_code, school.status) == (
        110195,
        "Hill School",
        "825",
        "01",
        "open",
    )
    assert (school.opened_on, school.closed_on, school.town) == (date(1999, 9, 1), None, "Amersham")


def test_a_plan_alone_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(2):
        plan_register(register.schools())
    assert School.objects.count() == 0


def test_a_changed_school_is_said_field_by_field():
    register.bring(register.schools())
    plan = register.bring(
        register.schools(
            {"EstablishmentStatus (code)": "2", "CloseDate": "31/08/2023", "EstablishmentName": "Hill  School"}
        )
    )
    assert words(plan.changed) == ["110195 Hill School: status: “open” → “closed”; closed on: blank → 31 August 2023"]
    assert plan.summary["closed"] == 1
    assert School.objects.get().closed_on == date(2023, 8, 31)


def test_a_provisional_closing_date_may_move():
    register.bring(register.schools({"EstablishmentStatus (code)": "3", "CloseDate": "31-08-2023"}))
    register.bring(register.schools({"EstablishmentStatus (code)": "3", "CloseDate": "31-12-2023"}))
    assert School.objects.get().closed_on == date(2023, 12, 31)


def test_the_same_file_twice_writes_nothing(django_assert_num_queries):
    files = (register.schools({"URN": "110195"}, {"URN": "140001"}), register.links(), register.trusts())
    register.bring(*files)
    with django_assert_num_queries(5) as captured:
        plan = plan_register(*files)
        assert apply_register(plan, by=None) is None
    assert {query["sql"].split()[0] for query in captured.captured_queries} <= {"SELECT", "DECLARE", "FETCH"}
    assert plan.is_empty
    assert plan.headlines == ["Nothing to change."]
    assert RegisterImport.objects.count() == 1
    assert Event.objects.filter(verb="register.imported").count() == 1


def test_a_school_that_the_file_leaves_out_stays_as_it_is():
    register.bring(register.schools({"URN": "110195"}, {"URN": "110196"}))
    plan = register.bring(register.schools({"URN": "110195"}))
    assert plan.is_empty
    assert School.objects.count() == 2


def test_a_column_that_the_file_leaves_out_blanks_nothing():
    register.bring(register.schools({"Town": "Amersham"}))
    lean = b"URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code)\n110195,New Name,1,1\n"
    register.bring(lean)
    school = School.objects.get()
    assert (school.name, school.town, school.authority_code) == ("New Name", "Amersham", "825")


def test_the_bad_rows_are_reported_by_line_and_column_and_the_good_ones_go_in():
    plan = register.bring(
        register.schools(
            {"URN": "110195"},
            {"URN": "11019"},
            {"URN": "110196", "CloseDate": "31-02-2023"},
            {"URN": "110197", "EstablishmentStatus (code)": "7"},
            {"URN": "110195", "EstablishmentName": "Again"},
            {"URN": "110198", "OpenDate": "01-09-2014", "CloseDate": "31-08-2014"},
            {"URN": "110199", "EstablishmentName": " "},
            {"URN": "110200"},
        )
    )
    assert words(plan.bad_rows) == [
        "establishments, line 3, URN: “11019” is not a URN: six digits.",
        "establishments, line 4, CloseDate: “31-02-2023” is not a date such as 31-01-2023 or 31/01/2023.",
        "establishments, line 5, EstablishmentStatus (code): “7” is not a status from 1 to 4.",
        "establishments, line 6, URN: 110195 stands on line 2 already.",
        "establishments, line 8, EstablishmentName: It is empty.",
        "establishments, line 7, CloseDate: The school closes before it opens.",
    ]
    assert list(School.objects.order_by("urn").values_list("urn", "name")) == [
        (110195, "Hill School"),
        (110200, "Hill School"),
    ]
    assert RegisterImport.objects.get().bad_rows[0] == {
        "file": "establishments",
        "line": 3,
        "column": "URN",
        "reason": "“11019” is not a URN: six digits.",
    }


def test_a_line_is_counted_as_an_editor_counts_it():
    data = register.schools({"EstablishmentName": "Two\nlines"}, {"URN": "x"}) + b"\n110199,825\n"
    plan = plan_register(data)
    assert words(plan.bad_rows) == [
        "establishments, line 4, URN: “x” is not a URN: six digits.",
        "establishments, line 6: The row has 2 cells and the header 8.",
    ]


def test_a_change_that_would_close_a_school_before_it_opens_is_a_bad_row():
    register.bring(register.schools({"OpenDate": "01-09-2014"}))
    plan = plan_register(
        b"URN,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),CloseDate\n"
        b"110195,Hill School,01,2,31-08-2014\n"
    )
    assert words(plan.bad_rows) == ["establishments, line 2, CloseDate: The school closes before it opens."]
    assert plan.is_empty


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_encodings_line_ends_and_gzip_make_no_difference(encoding, ends, pack):
    text = register.text(register.SCHOOL, {"EstablishmentName": "St Mary’s École"}).replace("\r\n", ends)
    register.bring(pack(text.encode(encoding)))
    assert School.objects.get().name == "St Mary’s École"


def test_a_file_may_be_given_by_its_path(tmp_path):
    path = tmp_path / "edubasealldata.csv.gz"
    path.write_bytes(gzip.compress(register.schools()))
    plan = register.bring(path)
    assert plan.files == ["edubasealldata.csv.gz"]
    assert School.objects.count() == 1


def test_only_the_schools_of_the_authority_are_taken():
    plan = register.bring(register.schools({"URN": "110195"}, {"URN": "110196", "LA (code)": "826"}), authority="825")
    assert [school.urn for school in School.objects.all()] == [110195]
    assert plan.bad_rows == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is empty."),
        (b"  \n", "it is empty."),
        (
            b"<!DOCTYPE html><p>Service unavailable</p>",
            "it is a web page, perhaps an error message that was saved in place of the download.",
        ),
        (b"PK\x03\x04rest", "it is a spreadsheet or a zip. Save it as CSV, or unzip it, first."),
        (b"%PDF-1.7", "it is a PDF."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not text. The register’s files are CSV."),
        (gzip.compress(b"URN", mtime=0)[:-6], "it is a damaged gzip: download it again."),
        (
            b"URN,EstablishmentName,from,reason\n",
            "its first line has no column “TypeOfEstablishment (code)”, “EstablishmentStatus (code)”.",
        ),
        (register.links(), "it looks like the register’s links file. Give it as links."),
        (register.trusts(), "it looks like the register’s trusts file. Give it as trusts."),
        ("URN,Name\n".encode("utf-16"), "it is saved as Unicode text. Save it as “CSV UTF-8”."),
        (
            register.schools({"EstablishmentName": '"' + "x" * 140_000}),
            "from line 2 on it cannot be read: perhaps a quotation mark there is never closed.",
        ),
    ],
)
def test_a_file_that_is_no_register_is_refused_whole(data, sentence):
    with pytest.raises(Refusal) as refused:
        plan_register(data)
    assert (refused.value.sentence, refused.value.field) == (
        f"The file given as establishments was not taken: {sentence}",
        "establishments",
    )


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        plan_register(tmp_path / "nowhere.csv")
    assert refused.value.sentence == (
        "The file given as establishments was not taken: it cannot be read (No such file or directory)."
    )


def test_a_file_without_rows_of_the_authority_says_whose_schools_it_holds():
    with pytest.raises(Refusal) as refused:
        plan_register(register.schools({"LA (code)": "826"}), authority="825")
    assert refused.value.sentence == "There is no school of authority 825 in establishments. Its schools are of: 826."


def test_a_file_with_a_first_line_only_is_refused():
    header = register.schools().splitlines()[0]
    with pytest.raises(Refusal) as refused:
        plan_register(header)
    assert refused.value.sentence == "There are no rows below the first line of establishments."


def test_what_was_corrected_by_hand_is_not_overwritten_and_the_rest_is():
    register.bring(register.schools())
    school = School.objects.get()
    correct_school(school, by=make.user("administrator"), why="The head told us", name="The Hill School")
    plan = register.bring(register.schools({"Town": "Chesham"}))
    school.refresh_from_db()
    assert (school.name, school.town) == ("The Hill School", "Chesham")
    assert words(plan.kept) == ["110195 The Hill School: name stays “The Hill School”; the register has “Hill School”"]
    assert plan_register(register.schools({"Town": "Chesham"})).is_empty


def test_a_correction_made_after_the_preview_is_not_overwritten():
    register.bring(register.schools())
    plan = plan_register(register.schools({"EstablishmentName": "Hillside"}))
    correct_school(School.objects.get(), by=make.user("administrator"), why="Told", name="The Hill School")
    with pytest.raises(Refusal) as refused:
        apply_register(plan, by=None)
    assert refused.value.sentence == (
        "Somebody has corrected a school by hand since this preview was made. Preview it again."
    )
    assert School.objects.get().name == "The Hill School"


def test_an_import_leaves_who_and_what():
    person = make.user("administrator")
    register.bring(register.schools())
    made = apply_register(plan_register(register.schools({"Town": "Chesham"})), by=person)
    event = Event.objects.get(verb="register.imported", by=person)
    assert (event.subject, event.details["summary"]["changed"]) == (f"registerimport:{made.pk}", 1)
    change = Event.objects.get(verb="school.changed_by_the_register")
    assert (change.school_urn, change.details) == (110195, {"changes": ["town: “Amersham” → “Chesham”"]})


def test_an_import_takes_as_many_queries_for_one_school_as_for_fifty():
    register.bring(register.schools({"URN": "100000"}))
    counts = []
    for many in (1, 50):
        rows = [{"URN": str(110000 + 100 * many + number)} for number in range(many)]
        with CaptureQueriesContext(connection) as captured:
            register.bring(register.schools(*rows))
        counts.append(len(captured))
    assert School.objects.count() == 52
    assert counts[0] == counts[1]


# --- Corrections ------------------------------------------------------------------------------------------------------
def test_a_correction_keeps_who_why_and_what_it_was():
    school, person = make.school(name="Hill"), make.user("administrator")
    correct_school(school, by=person, why="The head told us", name="The Hill School")
    correction = Correction.objects.get()
    assert (correction.field, correction.reason, correction.corrected_by) == ("name", "The head told us", person)
    event = Event.objects.get(verb="school.corrected")
    assert (event.why, event.details) == ("The head told us", {"changes": ["name: “Hill” → “The Hill School”"]})


@pytest.mark.parametrize(
    ("fields", "why", "sentence"),
    [
        ({"name": "Other"}, " ", "Say why the school’s entry is corrected."),
        ({"name": "Hill"}, "Told", "Nothing differs from what the school’s entry says already."),
        ({"urn": 110999}, "Told", "This cannot be corrected by hand: urn."),
        ({"closed_on": date(2000, 1, 1)}, "Told", "The school closes before it opens."),
    ],
)
def test_a_correction_that_cannot_stand_is_refused(fields, why, sentence):
    school = make.school(name="Hill", opened_on=date(2010, 9, 1))
    with pytest.raises(Refusal) as refused:
        correct_school(school, by=make.user("administrator"), why=why, **fields)
    assert refused.value.sentence == sentence
    assert Correction.objects.count() == 0
