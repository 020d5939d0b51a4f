"""The report of what worked: its facts, its page that prints, its CSV, what it costs."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from impact.charts import bars_of
from impact.facts import facts_of
from impact.models import Review
from impact.worked import Facts, what_worked
from schools.risk import Move
from sidebyside.years import AcademicYear
from support.models import Skill
from tests import make

pytestmark = pytest.mark.django_db
YEAR, ON = AcademicYear(2022), date(2024, 6, 1)
REPORT, EXPORT = reverse("worked_report"), reverse("worked_export")


@pytest.fixture(autouse=True)
def council():
    return make.council()


@pytest.fixture
def reading():
    return Skill.objects.create(name="Early reading")


def ended(skill=None, type_code="SSPC", how_far="fully", parties=("champion",), **rest):
    deployment = make.deployment(make.school(), make.champion(type_code), skill=skill, **rest)
    for party in parties:
        make.review(deployment, party, ratings={"More read": how_far})
    return deployment


def facts(on=ON):
    return facts_of([YEAR], on=on)


class TestTheFacts:
    def test_one_deployment_with_everything(self, reading):
        deployment = ended(reading, parties=("champion", "adviser"))
        make.delivery(deployment.school, "SSPC", days="1.5", champion=deployment.champion, deployment=deployment)
        make.delivery(deployment.school, "SSPC", state="planned", champion=deployment.champion, deployment=deployment)
        make.finding(make.sample(deployment).deployments.get(), grade="strong")
        make.categorise(deployment.school, "Prevention")
        make.categorise(deployment.school, "Enhancement", date(2023, 9, 1))
        assert facts() == [
            Facts(
                area="Early reading",
                champion_type="Pupil Champion (SSPC)",
                half_days=3,
                has_ended=True,
                ratings=[("More read", "fully"), ("More read", "fully")],
                moved=Move.LOWERED,
                grades=["strong"],
            )
        ]

    def test_a_mid_point_review_is_not_counted(self):
        make.review(ended(parties=()), kind="midpoint", ratings={"More read": "fully"})
        assert [list(each.ratings) for each in facts()] == [[]]

    def test_what_runs_has_no_after(self):
        deployment = ended(parties=())
        make.categorise(deployment.school, "Prevention")
        assert [(each.has_ended, each.moved) for each in facts(on=deployment.ends_on)] == [(False, None)]
        [after] = facts(on=deployment.ends_on + timedelta(days=1))
        assert (after.has_ended, after.moved) == (True, Move.KEPT)

    def test_what_began_in_another_year_or_never_came_about_is_left_out(self):
        ended(starts_on=date(2021, 10, 1), ends_on=date(2022, 7, 1))
        ended(parties=(), state="proposed")
        ended(parties=(), state="cancelled")
        assert facts() == []

    def test_what_was_moved_to_a_new_urn_counts_once_with_all_its_days(self, reading):
        old = ended(reading, parties=(), ends_on=date(2023, 1, 31), state="ended")
        new = ended(reading, starts_on=date(2023, 2, 1), how_far="mostly")
        old.successor = new
        old.save()
        for each in (old, new):
            make.delivery(each.school, "SSPC", each.starts_on, champion=each.champion, deployment=each)
        make.categorise(old.school, "Prevention")
        make.categorise(new.school, "Intervention", date(2023, 2, 1))
        [fact] = facts()
        assert (fact.half_days, fact.ratings, fact.moved) == (4, [("More read", "mostly")], Move.RAISED)


def test_the_page_says_council_date_and_period_and_what_worked(signed_in, reading, today):
    for _ in range(3):
        make.categorise(ended(reading, how_far="mostly").school)
    page = " ".join(signed_in("lead").get(f"{REPORT}?year=2022").content.decode().split())
    for words in ("Westmere Council", f"As it stands on {today:%-d %B %Y}", "Academic year 2022/23", "Early reading",
                  "3 of 3", "3 ended, 0 running", "Print for the Board"):  # fmt: skip
        assert words in page
    assert "Too few to say" not in page


def test_of_two_deployments_it_says_too_few_and_draws_no_bar(signed_in, reading):
    for _ in range(2):
        ended(reading)
    answer = signed_in("lead").get(f"{REPORT}?year=2022")
    assert answer.content.decode().count("Too few to say") == 2  # the area's line and that of all
    assert answer.context["bars"] == []


def test_without_a_choice_it_is_of_all_years_by_area(signed_in, reading):
    ended(reading, starts_on=date(2021, 10, 1), ends_on=date(2022, 7, 1))
    context = signed_in("lead").get(f"{REPORT}?by=nonsense&year=1066").context
    assert (context["headings"], context["whole"].deployments) == (("Area",), 1)
    assert context["period"].startswith("Academic years 2021/22 to ")


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("by=area", [["Early reading"], ["No area given"]]),
        ("by=type", [["ABLE champion"], ["Pupil Champion (SSPC)"]]),
        ("by=both", [["Early reading", "ABLE champion"], ["No area given", "Pupil Champion (SSPC)"]]),
    ],
)
def test_it_is_shown_by_area_by_type_or_by_both(signed_in, reading, query, lines):
    ended(reading, "ABLE")
    ended(None, "SSPC")
    rows = signed_in("lead").get(f"{REPORT}?{query}").context["rows"]
    assert [list(row.labels) for row in rows] == lines


def test_the_csv_says_the_same(signed_in, reading):
    for _ in range(3):
        ended(reading, how_far="partly")
    ended(None)
    answer = signed_in("lead").get(f"{EXPORT}?by=area&year=2022")
    [headings, first, second] = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert dict(zip(headings, first, strict=True)) == {
        "area": "Early reading", "deployments": "3", "ended": "3", "running": "0", "days delivered": "0",
        "outcomes rated": "3", "average from 0 to 3": "1.0", "mostly or fully reached": "0",
        "category lower": "too few to say", "category the same": "too few to say",
        "category higher": "too few to say", "found strong": "0", "found secure": "0",
        "found to need work": "0",
    }  # fmt: skip
    assert second == ["No area given", "1", "1", "0", "0", *["too few to say"] * 9]


def test_a_bar_is_as_long_as_the_average():
    rows = what_worked([Facts("Reading", "SSPC", 2, has_ended=True, ratings=[("a", "fully")])] * 3, by="area")
    [bar] = bars_of(rows)
    assert (bar.name, bar.value, bar.length) == ("Reading", "3.0", 560)
    [half] = bars_of(what_worked([Facts("R", "S", 2, has_ended=True, ratings=[("a", "partly")])] * 4, by="both"))
    assert (half.name, half.length) == ("R, S", 186)


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_as_many_queries_for_one_as_for_fifty(signed_in, count, django_assert_num_queries):
    lead, champion, writer = make.user("lead"), make.champion(), make.user()
    for place in range(count):
        skill = Skill.objects.create(name=f"Area {place}")
        deployment = make.deployment(make.school(), champion, skill=skill, made_by=lead)
        make.review(deployment, ratings={"More read": "fully"}, written_by=writer)
        make.categorise(deployment.school)
        make.finding(make.sample(deployment, drawn_by=lead).deployments.get())
    client = signed_in(lead)
    client.get(REPORT)
    with django_assert_num_queries(7):
        client.get(REPORT)
    assert Review.objects.count() == count


@pytest.mark.parametrize(
    ("years", "period"),
    [
        ([2022], "Academic year 2022/23"),
        ([2020, 2022], "Academic years 2020/21 and 2022/23"),
        ([2020, 2021, 2022], "Academic years 2020/21 to 2022/23"),
        ([2019, 2021, 2022], "Academic years 2019/20, 2021/22 and 2022/23"),
    ],
)
def test_the_period_is_said_in_words(signed_in, years, period):
    make.deployment(make.school(), starts_on=date(2019, 9, 1), ends_on=date(2020, 7, 1))
    query = "&".join(f"year={year}" for year in years)
    assert signed_in("lead").get(f"{REPORT}?{query}").context["period"] == period
