"""The pages of the home school's side: what each shows, to whom, in how many queries."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reimbursing.actions.files import make_file
from reimbursing.handing_over import to_hand_over
from reimbursing.issuing import write_due_statements
from reimbursing.models import LedgerFile, Method, Payee, Statement, StatementItem, StatementRun
from reimbursing.periods import usual_periods
from sidebyside.audit.models import Event
from sidebyside.council.models import HalfTerm
from support.models import Dispute
from tests import make
from tests.billing.cases import noon
from tests.reimbursing.cases import ON, YEAR, approve, lent, state, world

pytestmark = pytest.mark.django_db
PERIOD = {"first_day": "2022-09-01", "last_day": "2023-08-31"}


@pytest.fixture(autouse=True)
def the_world():
    world()


def text(response) -> str:
    return " ".join(response.content.decode().split())


def days(count: int = 1, sector: str = "maintained", **rest) -> list:
    champion = lent(sector)
    return [
        make.delivery(make.school(), happens_on=date(2023, 1, 1) + timedelta(days=number), champion=champion, **rest)
        for number in range(count)
    ]


# --- Approving --------------------------------------------------------------------------------------------------------
def test_m16_finance_sees_each_line_with_its_reason_and_approves_what_it_saw(signed_in):
    [delivery] = days()
    client = signed_in("finance")
    page = client.get(reverse("statement_new"), PERIOD)
    assert "£550.00 a day: SSLC reimbursement rate from 1 September 2019" in text(page)
    approve_form = page.context["approve"]
    sent = {**dict(approve_form.period_fields), **approve_form.initial}
    answer = client.post(reverse("statement_new"), sent)
    run = StatementRun.objects.get()
    assert answer.url == run.get_absolute_url()
    write_due_statements(now=timezone.now())
    done = client.get(run.get_absolute_url())
    assert "1 of 1 statement written, £550.00." in text(done)
    assert Statement.objects.get().lines[0].delivery == delivery


def test_what_changed_since_it_was_shown_is_shown_again(signed_in):
    days()
    client = signed_in("finance")
    form = client.get(reverse("statement_new"), PERIOD).context["approve"]
    days()
    answer = client.post(reverse("statement_new"), {**dict(form.period_fields), **form.initial})
    assert "Something changed since this page was made." in text(answer)
    assert StatementRun.objects.count() == 0


def test_what_is_held_back_says_why_and_how_it_is_cured(signed_in):
    champion = lent()
    Payee.objects.all().delete()
    make.delivery(make.school(), champion=champion)
    waits = make.delivery(make.school(), state="delivered", champion=champion)
    disputed = make.delivery(make.school(), state="delivered", champion=champion)
    Dispute.objects.create(delivery=disputed, reason="No", raised_by=make.user("head"), raised_on=ON)
    page = text(signed_in("finance").get(reverse("owed_list")))
    assert [
        words for words in ("Say how it is paid", "The school or the broker confirms it") if words not in page
    ] == []
    assert reverse("payee_edit", args=[champion.home_school_id]) in page
    assert reverse("delivery_confirm", args=[waits.pk]) not in page


@pytest.mark.parametrize("count", [1, 50])
def test_the_preview_asks_as_often_for_one_line_as_for_many(signed_in, django_assert_num_queries, count):
    days(count)
    client = signed_in("finance")
    client.get(reverse("statement_new"), PERIOD)
    with django_assert_num_queries(9):
        client.get(reverse("statement_new"), PERIOD)


def test_the_usual_periods_are_months_terms_the_year_and_everything_so_far():
    days()
    for name, first, last in (("Autumn 1", (9, 5), (10, 20)), ("Autumn 2", (10, 30), (12, 16))):
        HalfTerm.objects.create(name=name, first_day=date(2022, *first), last_day=date(2022, *last))
    assert list(usual_periods(date(2023, 1, 10))) == [
        ("Last month", date(2022, 12, 1), date(2022, 12, 31)),
        ("This month so far", date(2023, 1, 1), date(2023, 1, 10)),
        ("Last half term: Autumn 2 2022/23", date(2022, 10, 30), date(2022, 12, 16)),
        ("Last term: Autumn 2022/23", date(2022, 9, 5), date(2022, 12, 16)),
        ("Financial year 2022/23 so far", date(2022, 4, 1), date(2023, 1, 10)),
    ]
    assert list(usual_periods(date(2023, 9, 4)))[-1] == ("Everything so far", date(2023, 1, 1), date(2023, 9, 4))


def test_a_parked_statement_is_tried_again_or_given_up_for_a_reason(signed_in):
    days()
    [item] = approve().items.all()
    StatementItem.objects.update(state="parked", problem="No space left")
    client = signed_in("finance")
    assert "No space left" in text(client.get(reverse("attention")))
    assert "Give up this statement?" in text(client.get(reverse("statement_give_up", args=[item.pk])))
    answer = client.post(reverse("statement_give_up", args=[item.pk]), {"why": ""})
    assert list(answer.context["form"].errors) == ["why"]
    client.post(reverse("statement_retry", args=[item.pk]))
    item.refresh_from_db()
    assert item.state == "due"
    StatementItem.objects.update(state="parked")
    client.post(reverse("statement_give_up", args=[item.pk]), {"why": "The school has closed"})
    item.refresh_from_db()
    assert (item.state, item.given_up_why) == ("given up", "The school has closed")


# --- Statements -------------------------------------------------------------------------------------------------------
def test_statements_are_narrowed_by_words_status_and_date(signed_in):
    days()
    days(sector="academy")
    maintained, academy = state()
    client = signed_in("finance")

    def shown(**asked) -> list[str]:
        return [each.number for each in client.get(reverse("statement_list"), asked).context["page"]]

    digest = to_hand_over(Method.BANK).digest
    make_file(Method.BANK, digest=digest, request_key="k", by=make.user("finance"), on=ON)
    assert shown() == [academy.number, maintained.number]
    assert shown(sort="number") == [maintained.number, academy.number]
    assert shown(q=maintained.number) == shown(q=str(maintained.school_id)) == [maintained.number]
    assert (shown(status="paid"), shown(status="waiting")) == ([academy.number], [maintained.number])
    assert (shown(status="owed back"), shown(method="bank")) == ([], [academy.number])


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_asks_as_often_for_one_statement_as_for_many(signed_in, django_assert_num_queries, count):
    for _ in range(count):
        days()
    approve()
    for _ in range(2):
        write_due_statements(now=noon(ON))
    client = signed_in("finance")
    client.get(reverse("statement_list"))
    with django_assert_num_queries(4):
        assert len(client.get(reverse("statement_list")).context["page"]) == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_statement_asks_as_often_for_one_line_as_for_many(signed_in, django_assert_num_queries, count):
    days(count)
    [statement] = state()
    client = signed_in("finance")
    client.get(statement.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(statement.get_absolute_url())


def test_m11_the_pdf_is_served_byte_for_byte(signed_in):
    days()
    [statement] = state()
    answer = signed_in("finance").get(reverse("statement_pdf", args=[statement.number]))
    assert (answer.content, answer["Content-Type"]) == (statement.document.read(), "application/pdf")


def test_the_lines_as_a_spreadsheet_follow_the_filters(signed_in):
    days()
    days(sector="academy")
    maintained, _ = state()
    answer = signed_in("finance").get(reverse("statement_line_export"), {"method": "journal"})
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (row["statement"], row["days"], row["day_rate"], row["amount"]) == (
        maintained.number,
        "1.0",
        "550.00",
        "550.00",
    )


# --- The home school and its champion ---------------------------------------------------------------------------------
def test_m16_the_head_of_a_home_school_sees_its_statements_and_what_is_coming(signed_in):
    champion, today = lent(name="Oak Green School"), timezone.localdate()
    make.delivery(make.school(), champion=champion)
    state()
    make.delivery(make.school(name="Mill Lane School"), happens_on=date(2023, 2, 1), champion=champion)
    make.delivery(make.school(), happens_on=today, state="planned", champion=champion)
    make.delivery(make.school(), state="delivered", champion=champion)
    client = signed_in(make.head(champion.home_school))
    assert "What your school gets for its champions" in text(client.get(reverse("home")))
    assert "SBR2324-00001" in text(client.get(reverse("statement_list")))
    coming = text(client.get(reverse("owed_list")))
    wanted = ("Mill Lane School", "£550.00", "Days that are booked", "The supported school has not confirmed it yet.")
    assert [words for words in wanted if words not in coming] == []


def test_a_school_that_lends_nobody_has_no_link_to_reimbursements(signed_in):
    client = signed_in(make.head(make.school()))
    page = client.get(reverse("home"))
    assert "Reimbursements" not in [link.label for link in page.context["navigation"]]
    assert "What your school gets" not in text(page)


@pytest.mark.parametrize("count", [1, 30])
def test_what_is_coming_asks_as_often_for_one_day_as_for_many(signed_in, django_assert_num_queries, count):
    champion = lent()
    for number in range(count):
        make.delivery(make.school(), happens_on=date(2023, 1, 1 + number), champion=champion)
        make.delivery(make.school(), state="delivered", champion=champion)
    client = signed_in(make.head(champion.home_school))
    client.get(reverse("owed_list"))
    with django_assert_num_queries(10):
        client.get(reverse("owed_list"))


def test_m16_a_champion_sees_what_the_home_school_is_paid_for_each_day(signed_in):
    person, home = make.user("champion"), make.school(name="Oak Green School")
    make.payee(home)
    champion = make.champion(home=home, user=person)
    for on, state_ in ((date(2023, 1, 4), "confirmed"), (date(2023, 2, 1), "delivered"), (date(2023, 3, 1), "planned")):
        make.delivery(make.school(), happens_on=on, days="0.5", state=state_, champion=champion)
    state()
    make.delivery(make.school(), happens_on=date(2023, 1, 11), champion=champion)
    make.delivery(make.school(), happens_on=date(2023, 1, 11))
    page = signed_in(person).get(reverse("my_days"), {"year": "2022-23"})
    assert [(own.day.happens_on, own.amount, own.status) for own in page.context["days"]] == [
        (date(2023, 3, 1), 27500, "Planned"),
        (date(2023, 2, 1), 27500, "Waiting"),
        (date(2023, 1, 11), 55000, "On the next statement"),
        (date(2023, 1, 4), 27500, "On a statement"),
    ]
    assert "2022/23: 2 days given, £1,100.00." in text(page)


def test_a_year_that_is_none_is_not_found(signed_in):
    assert signed_in("champion").get(reverse("my_days"), {"year": "x"}).status_code == 404


# --- Payees -----------------------------------------------------------------------------------------------------------
def test_m16_finance_says_how_an_academy_is_paid_and_a_maintained_school(signed_in):
    academy, school = make.academy(name="Vale Academy"), make.school()
    for home in (academy, school):
        make.champion(home=home)
    client = signed_in("finance")
    bank = {"payee_name": "Vale Academy", "sort_code": "20-00-00", "account_number": "12345678", "email": "a@b.example"}
    client.post(reverse("payee_edit", args=[academy.pk]), bank)
    client.post(reverse("payee_edit", args=[school.pk]), {"cost_centre": "S4021"})
    assert [(payee.method, payee.masked) for payee in Payee.objects.order_by("method")] == [
        ("bank", "Account ending 678"),
        ("journal", "Cost centre S4021"),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sort_code": "200000"}, "Enter a sort code such as 20-00-00."),
        ({"account_number": "123"}, "Enter the eight digits of the account."),
        ({"payee_name": ""}, "Enter the name of the account"),
    ],
)
def test_a_wrong_account_is_said_beside_its_field(signed_in, wrong, sentence):
    academy = make.academy()
    make.champion(home=academy)
    bank = {"payee_name": "Vale Academy", "sort_code": "20-00-00", "account_number": "12345678"}
    answer = signed_in("finance").post(reverse("payee_edit", args=[academy.pk]), bank | wrong)
    assert (answer.status_code, answer.context["form"].errors[next(iter(wrong))]) == (200, [sentence])
    assert Payee.objects.count() == 0


@pytest.mark.parametrize(("role", "reads"), [("finance", True), ("auditor", True), ("administrator", False)])
def test_m16_bank_details_are_for_those_who_pay_and_those_who_check(signed_in, role, reads):
    payee = Payee.objects.get(school=lent("academy").home_school)
    page = text(signed_in(role).get(payee.get_absolute_url()))
    assert (payee.account_number in page, payee.sort_code in page) == (reads, reads)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_payees_asks_as_often_for_one_school_as_for_many(signed_in, django_assert_num_queries, count):
    for _ in range(count):
        lent()
    client = signed_in("finance")
    client.get(reverse("payee_list"))
    with django_assert_num_queries(4):
        client.get(reverse("payee_list"))


# --- Files ------------------------------------------------------------------------------------------------------------
def test_m16_a_file_is_decided_on_made_once_and_downloaded_byte_for_byte_with_a_trail(signed_in):
    days(sector="academy")
    state()
    client = signed_in("finance")
    page = client.get(reverse("payments_new"))
    assert "The file pays £550.00" in text(page)
    seen = page.context["seen"].initial
    for _ in range(2):
        assert client.post(reverse("payments_new"), seen).url == reverse("ledger_file_list")
    file = LedgerFile.objects.get()
    downloads = {client.get(reverse("ledger_file_download", args=[file.pk])).content for _ in range(2)}
    assert downloads == {file.document.read()}
    assert Event.objects.filter(verb="ledger_file.downloaded").count() == 2
    assert "No statement waits for this file." in text(client.get(reverse("payments_new")))


def test_a_file_that_is_not_what_was_seen_is_refused(signed_in):
    days()
    state()
    client = signed_in("finance")
    seen = client.get(reverse("journals_new")).context["seen"].initial
    days()
    state(YEAR)
    answer = client.post(reverse("journals_new"), seen)
    assert "Something changed since this page was made. Look at the file again before you make it." in text(answer)


@pytest.mark.parametrize("count", [1, 20])
def test_what_would_stand_in_a_file_asks_as_often_for_one_as_for_many(signed_in, django_assert_num_queries, count):
    for _ in range(count):
        days()
    state()
    client = signed_in("finance")
    client.get(reverse("journals_new"))
    with django_assert_num_queries(5):
        client.get(reverse("journals_new"))


# --- The subsidy ------------------------------------------------------------------------------------------------------
def test_m16_e16_the_subsidy_stands_with_its_sums_its_chart_and_its_spreadsheet(signed_in):
    champion, academy = lent(), make.academy(name="Vale Academy")
    today = timezone.localdate()
    make.delivery(academy, happens_on=today, champion=champion)
    client = signed_in("lead")
    page = client.get(reverse("subsidy"), {"by": "school"})
    assert [(row.label, row.cost, row.income) for row in page.context["rows"]] == [("Vale Academy", 55000, 55000)]
    assert "Subsidy in pounds: the numbers" in text(page)
    answer = client.get(reverse("subsidy_export"), {"by": "school"})
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (row["key"], row["school"], row["cost"], row["income"], row["subsidy"]) == (
        str(academy.pk),
        "Vale Academy",
        "550.00",
        "550.00",
        "0.00",
    )


def test_financial_years_are_written_as_years(signed_in):
    make.delivery(make.school(), happens_on=timezone.localdate(), champion=lent())
    page = signed_in("finance").get(reverse("subsidy"), {"by": "year", "year": "all"})
    assert [len(row.label) for row in page.context["rows"]] == [7]


@pytest.mark.parametrize("asked", [{"by": "x"}, {"year": "x"}, {"year": "1999-00"}])
def test_what_cannot_be_grouped_is_said(signed_in, asked):
    page = signed_in("finance").get(reverse("subsidy"), asked)
    assert (page.status_code, "rows" in page.context) == (200, False)


@pytest.mark.parametrize("count", [1, 30])
def test_the_subsidy_page_stays_within_eight_queries(signed_in, django_assert_num_queries, count):
    for _ in range(count):
        make.delivery(make.school(), happens_on=timezone.localdate(), champion=lent())
    client = signed_in("finance")
    client.get(reverse("subsidy"), {"by": "trust"})
    with django_assert_num_queries(7):
        client.get(reverse("subsidy"), {"by": "trust"})
