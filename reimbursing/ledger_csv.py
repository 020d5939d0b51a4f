"""The two files: journals for the council's ledger, and payments for the bank. Their bytes are kept (M16).

The layouts stand in docs/guides/finance.md. Money is in pounds in journals and in whole pence in payments, as Bacs
has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from reimbursing.handing_over import Handover, lines_of
from sidebyside.council.models import Council
from sidebyside.csv import csv_lines
from sidebyside.money import decimal_pounds

JOURNAL_COLUMNS = (
    *("journal", "statement", "date", "delivered_on", "cost_centre_from", "cost_centre_to", "amount", "description"),
)
PAYMENT_COLUMNS = (
    *("sort_code", "account_number", "account_type", "transaction_code", "from_sort_code", "from_account_number"),
    *("pence", "from_name", "reference", "account_name", "file", "statements"),
)
CREDIT = "99"
NOT_BACS = re.compile(r"[^A-Z0-9.&/ -]")
BACS_LENGTH = 18


def journals(handover: Handover, council: Council, number: str) -> bytes:
    """A row for each line. What is taken back goes the other way, so that no amount is below nought."""
    payees = {share.school.pk: share.payee for share in handover.shares}
    rows: list[Sequence[Any]] = []
    for statement, line in lines_of(handover):
        payee = payees[statement.school_id]
        ways = [council.reimbursement_cost_centre, payee.cost_centre if payee else ""]
        if line.amount < 0:
            ways.reverse()
        about = f"{line.description} at {line.supported_name}"
        amount = decimal_pounds(abs(line.amount))
        rows.append((number, statement.number, statement.issued_on, line.delivered_on, *ways, amount, about))
    return _bytes(JOURNAL_COLUMNS, rows)


def payments(handover: Handover, council: Council, number: str) -> bytes:
    """A row for each school: one credit for all its statements."""
    rows: list[Sequence[Any]] = []
    for share in handover.shares:
        if share.payee is None:
            raise ValueError(f"{share.school} has no payee")
        payee = share.payee
        rows.append(
            (
                *(_digits(payee.sort_code), payee.account_number, "0", CREDIT),
                *(_digits(council.sort_code), council.account_number, share.total, bacs(council.name)),
                *(share.numbers[-1], bacs(payee.payee_name), number, " ".join(share.numbers)),
            )
        )
    return _bytes(PAYMENT_COLUMNS, rows)


def bacs(name: str) -> str:
    """A name in the letters and the length that Bacs takes; it never begins like a formula."""
    return NOT_BACS.sub(" ", name.upper()).lstrip(" .&/-")[:BACS_LENGTH].strip()


def _digits(sort_code: str) -> str:
    return sort_code.replace("-", "")


def _bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return "".join(csv_lines(columns, rows)).encode()
