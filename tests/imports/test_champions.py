"""Champions from a spreadsheet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sidebyside.audit.models import Event
from support.models import Champion, Phase, Skill
from support.spreadsheets import CHAMPIONS
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "code,name,type,home_urn,email\n"
ROW = "CH01,Anna Brook,SSLC,110195,anna@school.example\n"


@pytest.fixture(autouse=True)
def world():
    """A home school and two types."""
    make.school(110195, name="Turville School")
    make.champion_type("SSLC")
    make.champion_type("SSPC")


def stored():
    return list(Champion.objects.order_by("code").values_list("code", "name", "type__code", "home_school", "email"))


def test_a_row_becomes_a_champion(import_file):
    result = import_file("champions", HEADER + ROW + "CH02,Peter Vale,sspc,110195,\n")
    assert (result.lines, result.code) == (["champions.csv: 2 new, 0 changed, 0 the same, 0 refused."], 0)
    assert stored() == [
        ("CH01", "Anna Brook", "SSLC", 110195, "anna@school.example"),
        ("CH02", "Peter Vale", "SSPC", 110195, ""),
    ]


def test_the_same_file_again_changes_nothing(import_file):
    import_file("champions", HEADER + ROW)
    before = Event.objects.count()
    assert import_file("champions", HEADER + ROW).lines == ["champions.csv: 0 new, 0 changed, 1 the same, 0 refused."]
    assert Event.objects.count() == before


def test_a_changed_row_changes_its_champion_and_says_what_was(import_file):
    make.school(110200, name="Marlow School")
    import_file("champions", HEADER + ROW)
    result = import_file("champions", HEADER + "ch01,Anna Brooke,SSPC,110200,\n")
    assert result.lines == [
        "champions.csv: 0 new, 1 changed, 0 the same, 0 refused.",
        "  changed, line 2: ch01 Anna Brooke, SSPC, of Marlow School (110200) (name was Anna Brook; "
        "type was Leadership Champion (SSLC); home school was Turville School)",
    ]
    assert stored() == [("CH01", "Anna Brooke", "SSPC", 110200, "anna@school.example")]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("CH/1,Anna,SSLC,110195,", "code: “CH/1” is not a code: use up to 20 letters"),
        ("CH01,,SSLC,110195,", "name: is empty"),
        ("CH01,Anna,XX,110195,", "type: “XX” is not a type of champion: the known ones are SSLC and SSPC"),
        ("CH01,Anna,SSLC,110196,", "home_urn: 110196 is not in the register here"),
        ("CH01,Anna,SSLC,110195,anna", "email: “anna” is not an email address"),
    ],
)
def test_a_bad_row_says_what_is_wrong(import_file, row, where):
    result = import_file("champions", HEADER + row + "\n")
    assert result.lines[1].startswith(f"  line 2, column {where}")
    assert (result.code, stored()) == (1, [])


def test_a_code_stands_once_in_a_file(import_file):
    result = import_file("champions", HEADER + ROW + ROW.lower())
    assert result.lines[1:] == ["  line 3, column code: ch01 stands in line 2 already"]


def test_who_signs_in_with_the_email_already_is_joined_and_another_email_joins_another(import_file):
    anna, lee = (make.user("champion", email=f"{name}@school.example") for name in ("anna", "lee"))
    import_file("champions", HEADER + ROW.replace("anna@", "Anna@"))
    assert Champion.objects.get().user == anna
    import_file("champions", HEADER + ROW)
    assert Champion.objects.get().user == anna
    import_file("champions", HEADER + ROW.replace("anna@", "lee@"))
    assert Champion.objects.get().user == lee
    assert Event.objects.filter(verb="champion.linked").count() == 2


def test_another_email_says_beforehand_who_will_see_the_deployments_no_more(import_file):
    anna = make.user("champion", email="anna@school.example", name="Anna Brook")
    import_file("champions", HEADER + ROW)
    result = import_file("champions", HEADER + ROW.replace("anna@", "lee@"), "--dry-run")
    assert result.lines[1] == (
        "  changed, line 2: CH01 Anna Brook, SSLC, of Turville School (110195) (email was anna@school.example: "
        "Anna Brook will no longer see these deployments)"
    )
    assert Champion.objects.get().user == anna


def test_another_email_of_one_who_has_never_signed_in_takes_nothing_from_anybody(import_file):
    import_file("champions", HEADER + ROW)
    result = import_file("champions", HEADER + ROW.replace("anna@", "lee@"), "--dry-run")
    assert result.lines[1].endswith("(email was anna@school.example)")


WIDE = "code,name,type,home_urn,types,skills,phases,days_a_year\n"
FULL = "CH01,Anna Brook,SSLC,110195,sspc SSLC,Early reading; writing,Primary,7.5\n"


@pytest.fixture
def lists():
    """Two skills and a phase."""
    for name in ("Early reading", "Writing"):
        Skill.objects.create(name=name)
    Phase.objects.create(name="Primary")


def lists_of(champion):
    return [[str(each) for each in rows.all()] for rows in (champion.other_types, champion.skills, champion.phases)]


def lendings_of(champion):
    return list(champion.lendings.values_list("school", "starts_on", "ends_on", "half_days_a_year"))


def test_further_types_skills_phases_and_days_a_year_come_with_a_row(import_file, lists):
    assert import_file("champions", WIDE + FULL).code == 0
    champion = Champion.objects.get()
    assert lists_of(champion) == [["Pupil Champion (SSPC)"], ["Early reading", "Writing"], ["Primary"]]
    assert lendings_of(champion) == [(110195, None, None, 15)]
    assert import_file("champions", WIDE + FULL).lines == ["champions.csv: 0 new, 0 changed, 1 the same, 0 refused."]


def test_what_a_row_leaves_empty_stays_and_what_differs_says_what_it_was(import_file, lists):
    import_file("champions", WIDE + FULL)
    assert (
        import_file("champions", HEADER + "CH01,Anna Brook,SSLC,110195,\n").lines[0].endswith("1 the same, 0 refused.")
    )
    result = import_file("champions", WIDE + "CH01,Anna Brook,SSLC,110195,,Writing,,8\n")
    assert result.lines[1].endswith("(skills were Early reading, Writing; days a year were 7.5)")
    champion = Champion.objects.get()
    assert (lists_of(champion)[1:], lendings_of(champion)) == (
        [["Writing"], ["Primary"]], [(110195, None, None, 16)]
    )  # fmt: skip


def test_what_becomes_the_main_type_is_no_further_one(import_file, lists):
    import_file("champions", WIDE + FULL)
    import_file("champions", WIDE + "CH01,Anna Brook,SSPC,110195,,,,\n")
    champion = Champion.objects.get()
    assert (champion.type.code, lists_of(champion)[0]) == ("SSPC", [])


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ("XX,,,", "types: “XX” is not a type of champion: the known ones are SSLC and SSPC"),
        (",Juggling,,", "skills: “Juggling” is not a skill in the list: the known ones are Early reading and Writing"),
        (",,Primary; Moon,", "phases: “Moon” is not a phase in the list: the known ones are Primary"),
        (",,,1.3", "days_a_year: “1.3” days is not in steps of half a day"),
        (",,,-1", "days_a_year: “-1” days is below nought"),
    ],
)
def test_a_wrong_cell_of_these_says_so(import_file, lists, cells, where):
    result = import_file("champions", WIDE + f"CH01,Anna,SSLC,110195,{cells}\n")
    assert (result.lines[1], Champion.objects.count()) == (f"  line 2, column {where}", 0)


def test_s10_another_home_school_begins_today_and_the_old_one_ends_yesterday(import_file):
    today = timezone.localdate()
    make.school(110200, name="Marlow School")
    import_file("champions", WIDE + "CH01,Anna Brook,SSLC,110195,,,,10\n")
    import_file("champions", WIDE + "CH01,Anna Brook,SSLC,110200,,,,6\n")
    champion = Champion.objects.get()
    assert champion.home_school_id == 110200
    assert lendings_of(champion) == [(110200, today, None, 12), (110195, None, today - timedelta(days=1), 20)]
    changed = Event.objects.get(verb="champion.home_school_changed")
    assert (changed.why, changed.details["came_from"]) == ("Imported from champions.csv", 110195)


def test_s10_not_on_a_day_that_was_given_nor_before_the_last_one_began(import_file):
    today = timezone.localdate()
    make.school(110200, name="Marlow School")
    import_file("champions", HEADER + ROW)
    champion, row = Champion.objects.get(), "CH01,Anna Brook,SSLC,110200,\n"
    make.delivery(make.school(), champion=champion, happens_on=today, state="delivered")
    assert import_file("champions", HEADER + row).lines[1] == (
        "  line 2, column home_urn: Anna Brook has given a day today: change the home school in the portal, with the "
        "reason"
    )
    champion.deliveries.all().delete()
    champion.lendings.update(starts_on=today)
    assert import_file("champions", HEADER + row).lines[1] == (
        f"  line 2, column home_urn: Turville School lends Anna Brook from {today:%-d %B %Y} on. Choose a later day."
    )


def test_days_a_year_need_a_school_that_lends(import_file):
    import_file("champions", HEADER + ROW)
    Champion.objects.get().lendings.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert import_file("champions", WIDE + "CH01,Anna Brook,SSLC,110195,,,,6\n").lines[1] == (
        "  line 2, column days_a_year: no school lends Anna Brook at present: enter it in the portal"
    )


def test_a_plan_takes_as_many_queries_for_one_row_as_for_twenty(today, django_assert_num_queries):
    for count in (1, 20):
        for number in range(count):
            make.champion(code=f"K{count}{number:02d}")
        rows = "".join(f"{each.code},New name,SSLC,110195,\n" for each in Champion.objects.all())
        sheet = CHAMPIONS.read((HEADER + rows).encode(), "champions.csv")
        with django_assert_num_queries(12):
            assert len(CHAMPIONS.plan(sheet, today).entries) == Champion.objects.count()
