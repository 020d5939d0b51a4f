"""The pages of the register: who sees what of a champion, the list with its filters and spreadsheet, the calendar."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sidebyside.govuk.dates import posted
from sidebyside.years import AcademicYear
from support.models import Availability, Champion, ChampionCheck, CheckKind, Interest, Lending, Phase, Skill
from tests import make

pytestmark = pytest.mark.django_db
MONTH = "?month=2023-01"


@pytest.fixture(autouse=True)
def world():
    make.council()
    make.offer_2022()


@pytest.fixture
def school():
    return make.school(name="Oak Green School")


@pytest.fixture
def champion(school):
    """Lent by Mill Lane, deployed at Oak Green and at Hill Top, with a day at each in January 2023."""
    person = make.user("champion", name="Kim Ode")
    champion = make.champion(code="CH1", name="Kim Ode", home=make.school(name="Mill Lane School"), user=person)
    for at, day in ((school, 18), (make.school(name="Hill Top School"), 25)):
        deployment = make.deployment(at, champion, focus=f"Focus of {at}", starts_on=date(2023, 1, 9))
        make.delivery(
            at, champion=champion, deployment=deployment, happens_on=date(2023, 1, day), summary="Secret work"
        )
    return champion


def texts(page):
    """What stands on the days of a calendar: (day, words, link, tag)."""
    return [
        (cell.day.day, mark.text, bool(mark.url), mark.tag)
        for week in page.context["weeks"] for cell in week if cell for mark in cell.marks
    ]  # fmt: skip


def calendar(client, champion, query=MONTH):
    return client.get(reverse("champion_calendar", args=[champion.code]) + query)


class TestTheCalendar:
    ALL = [
        (2, "New Year's Day (observed)", False, ""),
        (9, "Deployment at Oak Green School begins", True, ""),
        (9, "Deployment at Hill Top School begins", True, ""),
        (18, "Oak Green School, a whole day", True, "Confirmed"),
        (25, "Hill Top School, a whole day", True, "Confirmed"),
    ]

    @pytest.mark.parametrize("role", ["lead", "adviser", "finance", "auditor", "administrator", "own"])
    def test_the_team_and_the_champion_see_where_and_when_and_follow_it(self, signed_in, champion, role):
        client = signed_in(champion.user if role == "own" else role)
        assert texts(calendar(client, champion))[-4:] == self.ALL[-4:]

    def test_a1_the_head_of_a_supported_school_sees_that_another_day_is_taken_and_not_where(
        self, signed_in, champion, school
    ):
        page = calendar(signed_in(make.head(school)), champion)
        assert texts(page)[-3:] == [
            (9, "Deployment at Oak Green School begins", True, ""),
            (18, "Oak Green School, a whole day", True, "Confirmed"),
            (25, "Another school, a whole day", False, ""),
        ]
        assert "Hill Top" not in page.content.decode()

    def test_m16_the_home_schools_head_sees_where_and_when_and_nothing_behind_it(self, signed_in, champion):
        page = calendar(signed_in(make.head(champion.home_school)), champion)
        assert texts(page)[-4:] == [(day, text, False, tag) for day, text, _, tag in self.ALL[-4:]]
        assert [word in page.content.decode() for word in ("Focus of", "Secret work", "/deliveries/")] == [False] * 3

    def test_s10_a_new_home_school_does_not_see_where_a_day_was_that_another_one_lent(self, signed_in, champion):
        new = make.school(name="New Home School")
        champion.lendings.update(ends_on=date(2023, 1, 20))
        Lending.objects.create(champion=champion, school=new, starts_on=date(2023, 1, 21))
        Champion.objects.update(home_school=new)
        found = texts(calendar(signed_in(make.head(new)), champion))
        assert found[-2:] == [
            (18, "Another school, a whole day", False, ""), (25, "Hill Top School, a whole day", False, "Confirmed")
        ]  # fmt: skip

    def test_half_terms_begin_and_end_and_cancelled_days_and_declined_deployments_are_not_there(
        self, signed_in, champion, school
    ):
        make.half_terms()
        make.delivery(school, champion=champion, happens_on=date(2023, 2, 1), state="cancelled")
        make.deployment(school, champion, state="declined", starts_on=date(2023, 2, 6))
        make.deployment(school, champion, state="proposed", starts_on=date(2023, 2, 7))
        make.delivery(school, champion=champion, days="0.5", happens_on=date(2023, 2, 8), state="planned")
        assert texts(calendar(signed_in("lead"), champion, "?month=2023-02")) == [
            (7, "Deployment at Oak Green School begins", True, "Waiting for consent"),
            (8, "Oak Green School, half a day", True, "Planned"),
            (10, "Spring 1 ends", False, ""),
            (20, "Spring 2 begins", False, ""),
        ]

    def test_a_month_leads_to_the_one_before_and_after_and_says_when_it_is_empty(self, signed_in, champion):
        page = calendar(signed_in("lead"), champion, "?month=2024-03").content.decode()
        words = ("?month=2024-02", "?month=2024-04", "Nothing is booked or given in March 2024.")
        assert [word for word in words if word not in page] == []

    @pytest.mark.parametrize("query", ["", "?month=never", "?month=2023-13"])
    def test_an_address_without_a_month_shows_the_present_one(self, signed_in, champion, query, today):
        assert today in calendar(signed_in("lead"), champion, query).context["month"]


class TestAChampionsOwnPage:
    def detail(self, client, champion, query=""):
        return client.get(champion.get_absolute_url() + query)

    def test_the_team_reads_all_of_it_with_why(self, signed_in, champion):
        champion.lendings.update(half_days_a_year=20)
        champion.skills.set([Skill.objects.create(name="Early reading")])
        champion.phases.set([Phase.objects.create(name="Primary")])
        champion.other_types.set([make.champion_type("ABLE")])
        make.half_terms()
        page = self.detail(signed_in("lead"), champion, "?year=2022-23").content.decode()
        words = [
            "8 of 10 days free in 2022/23", "10 days a year agreed with Mill Lane School.", "2 days delivered",
            "Early reading", "Primary", "ABLE champion", "Autumn 1", "Focus of Hill Top School",
        ]  # fmt: skip
        assert [word for word in words if word not in page] == []

    def test_a1_the_head_of_a_supported_school_reads_who_it_is_and_not_the_days_lent(self, signed_in, champion, school):
        champion.lendings.update(half_days_a_year=20)
        page = self.detail(signed_in(make.head(school)), champion, "?year=2022-23").content.decode()
        assert [word in page for word in ("Mill Lane School", "Focus of Oak Green", "free in", "Hill Top")] == [
            True, True, False, False
        ]  # fmt: skip

    def test_m16_the_home_schools_head_reads_how_many_days_and_where_not_what_for(self, signed_in, champion):
        champion.lendings.update(half_days_a_year=20)
        client = signed_in(make.head(champion.home_school))
        page = self.detail(client, champion, "?year=2022-23").content.decode()
        assert [word in page for word in ("8 of 10 days free", "Hill Top School", "1 of 10 days", "Focus of")] == [
            True, True, True, False
        ]  # fmt: skip
        assert client.get(reverse("champion_checks", args=[champion.code])).status_code == 403

    def test_checks_and_interests_are_for_the_team_and_the_champion(self, signed_in, champion):
        lead, today = make.user("lead"), date(2023, 1, 18)
        kind = CheckKind.objects.create(name="Induction")
        ChampionCheck.objects.create(champion=champion, kind=kind, done_on=today, recorded_by=lead)
        values = {"school": champion.home_school, "declared_on": today, "recorded_by": lead}
        Interest.objects.create(champion=champion, what="A sister", **values)
        found = {}
        for role in ("lead", "adviser", "administrator", "finance", "auditor", "own"):
            client = signed_in(champion.user if role == "own" else role)
            page = client.get(reverse("champion_checks", args=[champion.code])).content.decode()
            found[role] = ("Mill Lane School" in page, "Induction" in page, "A sister" in page)
        everything, lent = (True, True, True), (True, False, False)
        assert found == {
            "lead": everything, "adviser": everything, "administrator": everything, "finance": lent, "auditor": lent,
            "own": everything,
        }  # fmt: skip

    @pytest.mark.parametrize("year", ["", "never", "0000", "9999", "1999-00"])
    def test_a_year_that_is_none_shows_the_present_one(self, signed_in, champion, year, today):
        page = self.detail(signed_in("lead"), champion, f"?year={year}")
        assert page.context["year"] == AcademicYear.containing(today)


class TestTheList:
    @pytest.fixture
    def register(self, today):
        """Free, over-used, of nothing agreed; the first of two types, with a skill, a phase and a check that ends."""
        reading, primary = Skill.objects.create(name="Early reading"), Phase.objects.create(name="Primary")
        free, over, unknown = (
            make.champion("SSLC", name=name, days_a_year=days, is_active=name != "Una")
            for name, days in (("Fay", "5"), ("Ova", "0"), ("Una", None))
        )
        free.other_types.set([make.champion_type("ABLE")])
        free.skills.set([reading])
        free.phases.set([primary])
        make.delivery(make.school(), champion=over, happens_on=today)
        kind, lead = CheckKind.objects.create(name="Induction"), make.user("lead")
        for champion, last in ((free, today + timedelta(days=9)), (unknown, None)):
            done = {"kind": kind, "done_on": today, "expires_on": last, "recorded_by": lead}
            ChampionCheck.objects.create(champion=champion, **done)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({}, ["Fay", "Ova", "Una"]),
            ({"type": "SSLC"}, ["Fay", "Ova", "Una"]),
            ({"type": "ABLE"}, ["Fay"]),
            ({"skill": "Early reading"}, ["Fay"]),
            ({"phase": "Primary"}, ["Fay"]),
            ({"days": "free"}, ["Fay"]),
            ({"days": "five"}, ["Fay"]),
            ({"days": "none"}, ["Ova"]),
            ({"days": "over"}, ["Ova"]),
            ({"days": "unknown"}, ["Una"]),
            ({"checks": "lacking"}, ["Ova"]),
            ({"checks": "soon"}, ["Fay"]),
            ({"checks": "held"}, ["Fay", "Una"]),
            ({"active": "no"}, ["Una"]),
        ],
    )
    def test_filters_narrow_the_list_and_its_spreadsheet(self, signed_in, register, query, names):
        numbers = {
            "type": lambda code: make.champion_type(code).pk,
            "skill": lambda name: Skill.objects.get(name=name).pk,
            "phase": lambda name: Phase.objects.get(name=name).pk,
        }
        sent = {key: numbers[key](value) if key in numbers else value for key, value in query.items()}
        client = signed_in("lead")
        assert [each.name for each in client.get(reverse("champion_list"), sent).context["page"]] == names
        answer = b"".join(client.get(reverse("champion_export"), sent)).decode()
        assert [row["name"] for row in csv.DictReader(io.StringIO(answer))] == names

    def test_tags_say_who_is_over_used_and_whose_check_ends(self, signed_in, register):
        page = signed_in("lead").get(reverse("champion_list")).content.decode()
        assert [page.count(tag) for tag in ("Over-used", "Check missing or expired", "Check expires soon")] == [1, 1, 1]

    def test_who_may_not_read_checks_has_no_filter_tag_or_column_for_them(self, signed_in, register):
        client = signed_in("finance")
        page = client.get(reverse("champion_list"), {"checks": "lacking"})
        assert ([each.name for each in page.context["page"]], "Check" in page.content.decode()) == (
            ["Fay", "Ova", "Una"], False
        )  # fmt: skip
        heading = b"".join(client.get(reverse("champion_export"))).decode().splitlines()[0]
        assert "check" not in heading

    def test_the_spreadsheet_says_what_an_import_reads_and_no_cell_is_a_formula(self, signed_in):
        champion = make.champion(
            "SSLC", code="CH1", name="=1+1", home=make.school(110001, name="Mill"), days_a_year="5"
        )
        champion.other_types.set([make.champion_type("ABLE"), make.champion_type("SSPC")])
        champion.skills.set([Skill.objects.create(name=name) for name in ("Early reading", "Writing")])
        answer = b"".join(signed_in("lead").get(reverse("champion_export"))).decode()
        assert answer.splitlines() == [
            "code,name,type,home_urn,email,types,skills,phases,days_a_year,home_school,days_delivered,days_booked,"
            "days_promised,days_free,can_be_deployed,check_missing,check_expiring",
            "CH1,'=1+1,SSLC,110001,,ABLE SSPC,Early reading; Writing,,5.0,Mill,0.0,0.0,0.0,5.0,yes,no,no",
        ]

    def test_a_head_reads_names_and_how_many_run_today(self, signed_in, champion, school):
        page = signed_in(make.head(school)).get(reverse("champion_list"))
        said = [word in page.content.decode() for word in ("Running today", "Agreed")]
        assert (page.context["filter"], said) == (None, [True, False])

    def test_m16_the_home_schools_head_counts_where_its_people_are_today(self, signed_in, champion, today):
        make.deployment(make.school(), champion, starts_on=today, ends_on=today)
        rows = signed_in(make.head(champion.home_school)).get(reverse("champion_list")).context["page"]
        assert [(row.pk, row.running) for row in rows] == [(champion.pk, 1)]


class TestWhatIsChanged:
    """Each form through its page; what it refuses is its action's test."""

    @pytest.fixture
    def leader(self, signed_in):
        return signed_in("lead")

    def send(self, leader, name, champion, *more, **data):
        return leader.post(reverse(name, args=[champion.code, *more]), data)

    def test_a_champion_is_registered_with_all_that_they_are(self, leader):
        reading, able, home = Skill.objects.create(name="Reading"), make.champion_type("ABLE"), make.school()
        data = {
            "code": "CH9",
            "name": "Kim Ode",
            "champion_type": make.champion_type("SSLC").pk,
            "home_school": home.pk,
        }
        data |= {"other_types": [able.pk], "skills": [reading.pk], "half_days_a_year": "7.5"}
        leader.post(reverse("champion_new"), data | posted("lent_since", date(2022, 9, 1)))
        made = Champion.objects.get()
        assert (list(made.other_types.all()), list(made.skills.all())) == ([able], [reading])
        assert list(made.lendings.values_list("starts_on", "half_days_a_year")) == [(date(2022, 9, 1), 15)]

    def test_nobody_is_lent_since_a_day_to_come(self, leader, today):
        data = {"code": "CH9", "name": "Kim", "champion_type": make.champion_type().pk, "home_school": make.school().pk}
        page = leader.post(reverse("champion_new"), data | posted("lent_since", today + timedelta(days=1)))
        assert "Lent since must be today or in the past" in page.content.decode()

    def test_the_home_school_changes_from_a_day_on_or_was_wrong(self, leader, today):
        champion, new, right = make.champion(), make.school(), make.school()
        asked = self.send(leader, "home_school_change", champion, school=new.pk, what="from a day")
        assert "Enter the first day on which it lends them" in asked.content.decode()
        data = {"school": new.pk, "what": "from a day", "half_days_a_year": "4", **posted("starts_on", today)}
        self.send(leader, "home_school_change", champion, **data)
        assert champion.lending_on(today).half_days_a_year == 8
        self.send(leader, "home_school_change", champion, school=right.pk, what="wrong", why="A slip")
        assert champion.lending_on(today).school == right

    def test_the_days_agreed_change_and_the_agreement_ends(self, leader, today):
        champion = make.champion()
        self.send(leader, "lending_days", champion, half_days_a_year="6.5")
        assert champion.lending_on(today).half_days_a_year == 13
        make.delivery(make.school(), champion=champion, happens_on=today + timedelta(days=3), state="planned")
        page = leader.get(reverse("lending_end", args=[champion.code])).content.decode()
        assert "1 planned day still to come" in page
        self.send(leader, "lending_end", champion, why="A new head", **posted("ends_on", today))
        assert champion.lending_on(today + timedelta(days=1)) is None
        page = leader.get(reverse("champion_checks", args=[champion.code])).content.decode()
        assert "End the agreement" in page

    def test_a_check_is_recorded_and_removed(self, leader, today):
        champion, kind = make.champion(), CheckKind.objects.create(name="Training", good_for_months=12)
        assert "Good for 12 months" in leader.get(reverse("check_new", args=[champion.code])).content.decode()
        self.send(leader, "check_new", champion, kind=kind.pk, **posted("done_on", today))
        self.send(leader, "check_remove", champion, champion.checks.get().pk, why="It was somebody else")
        assert not champion.checks.exists()

    def test_an_interest_is_declared_and_ended(self, leader, today):
        champion, trust = make.champion(), make.trust()
        data = {"tied_to": "trust", "what": "A sister", **posted("declared_on", today)}
        asked = self.send(leader, "interest_new", champion, **data)
        assert "Choose the trust" in asked.content.decode()
        self.send(leader, "interest_new", champion, trust=trust.pk, **data)
        interest = champion.interests.get()
        self.send(leader, "interest_end", champion, interest.pk, **posted("ended_on", today))
        interest.refresh_from_db()
        assert (interest.trust, interest.ended_on) == (trust, today)

    @pytest.mark.parametrize("name", ["check_remove", "interest_end"])
    def test_a1_what_is_another_champions_is_not_there(self, leader, name, today, champion):
        kind, lead = CheckKind.objects.create(name="Training"), make.user("lead")
        check = ChampionCheck.objects.create(champion=champion, kind=kind, done_on=today, recorded_by=lead)
        interest = Interest.objects.create(
            champion=champion, school=make.school(), what="A sister", declared_on=today, recorded_by=lead
        )
        pk = check.pk if name == "check_remove" else interest.pk
        assert leader.get(reverse(name, args=[make.champion().code, pk])).status_code == 404

    @pytest.mark.parametrize("who", ["lead", "administrator", "own"])
    def test_availability_is_said_by_the_team_or_the_champion(self, signed_in, champion, who):
        first, second, *_ = make.half_terms()
        client = signed_in(champion.user if who == "own" else who)
        url = reverse("availability", args=[champion.code]) + "?year=2022-23"
        client.post(url, {f"term_{first.pk}": "4.5", f"term_{second.pk}": ""})
        assert list(Availability.objects.values_list("half_term", "half_days")) == [(first.pk, 9)]
        assert client.get(url).context["form"][f"term_{first.pk}"].value() == "4.5"
        refused = client.post(url, {f"term_{first.pk}": "400"})
        assert "Autumn 1 has only 35 working days." in refused.content.decode()

    def test_a_champion_changes_nothing_else_and_nobody_elses_availability(self, signed_in, champion):
        client = signed_in(champion.user)
        names = ("champion_edit", "home_school_change", "lending_days", "lending_end", "check_new", "interest_new")
        assert {client.get(reverse(name, args=[champion.code])).status_code for name in names} == {403}
        assert client.get(reverse("availability", args=[make.champion().code])).status_code == 404


class TestCost:
    """Six queries, for one and for fifty."""

    @pytest.mark.parametrize("count", [1, 50])
    def test_the_list(self, signed_in, count, django_assert_num_queries, today):
        able, lead, kind = make.champion_type("ABLE"), make.user("lead"), CheckKind.objects.create(name="Induction")
        for _ in range(count):
            champion = make.champion(days_a_year="5")
            champion.other_types.set([able])
            make.deployment(make.school(), champion, made_by=lead, starts_on=today, ends_on=today)
            ChampionCheck.objects.create(champion=champion, kind=kind, done_on=today, recorded_by=lead)
        client = signed_in(lead)
        client.get(reverse("champion_list"))
        with django_assert_num_queries(6):
            client.get(reverse("champion_list"))
        with django_assert_num_queries(7):
            b"".join(client.get(reverse("champion_export")))

    @pytest.mark.parametrize("count", [1, 20])
    def test_the_pages_of_one(self, signed_in, count, django_assert_max_num_queries, today):
        champion, lead, kind = (
            make.champion(days_a_year="5"),
            make.user("lead"),
            CheckKind.objects.create(name="Induction"),
        )
        for number in range(count):
            day, at = today - timedelta(days=number), make.school()
            make.delivery(at, champion=champion, happens_on=day, deployment=make.deployment(at, champion, made_by=lead))
            ChampionCheck.objects.create(champion=champion, kind=kind, done_on=day, recorded_by=lead)
            Interest.objects.create(champion=champion, school=at, what="x", declared_on=day, recorded_by=lead)
        client = signed_in(lead)
        names = ["champion_detail", "champion_checks", "champion_calendar", "champion_edit", "availability",
                 "home_school_change", "lending_days", "lending_end", "check_new", "interest_new"]  # fmt: skip
        client.get(champion.get_absolute_url())
        for name in names:
            with django_assert_max_num_queries(7 if name == "champion_checks" else 6):
                assert client.get(reverse(name, args=[champion.code])).status_code == 200
