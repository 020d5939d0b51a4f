"""What the processes of a crowd do: through our actions, and, as the control, without their guards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from multiprocessing.synchronize import Barrier

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from agreements.actions.codes import enter_code
from agreements.actions.consenting import consent_by_link
from agreements.actions.withdrawing import withdraw
from agreements.models import Consent, ConsentLink
from billing.actions.crediting import credit_invoice
from billing.actions.repairs import give_up_item, retry_item
from billing.actions.runs import approve_run
from billing.issuing import issue_due_items
from billing.models import Invoice, Reminder, RunItem
from reimbursing.actions.approving import approve_statements
from reimbursing.actions.files import make_file
from reimbursing.issuing import write_due_statements
from reimbursing.models import Method
from sidebyside.accounts.models import User
from sidebyside.refusals import Refusal
from sidebyside.sweep import sweep
from sidebyside.years import Period
from support.actions.confirming import confirm_delivery
from support.actions.deliveries import log_delivery, plan_day
from support.actions.disputing import dispute_delivery
from support.beyond import check_allowance
from support.models import ConfirmationReminder, Delivery, Deployment

LEDGER, CREDITS = "naive_ledger", "naive_credits"


# --- Issuing ----------------------------------------------------------------------------------------------------------
def issue(place: int, barrier: Barrier) -> str:
    """Issue whatever is due."""
    return str(issue_due_items(now=timezone.now()))


def issue_without_a_guard(place: int, barrier: Barrier) -> str:
    """Look what is due, take MAX + 1, write: what one writes on the first day. All look before any writes."""
    with connection.cursor() as cursor:
        for item in RunItem.objects.order_by("pk").values_list("pk", flat=True):
            cursor.execute(f"SELECT count(*) FROM {LEDGER} WHERE item = %s", [item])
            [is_issued] = cursor.fetchone()
            cursor.execute(f"SELECT coalesce(max(number), 0) FROM {LEDGER}")
            [last] = cursor.fetchone()
            barrier.wait()
            if not is_issued:
                cursor.execute(f"INSERT INTO {LEDGER} (item, number) VALUES (%s, %s)", [item, last + 1])
            barrier.wait()
    return "written"


# --- Reminding --------------------------------------------------------------------------------------------------------
def remind(place: int, barrier: Barrier, *, now: str) -> str:
    """A whole sweep, at a given time."""
    return str(sweep(now=datetime.fromisoformat(now)))


def remind_without_a_guard(place: int, barrier: Barrier) -> str:
    """Look whether a reminder went, send it: all look before any sends."""
    for invoice in Invoice.objects.order_by("pk"):
        has_gone = Reminder.objects.filter(invoice=invoice).exists()
        barrier.wait()
        if not has_gone:
            EmailMessage(f"Reminder: {invoice.number}", "Please pay", to=["a@academy.example"]).send()
    return "sent"


# --- Deciding ---------------------------------------------------------------------------------------------------------
def approve(place: int, barrier: Barrier, *, people: list[int], digest: str, days: list[str]) -> str:
    """Approve the preview that everybody has seen."""
    period = Period(*(date.fromisoformat(day) for day in days))
    by = User.objects.get(pk=people[place])
    try:
        approve_run(period, digest=digest, request_key=f"key-{place}", by=by, on=date(2023, 9, 4))
    except Refusal as refusal:
        return refusal.sentence
    return "approved"


def settle(place: int, barrier: Barrier, *, item: int, by: int) -> str:
    """Half of them give a parked invoice up, the others try it again and issue it; everybody has seen it parked."""
    seen, person = RunItem.objects.get(pk=item), User.objects.get(pk=by)
    barrier.wait()
    try:
        if place % 2:
            give_up_item(seen, why="The address is wrong", by=person)
            return "given up"
        retry_item(seen, by=person)
    except Refusal as refusal:
        return refusal.sentence
    finally:
        issue_due_items(now=timezone.now())
    return "tried again"


def settle_without_a_guard(place: int, barrier: Barrier, *, item: int, by: int) -> str:
    """Look whether it is parked, then decide: all look before any decides."""
    is_parked = RunItem.objects.get(pk=item).state == "parked"
    barrier.wait()
    if not is_parked:
        return "refused"
    values = {"state": "given up", "given_up_why": "x"} if place % 2 else {"state": "due"}
    RunItem.objects.filter(pk=item).update(**values)
    return "given up" if place % 2 else "tried again"


def credit(place: int, barrier: Barrier, *, people: list[int], invoice: int) -> str:
    """Credit an invoice in full, as everybody has read it."""
    seen, by = Invoice.objects.get(pk=invoice), User.objects.get(pk=people[place])
    everything = dict.fromkeys(seen.lines.values_list("pk", flat=True))
    barrier.wait()
    try:
        credit_invoice(seen, half_days=everything, reason="wrong price", why="The rate", by=by, on=date(2023, 9, 5))
    except Refusal as refusal:
        return refusal.sentence
    return "credited"


def credit_without_a_guard(place: int, barrier: Barrier, *, people: list[int], invoice: int) -> str:
    """Look what is left, write it down: all look before any writes."""
    [billed] = Invoice.objects.get(pk=invoice).lines.all()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum(amount), 0) FROM {CREDITS} WHERE line = %s", [billed.pk])
        [so_far] = cursor.fetchone()
        barrier.wait()
        cursor.execute(f"INSERT INTO {CREDITS} (line, amount) VALUES (%s, %s)", [billed.pk, billed.net - so_far])
    return "credited"


def confirm(place: int, barrier: Barrier, *, people: list[int], delivery: int) -> str:
    """Confirm a delivery that everybody has read as waiting."""
    seen, by = Delivery.objects.get(pk=delivery), User.objects.get(pk=people[place])
    barrier.wait()
    try:
        confirm_delivery(seen, by=by, on=date(2023, 2, 1))
    except Refusal as refusal:
        return refusal.sentence
    return "confirmed"


def book(place: int, barrier: Barrier, *, deployments: list[int], by: int) -> str:
    """Log half a day of one's own deployment."""
    deployment, person = Deployment.objects.get(pk=deployments[place]), User.objects.get(pk=by)
    barrier.wait()
    day = date(2023, 2, 1)
    try:
        log_delivery(deployment, happens_on=day, half_days=1, summary="Reading", by=person, on=day)
    except Refusal as refusal:
        return refusal.sentence
    return "booked"


def book_without_a_guard(place: int, barrier: Barrier, *, deployments: list[int], by: int) -> str:
    """Look whether it fits, then write: all look before any writes."""
    deployment = Deployment.objects.get(pk=deployments[place])
    champion, day = deployment.champion, date(2023, 2, 1)
    fits = check_allowance(deployment.school, champion.type.service, 1, champion.type, day) == ()
    barrier.wait()
    if fits:
        Delivery.objects.create(
            school=deployment.school, service=champion.type.service, champion=champion, champion_type=champion.type,
            deployment=deployment, happens_on=day, half_days=1, state=Delivery.State.DELIVERED,
        )  # fmt: skip
    return "booked" if fits else "refused"


# --- Reimbursing ------------------------------------------------------------------------------------------------------
def approve_statements_at_once(place: int, barrier: Barrier, *, people: list[int], digest: str, days: list[str]) -> str:
    """Approve the statements that everybody has seen, and write whatever is due."""
    period = Period(*(date.fromisoformat(day) for day in days))
    by = User.objects.get(pk=people[place])
    try:
        approve_statements(period, digest=digest, request_key=f"key-{place}", by=by, on=date(2023, 9, 4))
    except Refusal as refusal:
        return refusal.sentence
    return "approved"


def write_statements(place: int, barrier: Barrier) -> str:
    """Write whatever statements are due."""
    return str(write_due_statements(now=timezone.now()))


def reimburse_without_a_guard(place: int, barrier: Barrier) -> str:
    """Look what is on no statement, take MAX + 1, write: all look before any writes."""
    with connection.cursor() as cursor:
        for delivery in Delivery.objects.order_by("pk").values_list("pk", flat=True):
            cursor.execute(f"SELECT count(*) FROM {LEDGER} WHERE item = %s", [delivery])
            [is_stated] = cursor.fetchone()
            cursor.execute(f"SELECT coalesce(max(number), 0) FROM {LEDGER}")
            [last] = cursor.fetchone()
            barrier.wait()
            if not is_stated:
                cursor.execute(f"INSERT INTO {LEDGER} (item, number) VALUES (%s, %s)", [delivery, last + 1])
            barrier.wait()
    return "written"


def make_payment_file(place: int, barrier: Barrier, *, people: list[int], digest: str) -> str:
    """Make the payment file that everybody has seen."""
    by = User.objects.get(pk=people[place])
    try:
        make_file(Method.BANK, digest=digest, request_key=f"file-{place}", by=by, on=date(2023, 9, 4))
    except Refusal as refusal:
        return refusal.sentence
    return "made"


# --- Consenting -------------------------------------------------------------------------------------------------------
AGREED_AT = datetime(2023, 1, 18, 10, tzinfo=UTC)


def consent(place: int, barrier: Barrier, *, links: list[int]) -> str:
    """Say yes by one's own link, which everybody has opened."""
    link = ConsentLink.objects.select_related("agreement").get(pk=links[place])
    barrier.wait()
    try:
        consent_by_link(link, is_yes=True, at=AGREED_AT)
    except Refusal as refusal:
        return refusal.sentence
    return "agreed"


def consent_without_a_guard(place: int, barrier: Barrier, *, links: list[int]) -> str:
    """Count the others, then write: all count before any writes, so that none is the last."""
    link = ConsentLink.objects.select_related("agreement").get(pk=links[place])
    others = link.agreement.consents.exclude(party=link.party).filter(is_yes=True).count()
    barrier.wait()
    Consent.objects.create(
        agreement=link.agreement, party=link.party, is_yes=True, name=link.name, email=link.email, how="link",
        at=AGREED_AT,
    )  # fmt: skip
    return "agreed" if others == 2 else "one of several"


def use_without_a_guard(place: int, barrier: Barrier, *, links: list[int]) -> str:
    """Look whether the link was used, then use it: all look before any does."""
    is_used = ConsentLink.objects.get(pk=links[place]).used_at is not None
    barrier.wait()
    ConsentLink.objects.filter(pk=links[place]).update(used_at=AGREED_AT)
    return "refused" if is_used else "used"


def consent_or_withdraw(place: int, barrier: Barrier, *, link: int, by: int) -> str:
    """One gives the last yes, the other takes the agreement back."""
    found, person = ConsentLink.objects.select_related("agreement").get(pk=link), User.objects.get(pk=by)
    barrier.wait()
    try:
        if place:
            withdraw(found.agreement, why="The champion is ill", by=person, at=AGREED_AT)
            return "withdrawn"
        consent_by_link(found, is_yes=True, at=AGREED_AT)
    except Refusal:
        return "refused"
    return "agreed"


def consent_or_withdraw_without_a_guard(place: int, barrier: Barrier, *, link: int, by: int) -> str:
    """Look whether it is open, then decide: both look before either decides."""
    is_open = ConsentLink.objects.get(pk=link).agreement.state == "open"
    barrier.wait()
    return ("withdrawn" if place else "agreed") if is_open else "refused"


def guess(place: int, barrier: Barrier, *, link: int) -> str:
    """Try a wrong code: everybody at once."""
    found = ConsentLink.objects.get(pk=link)
    barrier.wait()
    enter_code(found, "no code", at=AGREED_AT)
    return str(ConsentLink.objects.get(pk=link).wrong_codes)


# --- Days -------------------------------------------------------------------------------------------------------------
def book_twice(place: int, barrier: Barrier, *, deployments: list[int], by: int) -> str:
    """Book a whole day of one champion at one's own school, on the same date as everybody."""
    deployment, person = Deployment.objects.get(pk=deployments[place]), User.objects.get(pk=by)
    barrier.wait()
    try:
        plan_day(deployment, happens_on=date(2023, 3, 1), half_days=2, by=person, on=date(2023, 2, 1))
    except Refusal as refusal:
        return refusal.sentence
    return "booked"


def book_twice_without_a_guard(place: int, barrier: Barrier, *, deployments: list[int], by: int) -> str:
    """Look whether the champion has the day free, then write: all look before any writes."""
    deployment, day = Deployment.objects.get(pk=deployments[place]), date(2023, 3, 1)
    champion = deployment.champion
    is_free = not champion.deliveries.filter(happens_on=day).exists()
    barrier.wait()
    if is_free:
        Delivery.objects.create(
            school=deployment.school, service=champion.type.service, champion=champion, champion_type=champion.type,
            deployment=deployment, happens_on=day, half_days=2, state=Delivery.State.PLANNED,
        )  # fmt: skip
    return "booked" if is_free else "refused"


def dispute(place: int, barrier: Barrier, *, people: list[int], delivery: int) -> str:
    """Half of them dispute a delivery that everybody has read as waiting, the others confirm it."""
    seen, by = Delivery.objects.get(pk=delivery), User.objects.get(pk=people[place])
    barrier.wait()
    try:
        if place % 2:
            dispute_delivery(seen, reason="It was a morning", by=by, on=date(2023, 2, 1))
            return "disputed"
        confirm_delivery(seen, by=by, on=date(2023, 2, 1))
    except Refusal as refusal:
        return refusal.sentence
    return "confirmed"


def dispute_while_confirmed(place: int, barrier: Barrier, *, people: list[int], delivery: int) -> str:
    """The school disputes a delivery; before that stands, the broker begins to confirm it. What came of it."""
    seen, by = Delivery.objects.get(pk=delivery), User.objects.get(pk=people[place])
    try:
        if place:
            barrier.wait()
            confirm_delivery(seen, by=by, on=date(2023, 2, 1), why="They do not answer")
            return "confirmed"
        with transaction.atomic():
            dispute_delivery(seen, reason="It was a morning", by=by, on=date(2023, 2, 1))
            barrier.wait()
            _until_somebody_waits()
    except Refusal as refusal:
        return refusal.sentence
    return "disputed"


def _until_somebody_waits() -> None:
    """On PostgreSQL, until another process waits for a row of ours; SQLite lets nobody else begin to write."""
    with connection.cursor() as cursor:
        waiting = 0
        while connection.vendor == "postgresql" and not waiting:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            [waiting] = cursor.fetchone()


def remind_to_confirm_without_a_guard(place: int, barrier: Barrier) -> str:
    """Look whether the school was reminded, send a mail: all look before any sends."""
    for delivery in Delivery.objects.awaiting_confirmation().order_by("pk"):
        was_reminded = ConfirmationReminder.objects.filter(delivery=delivery).exists()
        barrier.wait()
        if not was_reminded:
            EmailMessage(f"Please confirm {delivery.pk}", "Please", to=["head@school.example"]).send()
    return "sent"
