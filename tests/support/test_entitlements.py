"""The examples E1 to E8 and the rules O3 to O8, O13, O14, S2, S4, S5, S7, S10, through the database."""

from datetime import date

import pytest

from schools.models import School
from sidebyside.years import AcademicYear
from support.actions.offers import clone_offer, publish_offer
from support.balances import SchoolBalances, balances_in_detail, balances_of
from support.models import Adjustment, Offer
from tests import make

pytestmark = pytest.mark.django_db
SUMMER = date(2023, 7, 21)


@pytest.fixture(autouse=True)
def offer():
    return make.offer_2022()


def figures(of: School, on: date = SUMMER) -> dict[str, tuple[int | None, int, int, int | None]]:
    """Allowance, delivered, booked and left of each line; the same whether asked in bulk or in detail."""

    def read(answer: SchoolBalances) -> dict[str, tuple[int | None, int, int, int | None]]:
        return {b.code: (b.allowance, b.delivered, b.booked, b.left) for b in answer.balances}

    bulk = read(balances_of(School.objects.filter(pk=of.pk), on=on)[of.pk])
    assert read(balances_in_detail(of, on=on)) == bulk
    return bulk


def used(of: School, code: str, *days: str, **rest: object) -> None:
    for count, each in enumerate(days):
        make.delivery(of, code, date(2022, 11, 1 + count), each, **rest)


def test_e1_enhancement_has_no_number_of_headline_visits_and_no_days():
    school = make.school()
    make.categorise(school, "Enhancement")
    used(school, "HLV", "0", "0")
    found = figures(school)
    assert (found["HLV"], found["SSPC/ABLE"], found["SSLC"]) == ((None, 2, 0, None), (0, 0, 0, 0), (0, 0, 0, 0))


def test_e2_prevention_shares_nine_days_between_pupil_champions_and_able():
    school = make.school()
    make.categorise(school, "Prevention")
    used(school, "SSPC", "2")
    used(school, "ABLE", "1.5")
    used(school, "HLV", "0")
    found = figures(school)
    assert (found["SSPC/ABLE"], found["HLV"]) == ((18, 7, 0, 11), (3, 1, 0, 2))


def test_e3_a_visit_by_the_adviser_alone_uses_no_champion_day():
    school = make.school()
    make.categorise(school, "Intervention")
    used(school, "SSPC", "6.5")
    used(school, "ABLE", "2")
    used(school, "SSLC", "7")
    used(school, "HLV", "0", "0")
    found = figures(school)
    assert (found["SSPC/ABLE"], found["SSLC"], found["HLV"]) == ((36, 17, 0, 19), (36, 14, 0, 22), (5, 2, 0, 3))


def visits_with_a_champion(school: School) -> None:
    champion = make.champion("SSLC")
    for month in (9, 10, 11, 12):
        make.delivery(school, "HLV", date(2022, month, 20), "0.5", champion=champion)
    make.delivery(school, "HLV", date(2023, 1, 20))
    used(school, "SSLC", "6")


def test_e4_a_champion_at_a_visit_draws_on_the_pool_of_that_champion():
    school = make.school()
    make.categorise(school, "Intervention")
    visits_with_a_champion(school)
    found = figures(school)
    assert (found["SSLC"], found["HLV"], found["SSPC/ABLE"]) == ((36, 16, 0, 20), (5, 5, 0, 0), (36, 0, 0, 36))


@pytest.mark.parametrize(("use", "drawn"), [("never", 12), ("champion attends", 16), ("every HLV", 17)])
def test_o7_the_line_says_how_headline_visits_use_its_days(use, drawn):
    school = make.school()
    make.categorise(school, "Intervention")
    second = clone_offer(Offer.objects.get(), year=AcademicYear(2022), by=None)
    second.lines.filter(service__code="SSLC", category__name="Intervention").update(hlv_use=use)
    publish_offer(second, by=make.user("administrator"), on=date(2022, 9, 1), why="Visits use it otherwise")
    visits_with_a_champion(school)
    assert figures(school)["SSLC"] == (36, drawn, 0, 36 - drawn)


def test_e5_raised_in_the_middle_of_the_year_the_whole_ceiling_holds_and_what_was_used_counts():
    school = make.school()
    make.categorise(school, "Prevention")
    make.categorise(school, "Intervention", date(2023, 1, 9))
    used(school, "SSPC", "4")
    used(school, "HLV", "0", "0")
    after = figures(school, date(2023, 1, 9))
    assert (after["SSPC/ABLE"], after["SSLC"], after["HLV"]) == ((36, 8, 0, 28), (36, 0, 0, 36), (5, 2, 0, 3))
    assert figures(school, date(2023, 1, 8))["SSPC/ABLE"] == (18, 8, 0, 10)


def test_s5_lowered_in_the_middle_of_the_year_nothing_is_left_but_never_less():
    school = make.school()
    make.categorise(school, "Intervention")
    make.categorise(school, "Prevention", date(2023, 2, 1))
    used(school, "SSPC", "10")
    assert figures(school)["SSPC/ABLE"] == (18, 20, 0, 0)


def test_e6_each_new_appointment_has_a_visit_of_its_own():
    school = make.school()
    make.categorise(school)
    make.appointment(school, date(2022, 3, 1), "interim", head_name="Rosa Lind")
    make.appointment(school, date(2022, 9, 1), "permanent", head_name="Rosa Lind")
    make.appointment(school, date(2023, 4, 17), "new to post", head_name="Sam Oakes")
    make.delivery(school, "NTH", date(2022, 9, 30))
    found = figures(school)
    assert (found["NTH"], found["HLV"]) == ((2, 1, 0, 1), (3, 0, 0, 3))
    assert figures(school, date(2023, 4, 16))["NTH"] == (1, 1, 0, 0)


def test_e7_31_august_and_1_september_lie_in_two_academic_years():
    make.offer(2023)
    school = make.school()
    make.categorise(school)
    make.delivery(school, "SSPC", date(2023, 8, 31))
    make.delivery(school, "SSPC", date(2023, 9, 1))
    assert figures(school, date(2023, 8, 31))["SSPC/ABLE"] == (18, 2, 0, 16)
    assert figures(school, date(2023, 9, 1))["SSPC/ABLE"] == (18, 2, 0, 16)


def test_e8_unused_days_lapse_when_the_school_converts():
    school = make.school(closed_on=date(2023, 1, 31))
    make.categorise(school)
    for day, days in ((date(2022, 11, 9), "1"), (date(2022, 12, 7), "1"), (date(2023, 1, 31), "0.5")):
        make.delivery(school, "SSPC", day, days)
    assert figures(school, date(2023, 1, 31))["SSPC/ABLE"] == (18, 5, 0, 13)
    after = balances_in_detail(school, on=date(2023, 2, 1)).balance("SSPC/ABLE")
    assert (after.delivered, after.left, after.lapsed) == (5, 0, 13)


def test_s2_the_last_category_of_a_closed_school_waits_for_no_other():
    school = make.school(closed_on=date(2023, 1, 31))
    make.categorise(school, starts_on=date(2021, 9, 1))
    days = (date(2023, 1, 31), date(2023, 2, 1))
    assert [balances_in_detail(school, on=day).category.is_provisional for day in days] == [True, False]


def test_o14_an_academy_has_no_funded_days_and_uses_count():
    school = make.academy()
    make.categorise(school)
    make.delivery(school, "SSPC", date(2023, 3, 8))
    found = figures(school)
    assert (found["SSPC/ABLE"], found["CONF"]) == ((0, 2, 0, 0), (None, 0, 0, None))


@pytest.mark.parametrize(
    ("started", "on", "allowance"),
    [
        (date(2023, 5, 1), date(2023, 10, 1), 0),  # on the day itself is not after it
        (date(2023, 5, 2), date(2023, 10, 1), 1),
        (date(2023, 5, 2), date(2023, 12, 31), 1),
        (date(2023, 5, 2), date(2024, 1, 1), 0),
    ],
)
def test_o8_a_late_start_may_be_used_until_31_december(started, on, allowance):
    make.offer(2023)
    school = make.school()
    make.appointment(school, started)
    assert figures(school, on)["NTH"][0] == allowance


def test_o8_a_late_visit_used_in_the_first_year_is_not_offered_again():
    make.offer(2023)
    school = make.school()
    make.appointment(school, date(2023, 6, 1))
    make.delivery(school, "NTH", date(2023, 7, 3))
    assert (figures(school)["NTH"], figures(school, date(2023, 10, 1))["NTH"]) == ((1, 1, 0, 0), (0, 0, 0, 0))


def test_o8_a_late_visit_used_in_the_autumn_counts_there():
    make.offer(2023)
    school = make.school()
    make.appointment(school, date(2023, 6, 1))
    make.delivery(school, "NTH", date(2023, 11, 3))
    assert figures(school, date(2024, 2, 1))["NTH"] == (1, 1, 0, 0)


@pytest.mark.parametrize("kind", ["interim", "permanent"])
def test_o8_an_interim_or_an_experienced_head_earns_no_visit(kind):
    school = make.school()
    make.appointment(school, date(2022, 9, 1), kind)
    assert figures(school)["NTH"][0] == 0


def test_what_is_planned_is_booked_and_what_is_cancelled_is_nothing():
    school = make.school()
    make.categorise(school)
    make.delivery(school, "SSPC", date(2023, 7, 31), state="planned")
    make.delivery(school, "SSPC", date(2023, 3, 1), state="cancelled")
    assert figures(school)["SSPC/ABLE"] == (18, 0, 2, 16)


def test_o13_what_the_school_buys_does_not_use_its_allowance():
    school = make.school()
    make.categorise(school)
    make.delivery(school, "SSPC", date(2023, 3, 1), funding="bought")
    assert figures(school)["SSPC/ABLE"] == (18, 0, 0, 18)


def test_o13_an_adjustment_counts_on_its_days_for_the_whole_pool():
    school = make.school()
    make.categorise(school)
    Adjustment.objects.create(
        school=school,
        service=make.service("ABLE"),
        amount=4,
        reason="Transition",
        allowed_by=make.user("lead"),
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 7, 21),
    )
    assert (figures(school)["SSPC/ABLE"], figures(school, date(2023, 7, 22))["SSPC/ABLE"]) == (
        (18, 0, 0, 22),
        (18, 0, 0, 18),
    )


def test_s2_last_years_category_stands_as_provisional():
    school = make.school()
    make.categorise(school, "Prevention", date(2021, 10, 1))
    answer = balances_in_detail(school, on=date(2022, 10, 1))
    assert (answer.category.name, answer.category.is_provisional) == ("Prevention", True)


def test_s1_an_entry_that_is_only_proposed_counts_nothing():
    school = make.school()
    make.categorise(school, "Intervention", state="proposed")
    assert figures(school)["SSPC/ABLE"] == (0, 0, 0, 0)


def test_a_year_without_an_offer_has_no_balances():
    assert figures(make.school(), date(2030, 1, 1)) == {}


def test_a2_why_names_the_offer_the_category_and_each_delivery():
    school = make.school()
    make.categorise(school)
    make.delivery(school, "SSPC", date(2023, 3, 1), champion=make.champion("SSPC", name="Jo Marsh"))
    assert [reason.text for reason in balances_in_detail(school, on=SUMMER).balance("SSPC/ABLE").reasons] == [
        "Category Prevention since 1 September 2022.",
        "Offer 2022/23: up to 9 days.",
        "Pupil Champion days, Jo Marsh, 1 day, confirmed",
    ]


def test_balances_take_the_same_queries_for_one_school_and_for_fifty(django_assert_num_queries):
    for _ in range(50):
        make.delivery(make.school(), "SSPC", date(2023, 3, 1))
    for schools in (School.objects.filter(pk=School.objects.first().pk), School.objects.all()):
        with django_assert_num_queries(5):
            balances_of(schools, on=SUMMER)


def test_s7_a_school_that_closed_in_an_earlier_year_is_offered_nothing():
    make.offer(2023)
    school = make.school(closed_on=date(2023, 8, 31), status=School.Status.CLOSED)
    make.categorise(school, "Prevention")
    assert figures(school, date(2023, 8, 31))["HLV"] == (3, 0, 0, 3)
    assert figures(school, date(2023, 9, 1)) == {}


def test_a_school_that_is_proposed_without_a_day_is_offered_nothing():
    assert figures(make.school(status=School.Status.PROPOSED)) == {}


def test_o8_a_bought_visit_uses_up_no_new_heads():
    make.offer(2021)
    school = make.school()
    make.appointment(school, date(2022, 5, 17))
    make.delivery(school, "NTH", date(2022, 6, 1), funding="bought")
    assert figures(school, date(2022, 10, 1))["NTH"] == (1, 0, 0, 1)
