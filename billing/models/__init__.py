"""The ledger: who pays, at what rates, what was approved, issued, paid and reminded."""

from billing.models.accounts import Account, AccountContact
from billing.models.invoices import CreditReason, DocumentKind, Invoice, InvoiceLine, Series
from billing.models.payments import Allocation, Payment, PaymentTakenBack
from billing.models.rates import BrokerageRate, ChargeBand, VatRate
from billing.models.reminders import Reminder, ReminderStage
from billing.models.runs import InvoiceRun, RunItem, RunLine

__all__ = [
    "Account",
    "AccountContact",
    "Allocation",
    "BrokerageRate",
    "ChargeBand",
    "CreditReason",
    "DocumentKind",
    "Invoice",
    "InvoiceLine",
    "InvoiceRun",
    "Payment",
    "PaymentTakenBack",
    "Reminder",
    "ReminderStage",
    "RunItem",
    "RunLine",
    "Series",
    "VatRate",
]
