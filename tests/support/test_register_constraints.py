"""What the database never lets be false about champions: each constraint refuses what it is named for."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from support.models import (
    Availability,
    ChampionCheck,
    ChampionType,
    CheckKind,
    DayRate,
    Interest,
    Lending,
    Phase,
    Skill,
)
from tests import make
from tests.refused import copy_of, refused_by

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
BEFORE = DAY - timedelta(days=1)


def test_a_home_schools_agreement_ends_after_it_starts():
    champion = make.champion()
    champion.lendings.all().delete()
    values = {"champion": champion, "school": champion.home_school, "starts_on": DAY}
    assert refused_by(Lending, ends_on=BEFORE, **values) == "lending_ends_after_it_starts"
    assert Lending.objects.create(ends_on=DAY, **values).holds_on(DAY)


def test_a_champion_has_one_home_school_at_a_time():
    champion = make.champion()
    again = {"champion": champion, "school": make.school(), "starts_on": DAY}
    assert refused_by(Lending, **again) == "champion_has_one_home_school_at_a_time"
    champion.lendings.update(ends_on=BEFORE)
    assert Lending.objects.create(**again).holds_on(DAY)


def test_availability_is_said_once_for_a_half_term():
    said = Availability.objects.create(champion=make.champion(), half_term=make.half_terms()[0], half_days=4)
    assert refused_by(Availability, **copy_of(said, half_days=6)) == "availability_is_said_once"


def check(**rest):
    kind, _ = CheckKind.objects.get_or_create(name="Induction")
    return {"kind": kind, "done_on": DAY, "recorded_by": make.user("lead")} | rest


def test_a_check_expires_after_it_is_done():
    champion = make.champion()
    refused = refused_by(ChampionCheck, **check(champion=champion, expires_on=BEFORE))
    assert refused == "champion_check_expires_after_it_is_done"
    assert ChampionCheck.objects.create(**check(champion=champion, expires_on=DAY)).expires_on == DAY


def test_a_check_is_recorded_once():
    made = ChampionCheck.objects.create(**check(champion=make.champion()))
    assert refused_by(ChampionCheck, **copy_of(made, expires_on=DAY)) == "champion_check_is_recorded_once"


def interest(**rest):
    values = {"champion": make.champion(), "what": "A sister", "declared_on": DAY, "recorded_by": make.user("lead")}
    return values | rest


def test_an_interest_is_in_a_school_or_a_trust():
    school, trust = make.academy(), make.trust()
    refused = "interest_is_in_a_school_or_a_trust"
    assert refused_by(Interest, **interest()) == refused
    assert refused_by(Interest, **interest(school=school, trust=trust)) == refused
    for tied in ({"school": school}, {"trust": trust}):
        assert Interest.objects.create(**interest(**tied)).holds_on(DAY)


def test_an_interest_ends_after_it_is_declared():
    school = make.school()
    assert refused_by(Interest, **interest(school=school, ended_on=BEFORE)) == "interest_ends_after_it_is_declared"
    assert Interest.objects.create(**interest(school=school, ended_on=DAY)).holds_on(DAY)


def test_a_form_declares_an_interest_once_and_what_no_form_declared_stands_often():
    made = Interest.objects.create(**interest(school=make.school(), request_key="the form's"))
    assert refused_by(Interest, **copy_of(made)) == "interest_is_declared_once_by_a_form"
    for _ in range(2):
        assert Interest.objects.create(**copy_of(made, request_key="")).pk


@pytest.mark.parametrize("model", [Skill, Phase, CheckKind])
def test_a_standing_list_names_each_thing_once(model):
    model.objects.create(name="Primary")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(name="Primary")


def test_a_service_has_one_champion_type_and_a_code_one_too():
    kind, other = make.champion_type("SSLC"), make.service("BESST")
    for again in ({"code": "XX", "service": kind.service}, {"code": "SSLC", "service": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChampionType.objects.create(name="Again", **again)


def test_a_day_rate_starts_once_and_is_above_nought():
    rate = DayRate.objects.create(champion_type=make.champion_type(), starts_on=DAY, rate=55000)
    assert refused_by(DayRate, **copy_of(rate, rate=60000)) == "day_rate_starts_once"
    assert refused_by(DayRate, **copy_of(rate, starts_on=BEFORE, rate=0)) == "day_rate_is_above_nought"
