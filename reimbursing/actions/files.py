"""Making a file of journals or payments: each statement is in one, and no other (M16)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from billing.issuing import next_number
from billing.models.invoices import DocumentKind
from reimbursing.handing_over import Handover, to_hand_over
from reimbursing.ledger_csv import journals, payments
from reimbursing.models import LedgerEntry, LedgerFile, Method
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.documents.models import Document
from sidebyside.refusals import Refusal
from sidebyside.years import FinancialYear

CHANGED = "Something changed since this page was made. Look at the file again before you make it."
TAKEN = "Somebody else has just put some of these statements into a file. Look at what is left."
NOTHING = "No statement waits for this file."
SERIES = {Method.JOURNAL: (DocumentKind.JOURNALS, "J"), Method.BANK: (DocumentKind.PAYMENTS, "P")}


def make_file(kind: Method, *, digest: str, request_key: str, by: User, on: date) -> LedgerFile:
    """Make the file that `by` has seen: its number, its bytes and its statements in one transaction.

    The same `request_key` again returns the file that it made. Raises Refusal when nothing waits, when what would
    stand in it is not what was seen, and while the council lacks its own side of it.
    """
    try:
        with transaction.atomic():
            return _make(kind, digest, request_key, by, on)
    except IntegrityError:
        if file := LedgerFile.objects.filter(request_key=request_key, made_by=by).first():
            return file
        raise Refusal(TAKEN) from None


def _make(kind: Method, digest: str, request_key: str, by: User, on: date) -> LedgerFile:
    if file := LedgerFile.objects.filter(request_key=request_key, made_by=by).first():
        return file
    council, handover = Council.current(), to_hand_over(kind)
    if handover.digest != digest:
        raise Refusal(CHANGED)
    if not handover.shares:
        raise Refusal(NOTHING)
    if lacks := what_lacks(kind, council):
        raise Refusal(lacks)
    year, (series_kind, letter) = FinancialYear.containing(on), SERIES[kind]
    series, sequence = next_number(series_kind, year)
    number = f"{council.reimbursement_prefix}-{letter}{year.code}-{sequence:03d}"
    content = journals(handover, council, number) if kind == Method.JOURNAL else payments(handover, council, number)
    file = LedgerFile.objects.create(
        kind=kind,
        series=series,
        sequence=sequence,
        number=number,
        made_on=on,
        made_by=by,
        total=handover.total,
        request_key=request_key,
        document=Document.keep(f"{number}.csv", "text/csv", content),
    )
    return _enter(file, handover, by)


def _enter(file: LedgerFile, handover: Handover, by: User) -> LedgerFile:
    entries = LedgerEntry.objects.bulk_create(
        (LedgerEntry(file=file, statement=statement) for statement in handover.statements), batch_size=500
    )
    record("ledger_file.made", file, by=by, kind=file.kind, statements=len(entries), total=file.total)
    return file


def what_lacks(kind: Method, council: Council) -> str:
    """What an administrator must enter of the council before such a file can be made; empty when nothing."""
    if kind == Method.JOURNAL and not council.reimbursement_cost_centre:
        return "An administrator enters the council’s cost centre for reimbursements first."
    if kind == Method.BANK and not (council.sort_code and council.account_number):
        return "An administrator enters the council’s sort code and account number first."
    return ""
