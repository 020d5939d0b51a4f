"""Champions from a spreadsheet."""

import pytest

from sidebyside.audit.models import Event
from support.models import Champion
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
