"""The real files of Buckinghamshire, through the command, from an empty portal."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from schools.importing import apply_register, plan_register
from schools.lineage import predecessors_of
from schools.models import School, SchoolLink, Trust, TrustMembership
from schools.sectors import Sector

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "gias"
ESTABLISHMENTS = FOLDER / "establishments_825_2024.csv"
FILES = {
    "establishments": ESTABLISHMENTS,
    "links": FOLDER / "links_825_2024-07-17.csv",
    "trusts": FOLDER / "trusts_825_2025-09.csv",
}


def run(capsys, **options):
    call_command("import_schools", authority="825", **FILES | options)
    return capsys.readouterr().out.splitlines()


def test_the_command_brings_the_whole_register_in(capsys):
    lines = run(capsys)
    assert lines[:3] == [
        "Schools: 472 to create, 0 to change (0 of them close), 0 unchanged.",
        "Links: 286 to add, 0 to remove.",
        "Trusts: 47 to create or change; memberships: 91 to open, 0 to end or redate.",
    ]
    assert lines[-1] == "Imported."
    opened = School.objects.filter(status="open")
    assert (School.objects.count(), opened.count()) == (472, 274)
    sectors = (Sector.MAINTAINED, Sector.ACADEMY)
    assert [opened.in_sector(sector).count() for sector in sectors] == [145, 91]
    assert (SchoolLink.objects.count(), Trust.objects.count(), TrustMembership.objects.count()) == (286, 47, 91)


def test_a_dry_run_says_the_same_and_writes_nothing(capsys):
    lines = run(capsys, dry_run=True)
    assert lines[0] == "Schools: 472 to create, 0 to change (0 of them close), 0 unchanged."
    assert lines[-1] == "This was a dry run: nothing was written."
    assert School.objects.count() == 0


def test_a_second_run_changes_nothing(capsys):
    run(capsys)
    assert run(capsys)[0] == "Nothing to change."
    assert apply_register(plan_register(*FILES.values(), authority="825"), by=None) is None


def test_a_foundation_school_with_a_trust_stays_maintained(capsys):
    run(capsys)
    assert [School.objects.get(urn=urn).sector for urn in (110488, 110500)] == [Sector.MAINTAINED] * 2


def test_a_day_of_1900_is_unknown_and_a_double_space_is_one(capsys):
    run(capsys)
    assert School.objects.filter(opened_on=date(1900, 1, 1)).count() == 0
    assert School.objects.filter(name__contains="  ").count() == 0
    assert School.objects.filter(name="Chesham Bois Church of England School").count() == 1


def test_a_converted_school_has_one_history(capsys):
    run(capsys)
    academy = School.objects.get(urn=143574)
    assert [(each.urn, each.on, each.handover.is_conversion) for each in predecessors_of(academy)] == [
        (110205, date(2018, 4, 1), True),
        (110201, date(2015, 7, 23), False),
    ]


def test_a_refused_file_ends_the_command_with_its_sentence():
    with pytest.raises(CommandError) as refused:
        call_command("import_schools", establishments=FILES["links"])
    assert str(refused.value) == (
        "The file given as establishments was not taken: it looks like the register’s links file. Give it as links."
    )
