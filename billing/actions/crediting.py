"""Crediting an invoice: one credit note, and the support that it is about as it was (M12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.template.loader import render_to_string

from billing.crediting import ProposedCredit, propose_credit
from billing.drawing_up import draw_up_credit
from billing.issuing import next_number, no_earlier_than_the_last
from billing.models import Account, CreditReason, DocumentKind, Invoice, InvoiceLine
from billing.outcomes import Deed, Outcome
from billing.pdf import render_invoice
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.documents.models import Document
from sidebyside.mail.actions import post
from sidebyside.money import pounds
from sidebyside.once import once
from sidebyside.poke import poke
from sidebyside.refusals import Refusal
from sidebyside.years import FinancialYear
from support.actions.shortening import shorten_as_credited, take_champion_off, withdraw_as_credited

CHANGED = "Something changed since this page was made. Look at the credit note again before you issue it."


@transaction.atomic
def credit_invoice(
    invoice: Invoice,
    *,
    half_days: Mapping[int, int | None],
    reason: str,
    why: str,
    by: User,
    on: date,
    seen: str = "",
    request_key: str = "",
) -> Invoice:
    """Issue one credit note of so many half days of these lines of an invoice; None is all that is left of a line.

    In the same transaction the support becomes what it was: a day goes down to what remains of it, what is credited
    whole is withdrawn, and where the price or the account was wrong it is free to be billed again. `seen` is the digest
    of what was shown; the same `request_key` again returns the credit note that it made. Raises Refusal without a
    reason and words, for a credit note, for more than is left, and when something changed since it was shown.
    """
    if invoice.kind != DocumentKind.INVOICE:
        raise Refusal("A credit note is not credited. Credit what is left of the invoice, or invoice it again.")
    if reason not in CreditReason.values:
        raise Refusal("Say what was wrong.", field="reason")
    if not why.strip():
        raise Refusal("Say why it is credited.", field="why")
    draft = Invoice(refers_to=invoice, credit_reason=reason, credit_why=why, request_key=request_key)
    return once(draft, lambda: _credit(draft, invoice, half_days, seen, by=by, on=on))


def _credit(
    draft: Invoice, of: Invoice, half_days: Mapping[int, int | None], seen: str, *, by: User, on: date
) -> Invoice:
    Account.objects.hold(of.account_id)
    invoice = Invoice.objects.with_balance().select_related("account").get(pk=of.pk)
    proposed = propose_credit(invoice, half_days, reason=draft.credit_reason)
    if seen and proposed.digest != seen:
        raise Refusal(CHANGED)
    note = _issue(draft, proposed, on=on)
    for outcome in proposed.outcomes:
        _carry_out(outcome, why=f"{note.number}: {note.credit_why}", by=by, on=on)
    record(
        "credit_note.issued", note, by=by, why=note.credit_why, number=note.number, invoice=invoice.number,
        reason=note.credit_reason, gross=note.gross,
    )  # fmt: skip
    poke()
    return note


def _issue(draft: Invoice, proposed: ProposedCredit, *, on: date) -> Invoice:
    """Number, frozen lines, PDF and mail, as an invoice has them (M10, M11)."""
    invoice, council = proposed.invoice, Council.current()
    day = max(on, invoice.issued_on)
    year = FinancialYear.containing(day)
    series, sequence = next_number(DocumentKind.CREDIT_NOTE, year)
    number = f"{council.credit_note_prefix}{year.code}-{sequence:05d}"
    day = no_earlier_than_the_last(day, series, sequence)
    notes = f"{CreditReason(draft.credit_reason).label}: {draft.credit_why}"
    paper = draw_up_credit(invoice, proposed.lines, proposed.totals, council, number=number, on=day, notes=notes)
    said: dict[str, Any] = {
        name: getattr(paper, name) for name in ("number", "issued_on", "tax_point", "due_on", "net", "vat", "gross")
    }
    said |= {"kind": DocumentKind.CREDIT_NOTE, "series": series, "sequence": sequence, "terms_days": 0}
    said |= {"supplier": model_to_dict(council, exclude=["id"]), "customer": invoice.customer}
    said |= {"account": invoice.account, "refers_to": invoice, "po_number": invoice.po_number}
    said |= {name: getattr(draft, name) for name in ("credit_reason", "credit_why", "request_key")}
    document = Document.keep(f"{number}.pdf", "application/pdf", render_invoice(paper))
    note = Invoice.objects.create(document=document, **said)
    for line in proposed.lines:
        line.invoice = note
    InvoiceLine.objects.bulk_create(proposed.lines)
    _post(note, council)
    return note


def _carry_out(outcome: Outcome, *, why: str, by: User, on: date) -> None:
    """Let the support be what the credit note says; where only the bill was wrong, the lines that end free it."""
    match outcome.deed:
        case Deed.SHORTEN:
            shorten_as_credited(outcome.delivery, half_days=outcome.half_days, why=why, by=by, on=on)
        case Deed.WITHDRAW:
            withdraw_as_credited(outcome.delivery, why=why, by=by, on=on)
        case Deed.TAKE_CHAMPION_OFF:
            take_champion_off(outcome.delivery, why=why, by=by, on=on)


def _post(note: Invoice, council: Council) -> None:
    """Write the mail that takes the credit note to the account's contacts; without a contact there is none."""
    to = [contact.email for contact in note.account.contacts.all()]
    if not to:
        return
    words = {"note": note, "council": council, "gross": pounds(note.gross)}
    post(
        f"credit-note-{note.number}",
        to=to,
        subject=f"Credit note {note.number} from {council.name}",
        body=render_to_string("billing/emails/credit_note_issued.txt", words),
        attachment=note.document,
    )
