"""The home school's side: rates, payees, what was approved, the statements, and the files for ledger and bank."""

from reimbursing.models.payees import Method, Payee
from reimbursing.models.rates import ReimbursementRate
from reimbursing.models.runs import StatementItem, StatementLine, StatementRun
from reimbursing.models.statements import LedgerEntry, LedgerFile, Statement

__all__ = [
    "LedgerEntry",
    "LedgerFile",
    "Method",
    "Payee",
    "ReimbursementRate",
    "Statement",
    "StatementItem",
    "StatementLine",
    "StatementRun",
]
