"""M16: what is proposed is approved, and what is approved is written, numbered, kept and sent."""

import io
from datetime import date

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from reimbursing.actions.approving import CHANGED, approve_statements
from reimbursing.actions.repairs import give_up_statement, retry_statement
from reimbursing.drawing_up import draw_up
from reimbursing.issuing import write_due_statements
from reimbursing.models import Payee, ReimbursementRate, Statement, StatementItem, StatementLine, StatementRun
from reimbursing.pdf import render_advice
from reimbursing.proposing import propose
from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.council.models import Council
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from sidebyside.years import Period
from support.actions.confirming import withdraw_delivery
from support.actions.shortening import shorten_delivery
from support.models import Delivery, Dispute, Lending
from tests import make
from tests.access.crawl import read
from tests.billing.cases import noon
from tests.reimbursing.cases import ON, YEAR, approve, lent, state, world

pytestmark = pytest.mark.django_db
MARCH = Period(date(2023, 3, 1), date(2023, 3, 31))


@pytest.fixture(autouse=True)
def the_world():
    world()


def said(statement: Statement) -> list[tuple]:
    return [(line.delivered_on, line.half_days, line.amount) for line in statement.lines]


# --- What is proposed -------------------------------------------------------------------------------------------------
def test_m16_e16_the_home_school_is_owed_four_days_of_its_leadership_champion():
    champion, academy = lent(), make.academy()
    for day in (1, 8, 15, 22):
        make.delivery(academy, happens_on=date(2023, 2, day), champion=champion)
    proposal = propose(YEAR)
    assert [(each.school, each.half_days, each.total) for each in proposal.statements] == [
        (champion.home_school, 8, 220000)
    ]
    assert proposal.held == ()


def test_m16_a_statement_never_spans_the_end_of_a_financial_year():
    champion, academy = lent(), make.academy()
    for day in (date(2023, 3, 31), date(2023, 4, 1)):
        make.delivery(academy, happens_on=day, champion=champion)
    periods = [each.period for each in propose(YEAR).statements]
    assert periods == [
        Period(date(2022, 9, 1), date(2023, 3, 31)),
        Period(date(2023, 4, 1), date(2023, 8, 31)),
    ]


def test_m16_the_school_that_lent_the_champion_on_the_day_is_owed_whichever_does_now():
    champion, later = lent(), make.school()
    make.payee(later)
    Lending.objects.filter(champion=champion).update(ends_on=date(2023, 3, 14))
    Lending.objects.create(champion=champion, school=later, starts_on=date(2023, 3, 15))
    first, champion.home_school = champion.home_school, later
    champion.save()
    for day in (14, 15):
        make.delivery(make.academy(), happens_on=date(2023, 3, day), champion=champion)
    owed = {each.school: [line.day.happens_on.day for line in each.lines] for each in propose(YEAR).statements}
    assert owed == {first: [14], later: [15]}


def test_m16_o7_a_champions_half_day_at_a_headline_visit_counts_and_the_advisers_time_does_not():
    champion, school = lent(), make.school()
    make.visit(school, state="confirmed", champion=champion, days="0.5")
    make.visit(school, date(2023, 2, 1), state="confirmed")
    [statement] = propose(YEAR).statements
    assert [(line.owed.half_days, line.description) for line in statement.lines] == [
        (1, f"{champion.name} (SSLC), 0.5 days at a Headline Visit")
    ]


def test_m1_planned_and_cancelled_days_are_neither_owed_nor_held_back():
    champion, school = lent(), make.school()
    for state_ in ("planned", "cancelled"):
        make.delivery(school, state=state_, champion=champion)
    assert (propose(YEAR).statements, propose(YEAR).held) == ((), ())


def test_m16_what_is_held_back_says_why_and_whose_it_is():
    champion, school = lent(), make.school()
    make.delivery(school, state="delivered", champion=champion)
    disputed = make.delivery(school, happens_on=date(2023, 2, 1), state="delivered", champion=champion)
    Dispute.objects.create(delivery=disputed, reason="No", raised_by=make.user("head"), raised_on=disputed.happens_on)
    make.delivery(school, happens_on=date(2023, 3, 1))
    assert [(each.code, each.home) for each in propose(YEAR).held] == [
        ("unconfirmed", champion.home_school),
        ("disputed", champion.home_school),
        ("payee", School.objects.exclude(pk__in=[school.pk, champion.home_school_id]).get()),
    ]


def test_m16_a_payee_of_the_other_sector_is_none():
    champion = lent()
    make.delivery(make.school(), champion=champion)
    School.objects.filter(pk=champion.home_school_id).update(type_code="34")
    assert [each.code for each in propose(YEAR).held] == ["payee"]


def test_what_one_home_school_or_champion_is_owed_holds_nothing_of_another():
    mine, theirs, school = lent(), lent(), make.school()
    for champion in (mine, theirs):
        make.delivery(school, champion=champion)
        make.delivery(school, happens_on=date(2023, 2, 1), state="delivered", champion=champion)
    of_school = propose(YEAR, home_schools=School.objects.filter(pk=mine.home_school_id))
    of_person = propose(YEAR, champions=type(mine).objects.filter(pk=mine.pk))
    for found in (of_school, of_person):
        assert [each.school for each in found.statements] == [mine.home_school]
        assert [each.day.champion for each in found.held] == [mine.pk]


@pytest.mark.parametrize("count", [1, 30])
def test_a_proposal_asks_as_often_for_one_day_as_for_many(count):
    for number in range(count):
        champion = lent()
        make.delivery(make.school(), happens_on=date(2023, 1, 1 + number % 28), champion=champion)
        make.delivery(make.school(), state="delivered", champion=champion)
    with CaptureQueriesContext(connection) as queries:
        proposal = propose(YEAR)
    assert (len(queries), len(proposal.statements), len(proposal.held)) == (6, count, count)


# --- What is approved and written ------------------------------------------------------------------------------------
def test_m16_m10_statements_are_numbered_in_a_series_of_their_own_and_say_their_lines():
    for sector in ("maintained", "academy"):
        make.delivery(make.school(), champion=lent(sector))
    statements = state()
    assert [each.number for each in statements] == ["SBR2324-00001", "SBR2324-00002"]
    assert [(each.total, each.half_days, each.issued_on) for each in statements] == [(55000, 2, ON)] * 2
    assert [said(each) for each in statements] == [[(date(2023, 1, 18), 2, 55000)]] * 2
    assert state_of(statements[0]) == "done"


def state_of(statement: Statement) -> str:
    return StatementItem.objects.get(statement=statement).state


def test_m16_the_document_says_what_the_statement_says_and_no_bank_account():
    champion = lent("academy")
    make.delivery(make.school(name="Mill Lane School"), days="0.5", champion=champion)
    [statement] = state()
    words = " ".join(read("application/pdf", statement.document.read()).split())
    said_of_it = ("Remittance advice", statement.number, champion.home_school.name, champion.name, "Mill Lane School")
    assert [word for word in (*said_of_it, "£550.00", "£275.00") if word not in words] == []
    payee = Payee.objects.get()
    assert (payee.account_number in words, payee.sort_code in words) == (False, False)


def test_the_document_is_tagged_and_always_the_same_bytes():
    make.delivery(make.school(), champion=lent())
    [statement] = state()
    again = draw_up(
        statement.item, list(statement.lines), Council.current(), number=statement.number, on=statement.issued_on
    )
    content = statement.document.read()
    catalog = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert (render_advice(again) == content, catalog["/MarkInfo"]["/Marked"], catalog["/Lang"]) == (True, True, "en-GB")


def test_m16_it_goes_to_the_payees_address_otherwise_to_the_head_who_signs_in_otherwise_to_nobody():
    with_address, with_head, without = lent("academy"), lent(), lent()
    Payee.objects.filter(school=with_address.home_school).update(email="bursar@academy.example")
    head = make.head(with_head.home_school)
    for champion in (with_address, with_head, without):
        make.delivery(make.school(), champion=champion)
    statements = {each.school: each for each in state()}
    mails = {mail.attachment_id: mail.to for mail in Dispatch.objects.all()}
    assert mails == {
        statements[with_address.home_school].document_id: ["bursar@academy.example"],
        statements[with_head.home_school].document_id: [head.email],
    }


def test_what_was_seen_is_what_is_approved():
    delivery = make.delivery(make.school(), champion=lent())
    seen = propose(YEAR)
    withdraw_delivery(delivery, why="It was another day", by=make.user("lead"), on=ON)
    with pytest.raises(Refusal) as refused:
        approve_statements(YEAR, digest=seen.digest, request_key="k", by=make.user("finance"), on=ON)
    assert (refused.value.sentence, StatementRun.objects.count()) == (CHANGED, 0)


def test_pressing_twice_approves_once_and_nothing_is_refused_where_nothing_is_owed():
    make.delivery(make.school(), champion=lent())
    seen, by = propose(YEAR), make.user("finance")
    runs = {approve_statements(YEAR, digest=seen.digest, request_key="k", by=by, on=ON).pk for _ in range(2)}
    assert len(runs) == 1
    with pytest.raises(Refusal) as refused:
        approve_statements(YEAR, digest=propose(YEAR).digest, request_key="l", by=by, on=ON)
    assert refused.value.sentence == "Nothing is owed for this period that is on no statement yet."


def test_what_is_renamed_after_the_approval_changes_nothing():
    champion = lent()
    make.delivery(make.school(), champion=champion)
    run = approve()
    School.objects.update(name="Another name")
    write_due_statements(now=noon(ON))
    statement = Statement.objects.get(item__run=run)
    assert statement.recipient["name"] == f"School {champion.home_school_id}"
    assert "Another name" not in {line.supported_name for line in statement.lines}


def test_numbers_rise_with_dates_even_when_a_clock_was_read_too_early():
    for _ in range(2):
        make.delivery(make.school(), champion=lent())
    first, second = approve().items.order_by("pk")
    StatementItem.objects.filter(pk=second.pk).update(state="parked")
    write_due_statements(now=noon(date(2023, 9, 6)))
    retry_statement(second, by=make.user("finance"))
    write_due_statements(now=noon(date(2023, 9, 5)))
    assert list(Statement.objects.order_by("number").values_list("item", "issued_on")) == [
        (first.pk, date(2023, 9, 6)),
        (second.pk, date(2023, 9, 6)),
    ]


# --- Corrections -----------------------------------------------------------------------------------------------------
def test_m16_e14_three_days_are_reimbursed_and_the_half_that_was_none_is_taken_back():
    champion, academy = lent("academy"), make.academy()
    days = [make.delivery(academy, happens_on=date(2023, 3, day), champion=champion) for day in (7, 14, 21)]
    [statement] = state(MARCH)
    assert statement.total == 165000
    shorten_delivery(days[1], half_days=1, why="Half a day", by=make.user("lead"), on=ON)
    [correction] = state(MARCH)
    assert said(correction) == [(date(2023, 3, 14), -1, -27500)]
    assert (correction.total, propose(YEAR).statements) == (-27500, ())
    words = " ".join(read("application/pdf", correction.document.read()).split())
    assert "Owed back £275.00" in words


def test_m16_what_is_withdrawn_and_logged_again_is_taken_back_and_owed_once():
    champion, school = lent(), make.school()
    wrong = make.delivery(school, happens_on=date(2023, 3, 7), champion=champion)
    state(MARCH)
    withdraw_delivery(wrong, why="It was half a day", by=make.user("lead"), on=ON)
    make.delivery(school, happens_on=date(2023, 3, 7), days="0.5", champion=champion)
    [statement] = state(MARCH)
    assert said(statement) == [(date(2023, 3, 7), -2, -55000), (date(2023, 3, 7), 1, 27500)]


def test_m16_a_new_rate_changes_nothing_that_was_stated():
    make.delivery(make.school(), champion=lent())
    state()
    ReimbursementRate.objects.create(champion_type=make.champion_type(), starts_on=date(2023, 1, 1), rate=60000)
    assert propose(YEAR).statements == ()


# --- What is stuck ----------------------------------------------------------------------------------------------------
@pytest.fixture
def parked() -> StatementItem:
    """A statement that could not be written: its council's address is missing at first."""
    make.delivery(make.school(), champion=lent())
    [item] = approve().items.all()
    StatementItem.objects.filter(pk=item.pk).update(state="parked", attempts=5, problem="No space left")
    item.refresh_from_db()
    return item


def test_what_fails_five_times_is_parked_with_its_problem_and_used_no_number():
    make.delivery(make.school(), champion=lent())
    [item] = approve().items.all()
    type(make.council()).objects.all().delete()
    for _ in range(6):
        write_due_statements(now=noon(ON))
    item.refresh_from_db()
    assert (item.state, item.attempts) == ("parked", 5)
    assert item.problem.startswith("DoesNotExist")
    make.council()
    retry_statement(item, by=make.user("finance"))
    write_due_statements(now=noon(ON))
    assert Statement.objects.get().number == "SBR2324-00001"


def test_what_kills_its_worker_each_time_is_parked_too():
    make.delivery(make.school(), champion=lent())
    [item] = approve().items.all()
    StatementItem.objects.filter(pk=item.pk).update(attempts=5)
    write_due_statements(now=noon(ON))
    item.refresh_from_db()
    assert item.state == "parked"


def test_what_is_given_up_is_owed_again_and_stated_once(parked):
    give_up_statement(parked, why="The school has closed", by=make.user("finance"))
    [statement] = state()
    assert [line.source_key for line in statement.lines] == [f"delivery-{statement.lines[0].delivery_id}-1"]
    assert StatementLine.objects.standing().count() == 1
    assert Event.objects.get(verb="statementitem.given_up").details == {"lines": 1, "total": 55000}


@pytest.mark.parametrize("why", ["", "  "])
def test_giving_up_needs_a_reason(parked, why):
    with pytest.raises(Refusal) as refused:
        give_up_statement(parked, why=why, by=make.user("finance"))
    assert (refused.value.sentence, refused.value.field) == ("Say why you give it up.", "why")


def test_only_what_is_parked_is_tried_again_or_given_up(parked):
    by = make.user("finance")
    retry_statement(parked, by=by)
    for act in (lambda: retry_statement(parked, by=by), lambda: give_up_statement(parked, why="x", by=by)):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.sentence == "This statement is not waiting for you any more."


# --- What never changes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("table", ["statement", "statementline", "statementrun"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_m10_the_database_lets_nobody_change_what_was_approved_or_written(table, deed):
    make.delivery(make.school(), champion=lent())
    state()
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(f"reimbursing_{table}"))


def test_m16_a_rate_that_has_begun_is_history():
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ReimbursementRate.objects.update(rate=1)
    later = ReimbursementRate.objects.create(champion_type=make.champion_type(), starts_on=date(2999, 1, 1), rate=60000)
    ReimbursementRate.objects.filter(pk=later.pk).update(rate=61000)


def test_m16_a_champion_who_was_not_at_the_visit_after_all_is_taken_back():
    champion = lent()
    visit = make.visit(make.school(), state="confirmed", champion=champion, days="0.5")
    state()
    Delivery.objects.filter(pk=visit.delivery_id).update(champion=None, champion_type=None, half_days=0)
    [statement] = propose(YEAR).statements
    assert [(line.owed.half_days, line.description) for line in statement.lines] == [
        (-1, f"{champion.name} (SSLC), 0.5 days at a Headline Visit")
    ]
    own = propose(YEAR, champions=type(champion).objects.filter(pk=champion.pk))
    assert own.statements[0].total == -27500
    state()
    assert propose(YEAR).statements == ()
