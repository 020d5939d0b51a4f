"""The entitlement as people see it (E1, E2, E8, O4, O14, S2, S7, A1, A2)."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from schools.models import School
from sidebyside.govuk.dates import posted
from support.balances import balances_in_detail
from support.entitlement_words import groups_of
from support.models import Adjustment
from support.views.entitlements import not_counted
from tests import make

pytestmark = pytest.mark.django_db
ON = date(2023, 3, 1)


@pytest.fixture(autouse=True)
def world():
    make.council()
    make.offer_2022()


@pytest.fixture
def school():
    school = make.school(name="Mill Lane Primary School")
    make.categorise(school, "Prevention")
    return school


def shown(school, on=ON):
    """The page's entries by code."""
    groups = groups_of(balances_in_detail(school, on=on), not_counted(school, on))
    return {entry.code: (group.heading, entry) for group in groups for entry in group.entries}


def page(client, school, on="2023-03-01"):
    return client.get(reverse("school_entitlement", args=[school.pk]), {"on": on})


def test_a_limited_service_says_how_much_is_left(school):
    make.delivery(school, "SSPC", date(2022, 11, 9), "2")
    make.delivery(school, "ABLE", date(2022, 12, 7), "1.5")
    make.delivery(school, "SSPC", date(2023, 6, 7), "0.5", state="planned")
    heading, entry = shown(school)["SSPC/ABLE"]
    assert (heading, entry.headline) == ("What the category gives", "5 of 9 days left")
    assert entry.details == ("3.5 days delivered", "0.5 days booked")
    assert (entry.delivered, entry.booked, entry.ceiling) == (7, 1, 18)


def test_before_the_first_delivery_it_says_so_in_words(school):
    make.delivery(school, "SSPC", date(2023, 6, 7), "0.5", state="planned")
    assert shown(school)["HLV"][1].details == ("None delivered yet",)
    assert shown(school)["SSPC/ABLE"][1].details == ("None delivered yet", "0.5 days booked")


def test_a_programme_without_a_number_never_says_what_is_left():
    """O4, E1."""
    school = make.school()
    make.categorise(school, "Enhancement")
    make.delivery(school, "HLV", date(2022, 10, 12))
    make.delivery(school, "HLV", date(2023, 1, 11))
    heading, entry = shown(school)["HLV"]
    assert (heading, entry.headline, entry.result, entry.ceiling) == (
        "As needed, free", "2 visits so far", "2 visits so far", None,
    )  # fmt: skip
    assert shown(school)["SSLC"][0] == "Not in this category"


def test_why_names_the_category_the_offer_and_each_delivery(school):
    make.delivery(school, "SSPC", date(2022, 11, 9), "2", champion=make.champion("SSPC", name="Jo Park"))
    _, entry = shown(school)["SSPC/ABLE"]
    assert [(step.happens_on, step.text, step.amount) for step in entry.steps] == [
        (None, "Category Prevention since 1 September 2022.", ""),
        (None, "Offer 2022/23: up to 9 days.", "9"),
        (date(2022, 11, 9), "Pupil Champion days, Jo Park, 2 days, confirmed", "−2"),
    ]
    assert entry.result == "7 days left"


def test_why_says_what_was_not_counted(school):
    make.delivery(school, "SSPC", date(2022, 11, 9), "1", state="cancelled")
    make.delivery(school, "SSPC", date(2022, 11, 16), "1", funding="bought")
    make.delivery(school, "SSPC", date(2023, 3, 2), "1")
    _, entry = shown(school)["SSPC/ABLE"]
    assert [step.text for step in entry.not_counted] == [
        "Pupil Champion days: cancelled. The school was closed by snow",
        "Pupil Champion days: bought by the school",
        "Pupil Champion days: delivered after this day",
    ]


def test_use_beyond_the_ceiling_is_said_not_hidden(school):
    make.delivery(school, "SSPC", date(2022, 11, 9), "9.5")
    assert shown(school)["SSPC/ABLE"][1].headline == "0.5 days more than the 9 days of the offer"


def test_an_adjustment_is_said_beside_the_ceiling(school):
    Adjustment.objects.create(
        school=school, service=make.service("SSPC"), amount=2, starts_on=date(2023, 1, 1), ends_on=date(2023, 8, 31),
        reason="Two classes without a teacher", allowed_by=make.user("lead"),
    )  # fmt: skip
    _, entry = shown(school)["SSPC/ABLE"]
    assert (entry.headline, entry.details[-1]) == ("10 of 10 days left", "1 day more than the offer’s 9 days")


def test_an_academy_sees_what_is_free_and_what_it_bought():
    """O14."""
    academy = make.academy()
    make.categorise(academy, "Prevention")
    make.delivery(academy, "SSPC", date(2023, 1, 18), "2")
    make.delivery(academy, "CONF", date(2023, 1, 12), units=6)
    said = {code: (heading, entry.headline) for code, (heading, entry) in shown(academy).items()}
    assert said["SSPC/ABLE"] == ("To buy", "2 days so far")
    assert said["CONF"] == ("As needed, free", "6 places so far")
    assert said["HLV"] == ("To buy", "None so far")


def test_what_a_closed_school_had_left_has_lapsed(school):
    """S7, E8."""
    make.delivery(school, "SSPC", date(2022, 11, 9), "2.5")
    school.closed_on, school.status = date(2023, 1, 31), School.Status.CLOSED
    school.save()
    assert shown(school, date(2023, 1, 31))["SSPC/ABLE"][1].headline == "6.5 of 9 days left"
    assert shown(school, date(2023, 2, 1))["SSPC/ABLE"][1].headline == "6.5 days lapsed"


def test_a_category_of_last_year_is_said_to_be_provisional(signed_in):
    """S2."""
    school = make.school()
    make.categorise(school, "Prevention", starts_on=date(2021, 9, 1))
    assert "<strong>provisional</strong>" in page(signed_in("lead"), school).content.decode()


def test_a_bad_date_is_an_error_beside_todays_answer(signed_in, school, today):
    response = page(signed_in("lead"), school, on="2023-02-30")
    assert response.context["on"] == today
    assert "The day to show must be a real date" in response.content.decode()
    assert "Enter the day to show" in page(signed_in("lead"), school, on="").content.decode()


def test_a_past_day_says_how_much_it_leaves_out(signed_in, school):
    for day, state in (
        (date(2022, 10, 5), "confirmed"),
        (date(2023, 3, 8), "confirmed"),
        (date(2023, 4, 19), "delivered"),
    ):
        make.delivery(school, "HLV", day, state=state)
    make.delivery(school, "HLV", date(2023, 5, 3), state="planned")
    make.delivery(school, "HLV", date(2023, 5, 4), state="cancelled")
    client = signed_in("lead")
    assert [page(client, school, on=on).context["left_out"] for on in ("2023-03-01", "2023-06-30")] == [2, 0]
    assert "not counted: 2 deliveries." in page(client, school).content.decode()


@pytest.mark.parametrize(("on", "said"), [("2010-03-01", "2009/10."), ("2099-03-01", "2098/99 yet.")])
def test_only_a_year_to_come_has_no_offer_yet(signed_in, school, on, said):
    text = page(signed_in("lead"), school, on=on).content.decode()
    assert f"No offer has been published for the academic year {said}" in text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_an_error_not_a_crash(signed_in, school, day):
    assert page(signed_in("lead"), school, on=day).status_code == 200


@pytest.mark.parametrize("role", ["lead", "adviser", "finance", "auditor", "administrator"])
def test_council_staff_see_every_school(signed_in, school, role):
    assert page(signed_in(role), school).status_code == 200


def test_a_head_sees_the_own_school_and_no_other(signed_in, school):
    """A1: foreign and absent look the same."""
    client = signed_in(make.head(school))
    assert page(client, school).status_code == 200
    foreign, absent = page(client, make.school()), client.get("/schools/999999/entitlement/")
    assert (foreign.status_code, absent.status_code) == (404, 404)


def test_a_champion_sees_no_entitlement(signed_in, school):
    assert page(signed_in("champion"), school).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_delivery_and_many(signed_in, school, count, django_assert_max_num_queries):
    champion = make.champion("SSPC")
    for _ in range(count):
        make.delivery(school, "SSPC", date(2022, 11, 9), "0.5", champion=champion)
    client = signed_in("lead")
    page(client, school)
    with django_assert_max_num_queries(8):
        page(client, school)


class TestSpreadsheet:
    def rows(self, client, on="2023-03-01"):
        response = client.get(reverse("entitlement_export"), {"on": on})
        assert response.status_code == 200
        return list(csv.DictReader(io.StringIO(response.getvalue().decode())))

    def test_it_has_a_row_for_each_service_or_pool(self, signed_in, school):
        make.delivery(school, "SSPC", date(2022, 11, 9), "2")
        make.delivery(school, "HLV", date(2022, 10, 12))
        rows = {row["line"]: row for row in self.rows(signed_in(make.head(school)))}
        assert rows["SSPC/ABLE"] == {
            "urn": str(school.pk), "school": "Mill Lane Primary School", "sector": "maintained",
            "category": "Prevention", "line": "SSPC/ABLE", "unit": "days", "allowance": "9.0", "adjustment": "0.0",
            "delivered": "2.0", "booked": "0.0", "left": "7.0",
        }  # fmt: skip
        assert (rows["HLV"]["allowance"], rows["HLV"]["left"]) == ("3", "2")
        assert (rows["OFSTED"]["allowance"], rows["OFSTED"]["left"]) == ("", "")

    def test_less_than_the_offer_is_a_number_not_a_text(self, signed_in, school):
        Adjustment.objects.create(
            school=school, service=make.service("SSPC"), amount=-1, starts_on=ON, ends_on=ON, reason="Given back",
            allowed_by=make.user("lead"),
        )  # fmt: skip
        rows = {row["line"]: row for row in self.rows(signed_in("lead"))}
        assert (rows["SSPC/ABLE"]["adjustment"], rows["SSPC/ABLE"]["left"]) == ("-0.5", "8.5")

    def test_it_keeps_to_schools_of_the_offer_that_were_open_that_year(self, signed_in, school):
        make.school(name="Closed before", closed_on=date(2022, 8, 31), status=School.Status.CLOSED)
        closed = make.school(name="Closed since", closed_on=date(2022, 9, 1), status=School.Status.CLOSED)
        make.school(name="Independent", type_code="11")
        make.school(name="Not yet open", opened_on=date(2023, 3, 2))
        names = {row["school"] for row in self.rows(signed_in("lead"))}
        assert names == {school.name, closed.name}

    def test_a_head_gets_the_own_school_only(self, signed_in, school):
        make.school()
        assert {row["urn"] for row in self.rows(signed_in(make.head(school)))} == {str(school.pk)}

    def test_a_bad_day_is_refused_with_a_sentence(self, signed_in):
        response = signed_in("lead").get(reverse("entitlement_export"), {"on": "31 March"})
        assert (response.status_code, response.content.decode()) == (
            400, "Write the day as on=2023-03-31, a real date."
        )  # fmt: skip

    @pytest.mark.parametrize("count", [1, 50])
    def test_one_school_and_fifty_cost_the_same(self, signed_in, count, django_assert_max_num_queries):
        for _ in range(count):
            make.delivery(make.school(), "HLV")
        client = signed_in("lead")
        with django_assert_max_num_queries(7):
            self.rows(client)


def test_a_leader_adjusts_an_allowance_with_a_reason(signed_in, school):
    lead = make.user("lead")
    days = posted("starts_on", date(2023, 1, 1)) | posted("ends_on", date(2023, 8, 31))
    data = {"service": make.service("SSPC").pk, "direction": "-1", "amount": "1.5", "reason": "Given back"} | days
    response = signed_in(lead).post(reverse("adjustment_new", args=[school.pk]), data)
    made = Adjustment.objects.get()
    assert (response.status_code, made.amount, made.allowed_by) == (302, -3, lead)


def test_a_visit_is_adjusted_whole(signed_in, school):
    days = posted("starts_on", date(2023, 1, 1)) | posted("ends_on", date(2023, 8, 31))
    data = {"service": make.service("HLV").pk, "direction": "1", "amount": "1.5", "reason": "More"} | days
    client, url = signed_in("lead"), reverse("adjustment_new", args=[school.pk])
    assert "whole number of visits" in client.post(url, data).content.decode()
    client.post(url, data | {"amount": "2"})
    assert Adjustment.objects.get().amount == 2


def test_only_a_leader_adjusts(signed_in, school):
    assert signed_in("adviser").get(reverse("adjustment_new", args=[school.pk])).status_code == 403
