"""M16: journals for maintained schools, payments for academies; each statement in one file, kept byte for byte."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from reimbursing.actions.files import CHANGED, NOTHING, make_file
from reimbursing.actions.payees import set_payee
from reimbursing.handing_over import to_hand_over
from reimbursing.ledger_csv import bacs
from reimbursing.models import LedgerEntry, LedgerFile, Method, Payee, Statement
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.shortening import shorten_delivery
from tests import make
from tests.reimbursing.cases import ON, lent, state, world

pytestmark = pytest.mark.django_db
JOURNAL, BANK = Method.JOURNAL, Method.BANK


@pytest.fixture(autouse=True)
def the_world():
    world()


def made(kind: Method, key: str = "k", by=None, on: date = ON) -> LedgerFile:
    digest = to_hand_over(kind).digest
    return make_file(kind, digest=digest, request_key=key, by=by or make.user("finance"), on=on)


def rows(file: LedgerFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.document.read().decode())))


def refusal(act) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.sentence


# --- Journals ---------------------------------------------------------------------------------------------------------
def test_m16_a_journal_moves_each_line_from_the_councils_cost_centre_to_the_schools():
    champion = lent(name="Oak Green School")
    make.delivery(make.school(name="Mill Lane School"), champion=champion)
    state()
    file = made(JOURNAL)
    assert rows(file) == [
        {
            "journal": "SBR-J2324-001",
            "statement": "SBR2324-00001",
            "date": "2023-09-04",
            "delivered_on": "2023-01-18",
            "cost_centre_from": "E1200",
            "cost_centre_to": f"S{champion.home_school_id}",
            "amount": "550.00",
            "description": f"{champion.name} (SSLC), 1 day at Mill Lane School",
        }
    ]
    assert (file.number, file.total, file.document.name) == ("SBR-J2324-001", 55000, "SBR-J2324-001.csv")


def test_m16_what_is_taken_back_goes_the_other_way_and_no_amount_is_below_nought():
    champion = lent()
    delivery = make.delivery(make.school(), champion=champion)
    state()
    made(JOURNAL)
    shorten_delivery(delivery, half_days=1, why="Half a day", by=make.user("lead"), on=ON)
    state()
    file = made(JOURNAL, "l")
    [row] = rows(file)
    assert (row["cost_centre_from"], row["cost_centre_to"], row["amount"]) == (
        f"S{champion.home_school_id}",
        "E1200",
        "275.00",
    )
    assert file.total == -27500


def test_no_cell_of_a_file_is_a_formula():
    champion = lent()
    type(champion).objects.update(name="=HYPERLINK(1)")
    make.delivery(make.school(name="@SUM(1)"), champion=champion)
    state()
    cells = [cell for row in rows(made(JOURNAL)) for cell in row.values()]
    assert [cell for cell in cells if cell[:1] in "=+-@"] == []
    assert bacs("=1+1 ‘St Mary’s’ & Co") == "1 1  ST MARY S  &"


# --- Payments ---------------------------------------------------------------------------------------------------------
def test_m16_a_payment_file_pays_each_academy_once_for_all_its_statements():
    champion = lent("academy", name="Vale Academy")
    for day in (date(2023, 3, 31), date(2023, 4, 3)):
        make.delivery(make.school(), happens_on=day, champion=champion)
    state()
    payee = Payee.objects.get()
    file = made(BANK)
    assert rows(file) == [
        {
            "sort_code": "200001",
            "account_number": payee.account_number,
            "account_type": "0",
            "transaction_code": "99",
            "from_sort_code": "200000",
            "from_account_number": "12345678",
            "pence": "110000",
            "from_name": "WESTMERE COUNCIL",
            "reference": "SBR2324-00002",
            "account_name": "VALE ACADEMY",
            "file": "SBR-P2324-001",
            "statements": "SBR2324-00001 SBR2324-00002",
        }
    ]
    assert LedgerEntry.objects.filter(file=file).count() == 2


def test_m16_what_an_academy_owes_back_is_taken_off_its_next_payment_and_never_asked_of_its_bank():
    champion, school = lent("academy"), make.school()
    delivery = make.delivery(school, champion=champion)
    state()
    made(BANK)
    shorten_delivery(delivery, half_days=1, why="Half a day", by=make.user("lead"), on=ON)
    state()
    handover = to_hand_over(BANK)
    assert (handover.shares, [(share.total, share.why) for share in handover.kept]) == (
        (),
        [(-27500, "Owed back: it is taken off what the school gets next.")],
    )
    assert refusal(lambda: made(BANK, "l")) == NOTHING
    make.delivery(school, happens_on=date(2023, 2, 1), champion=champion)
    state()
    [row] = rows(made(BANK, "m"))
    assert (row["pence"], row["statements"]) == ("27500", "SBR2324-00002 SBR2324-00003")


def test_the_account_is_that_of_the_day_on_which_the_file_is_made():
    champion = lent("academy")
    make.delivery(make.school(), champion=champion)
    state()
    Payee.objects.update(account_number="87654321")
    assert rows(made(BANK))[0]["account_number"] == "87654321"


# --- Once -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "sector"), [(JOURNAL, "maintained"), (BANK, "academy")])
def test_m16_a_statement_is_in_one_file_and_pressing_twice_makes_one(kind, sector):
    make.delivery(make.school(), champion=lent(sector))
    [statement] = state()
    digest, by = to_hand_over(kind).digest, make.user("finance")
    files = {make_file(kind, digest=digest, request_key="k", by=by, on=ON).pk for _ in range(2)}
    assert len(files) == 1
    assert refusal(lambda: make_file(kind, digest=digest, request_key="l", by=by, on=ON)) == CHANGED
    other = LedgerFile.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(file=other, statement=statement)


def test_a_change_of_the_account_after_the_page_was_made_is_not_paid_unseen():
    make.delivery(make.school(), champion=lent("academy"))
    state()
    digest = to_hand_over(BANK).digest
    Payee.objects.update(account_number="87654321")
    by = make.user("finance")
    assert refusal(lambda: make_file(BANK, digest=digest, request_key="k", by=by, on=ON)) == CHANGED


@pytest.mark.parametrize(
    ("kind", "sector", "lack", "sentence"),
    [
        (
            JOURNAL, "maintained", {"reimbursement_cost_centre": ""},
            "An administrator enters the council’s cost centre for reimbursements first.",
        ),
        (
            BANK, "academy", {"account_number": ""},
            "An administrator enters the council’s sort code and account number first.",
        ),
    ],
)  # fmt: skip
def test_a_file_waits_for_the_councils_own_side_of_it(kind, sector, lack, sentence):
    make.delivery(make.school(), champion=lent(sector))
    state()
    make.council(**lack)
    assert refusal(lambda: made(kind)) == sentence
    assert LedgerFile.objects.count() == 0


def test_a_school_whose_way_of_being_paid_is_gone_stays_out_and_says_why():
    champion = lent("academy")
    make.delivery(make.school(), champion=champion)
    state()
    Payee.objects.all().delete()
    assert [share.why for share in to_hand_over(BANK).kept] == ["It is not known how the school is paid now."]


# --- Payees -----------------------------------------------------------------------------------------------------------
def test_m16_a3_a_change_of_the_payee_leaves_a_trail_without_the_account():
    champion, by = make.champion(home=make.academy(name="Vale Academy")), make.user("finance")
    bank = {"payee_name": "Vale Academy", "sort_code": "20-00-00", "account_number": "12345678"}
    set_payee(champion.home_school, by=by, **bank)
    set_payee(champion.home_school, by=by, **bank | {"account_number": "87654321"})
    events = [(event.verb, event.details) for event in Event.objects.order_by("pk")]
    assert events == [
        ("payee.set", {"fields": ["account_number", "email", "payee_name", "sort_code"], "now": "Account ending 678"}),
        ("payee.changed", {"fields": ["account_number"], "now": "Account ending 321"}),
    ]


def test_m16_a_maintained_school_has_a_cost_centre_and_no_bank_account():
    champion = make.champion()
    payee = set_payee(champion.home_school, by=make.user("finance"), cost_centre="S4021", account_number="12345678")
    assert (payee.method, payee.cost_centre, payee.account_number) == (JOURNAL, "S4021", "")


@pytest.mark.parametrize(
    "wrong", [{"sort_code": "200000"}, {"account_number": "1234567"}, {"payee_name": ""}, {"email": "bursar"}]
)
def test_a_payee_that_cannot_be_paid_is_refused(wrong):
    champion = make.champion(home=make.academy())
    bank = {"payee_name": "Vale Academy", "sort_code": "20-00-00", "account_number": "12345678"}
    with pytest.raises(ValidationError):
        set_payee(champion.home_school, by=make.user("finance"), **bank | wrong)


def test_a_school_that_lends_nobody_is_paid_nothing():
    school = make.school()
    sentence = "This school lends no champion, so nothing is paid to it."
    assert refusal(lambda: set_payee(school, by=make.user("finance"), cost_centre="S1")) == sentence


def test_statements_of_both_kinds_wait_for_their_own_file():
    for sector in ("maintained", "academy"):
        make.delivery(make.school(), champion=lent(sector))
    state()
    assert [len(to_hand_over(kind).shares) for kind in (JOURNAL, BANK)] == [1, 1]
    assert set(Statement.objects.with_progress().values_list("is_handed_over", flat=True)) == {False}
