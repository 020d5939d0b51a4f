"""What the database never lets be false about the home school's side: each constraint refuses what it is named for."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from billing.issuing import next_number
from reimbursing.models import (
    LedgerFile,
    Payee,
    ReimbursementRate,
    Statement,
    StatementItem,
    StatementLine,
    StatementRun,
)
from sidebyside.documents.models import Document
from sidebyside.years import FinancialYear
from tests import make
from tests.refused import constraints_of, copy_of, refused_by
from tests.reimbursing.cases import ON, lent, state, world

pytestmark = pytest.mark.django_db
BEFORE = date(2023, 9, 3)


@pytest.fixture
def statement() -> Statement:
    """One statement, with its run, its item and its line."""
    world()
    make.delivery(make.school(), champion=lent())
    return state()[0]


def second(statement: Statement, **rest):
    """A statement that differs from the first in everything that stands once."""
    values = {"number": "SBR2324-00002", "sequence": 2, "item_id": item_of(statement).pk}
    values["document_id"] = Document.keep("b.pdf", "application/pdf", b"b").pk
    return Statement, copy_of(statement, **values | rest)


def item_of(statement: Statement) -> StatementItem:
    model, values = item(statement, school=make.school())
    return model.objects.create(**values)


def item(statement, **rest):
    values = copy_of(statement.item, **rest)
    if "school" in rest:
        del values["school_id"]
    return StatementItem, values


def run(statement, **rest):
    values = {"first_day": ON, "last_day": ON, "request_key": "r", "approved_on": ON}
    return StatementRun, values | {"approved_by": make.user("finance")} | rest


def line(statement, **rest):
    return StatementLine, copy_of(statement.lines[0], **{"source_key": "other", "position": 2} | rest)


def rate(statement, **rest):
    values = {"champion_type": make.champion_type(), "starts_on": date(2019, 9, 1), "rate": 1}
    return ReimbursementRate, values | rest


def second_own_rate(statement):
    model, values = rate(statement, school=statement.school)
    model.objects.create(**values)
    return model, values


def payee(statement, **rest):
    values = {"school": make.school(), "method": "journal", "cost_centre": "S1"}
    return Payee, values | rest


def by_bank(statement, **rest):
    values = {"payee_name": "Mill Lane", "sort_code": "20-00-00", "account_number": "12345678", "cost_centre": ""}
    return payee(statement, method="bank", **values | rest)


def file(statement, **rest):
    series, sequence = next_number("journals", FinancialYear(2023))
    values = {"kind": "journal", "series": series, "sequence": sequence, "number": "SBR-J2324-001", "made_on": ON}
    values |= {"made_by": make.user("finance"), "total": 1, "request_key": "f"}
    return LedgerFile, values | {"document": Document.keep("f.csv", "text/csv", b"f")} | rest


def second_file(statement):
    model, values = file(statement)
    model.objects.create(**values)
    rest = {"number": "SBR-J2324-002", "request_key": "g", "document": Document.keep("g.csv", "text/csv", b"g")}
    return model, values | rest


REFUSED = [
    ("reimbursement_rate_starts_once", rate),
    ("reimbursement_rate_of_a_school_starts_once", second_own_rate),
    ("reimbursement_rate_is_above_nought", lambda s: rate(s, rate=0, starts_on=ON)),
    ("payee_method_is_known", lambda s: payee(s, method="cheque", cost_centre="")),
    ("payee_by_journal_has_a_cost_centre_and_no_bank", lambda s: payee(s, cost_centre="")),
    ("payee_by_journal_has_a_cost_centre_and_no_bank", lambda s: payee(s, account_number="12345678")),
    ("payee_by_bank_has_its_account_and_no_cost_centre", lambda s: by_bank(s, account_number="")),
    ("payee_by_bank_has_its_account_and_no_cost_centre", lambda s: by_bank(s, sort_code="")),
    ("payee_by_bank_has_its_account_and_no_cost_centre", lambda s: by_bank(s, payee_name="")),
    ("payee_by_bank_has_its_account_and_no_cost_centre", lambda s: by_bank(s, cost_centre="S1")),
    ("statement_run_ends_after_it_begins", lambda s: run(s, last_day=BEFORE)),
    ("run_has_one_statement_a_school_and_period", item),
    ("statement_item_ends_after_it_begins", lambda s: item(s, first_day=ON, last_day=BEFORE)),
    ("statement_item_method_is_known", lambda s: item(s, school=make.school(), method="cheque")),
    ("statement_item_state_is_known", lambda s: item(s, school=make.school(), state="lost")),
    ("statement_item_is_given_up_for_a_reason", lambda s: item(s, school=make.school(), state="given up")),
    ("statement_line_has_its_position", lambda s: line(s, position=1)),
    ("statement_line_counts_some_days_one_way", lambda s: line(s, half_days=0)),
    ("statement_line_counts_some_days_one_way", lambda s: line(s, half_days=-1)),
    ("statement_number_stands_once", lambda s: second(s, sequence=s.sequence)),
    ("statement_ends_after_it_begins", lambda s: second(s, first_day=ON, last_day=BEFORE)),
    ("statement_method_is_known", lambda s: second(s, method="cheque")),
    ("ledger_file_number_stands_once", second_file),
    ("ledger_file_kind_is_known", lambda s: file(s, kind="letter")),
    ("payment_file_pays_something", lambda s: file(s, kind="bank", total=0)),
]


@pytest.mark.parametrize(("constraint", "wrong"), REFUSED)
def test_the_database_refuses_what_is_false(statement, constraint, wrong):
    model, values = wrong(statement)
    assert refused_by(model, **values) == constraint


def test_every_constraint_of_reimbursing_is_proven():
    assert constraints_of("reimbursing") == {constraint for constraint, _ in REFUSED}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("source_key", lambda s: line(s, source_key=s.lines[0].source_key)),
        ("item_id", lambda s: second(s, item_id=s.item_id)),
        ("number", lambda s: second(s, number=s.number)),
        ("document_id", lambda s: second(s, document_id=s.document_id)),
        ("request_key", lambda s: run(s, request_key=s.item.run.request_key)),
        ("school_id", lambda s: payee(s, school=s.school)),
    ],
)
def test_what_names_a_thing_stands_once(statement, field, wrong):
    model, values = wrong(statement)
    with pytest.raises(IntegrityError, match=field), transaction.atomic():
        model.objects.create(**values)
