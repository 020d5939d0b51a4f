"""Crediting an invoice: one credit note, and the support as it was (M12, E14)."""

from datetime import date
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from billing.actions.crediting import CHANGED, credit_invoice
from billing.actions.payments import record_payment
from billing.costs import costs_of
from billing.crediting import open_lines, propose_credit
from billing.models import BrokerageRate, CreditReason, Invoice, InvoiceLine, RunLine, Series
from billing.proposing import propose
from billing.reminding import remind_of_unpaid_invoices
from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear, Period
from support.actions.confirming import confirm_delivery, withdraw_delivery
from support.actions.deliveries import log_delivery
from support.actions.shortening import shorten_delivery
from support.balances import balances_of
from support.models import DayRate, Delivery, Offer
from tests import make
from tests.billing.cases import issue, noon

pytestmark = pytest.mark.django_db
ISSUED, DAY = date(2023, 4, 3), date(2023, 4, 20)
MARCH = Period(date(2023, 3, 1), date(2023, 3, 31))
WHY = "The champion left at noon"
Reason = CreditReason
GOLDEN = (
    "Westmere Council Credit note SBC2324-00001 Credit note date 20 April 2023 Tax point 20 April 2023 "
    "Credits invoice SBS2324-00001 Your account {account} Our VAT number GB123456782 "
    "VAT rate Why Net VAT 20% Standard rate from 4 January 2011 £137.50 £27.50 "
    "Town Hall High Street Westmere WM1 1AA finance@westmere.example {customer} "
    "Total credited £165.00including £27.50 VAT Nothing to pay "
    "This credit note takes £165.00 off invoice SBS2324-00001. "
    "What is credited Vale Academy URN {urn} Date Support Quantity Unit price Charged VAT Net "
    "15 Mar 2023 Leadership Champion days 0.5 of 1 day billed: Leadership Champion (SSLC), 1 day "
    "50% of £550.00 a day: charge band from 1 April 2022, SSLC day rate from 1 September 2019 "
    "0.5 days £550.00 50% 20% £137.50 Net total £137.50 VAT £27.50 Total credited £165.00 "
    "It was shorter than billed: The champion left at noon "
    "Questions about this credit note? Write to finance@westmere.example and quote SBC2324-00001. "
    "Westmere Council Credit note SBC2324-00001 · page 1 of 1"
)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    return make.council()


@pytest.fixture
def finance():
    return make.user("finance")


@pytest.fixture
def academy():
    made = make.academy(name="Vale Academy")
    make.account(made)
    return made


@pytest.fixture
def champion():
    return make.champion("SSLC")


@pytest.fixture
def invoice(academy, champion):
    """E14: three SSLC days in March 2023."""
    for day in (8, 15, 22):
        make.delivery(academy, "SSLC", date(2023, 3, day), champion=champion)
    return issue(MARCH, on=ISSUED)[0]


def line_of(invoice, place: int = 1) -> InvoiceLine:
    return invoice.lines.get(position=place)


def credited(invoice, half_days, by, reason=Reason.SHORTER, why=WHY, on=DAY, **rest) -> Invoice:
    return credit_invoice(invoice, half_days=half_days, reason=reason, why=why, by=by, on=on, **rest)


def money(document) -> tuple[int, int, int]:
    return document.net, document.vat, document.gross


def balance(invoice) -> int:
    return Invoice.objects.with_balance().get(pk=invoice.pk).balance


class TestOneDayTurnsOutAHalf:
    """E14 from the invoice to the next run."""

    @pytest.fixture
    def note(self, invoice, finance):
        return credited(invoice, {line_of(invoice, 2).pk: 1}, finance)

    def test_e14_the_credit_note_the_balance_and_the_next_run(self, invoice, note):
        assert money(invoice) == (82500, 16500, 99000)
        assert money(note) == (13750, 2750, 16500)
        assert (balance(invoice), balance(note)) == (82500, 0)
        assert propose(MARCH).invoices == ()
        assert propose(Period(date(2022, 9, 1), date(2023, 8, 31))).invoices == ()

    def test_m10_it_has_a_series_of_its_own_and_refers_to_the_invoice(self, invoice, note):
        assert (note.number, note.kind, note.refers_to) == ("SBC2324-00001", "credit note", invoice)
        assert (note.issued_on, note.tax_point, note.due_on, note.run_item) == (DAY, DAY, DAY, None)
        assert (note.credit_reason, note.credit_why) == ("shorter", WHY)
        assert dict(Series.objects.values_list("kind", "last")) == {"invoice": 1, "credit note": 1}

    def test_m12_its_line_says_which_line_it_credits_and_how_much_of_it(self, invoice, note):
        line, billed = note.lines.get(), line_of(invoice, 2)
        assert (line.refers_to, line.part, line.is_rest, line.position) == (billed, 1, False, 1)
        assert (line.half_days, line.net, line.source_key) == (1, 13750, billed.source_key)
        assert line.description == "0.5 of 1 day billed: Leadership Champion (SSLC), 1 day"
        assert (line.reason, line.vat_percent, line.day_rate) == (billed.reason, billed.vat_percent, billed.day_rate)

    def test_the_day_is_shortened_with_reason_and_trail_and_the_entitlement_counts_it(self, academy, note, finance):
        day = Delivery.objects.get(happens_on=date(2023, 3, 15))
        assert (day.half_days, day.state) == (1, "confirmed")
        event = Event.objects.get(verb="delivery.shortened")
        assert (event.by, event.why) == (finance, f"SBC2324-00001: {WHY}")
        assert event.details["former_half_days"] == 2
        used = balances_of(School.objects.filter(pk=academy.pk), on=DAY)[academy.pk].balance("SSLC").used
        assert used == 5

    def test_a3_who_credited_why_and_how_much_is_in_the_trail(self, invoice, note, finance):
        event = Event.objects.get(verb="credit_note.issued")
        assert (event.by, event.why, event.subject) == (finance, WHY, f"invoice:{note.pk}")
        said = {"number": note.number, "invoice": invoice.number, "reason": "shorter", "gross": 16500}
        assert event.details == said

    def test_the_accounts_contacts_get_it_by_mail(self, invoice, note):
        mail = Dispatch.objects.get(key=f"credit-note-{note.number}")
        contacts = list(invoice.account.contacts.values_list("email", flat=True))
        assert (mail.to, mail.attachment, mail.subject) == (
            contacts,
            note.document,
            "Credit note SBC2324-00001 from Westmere Council",
        )
        assert mail.body.split("\n\n")[1] == (
            "Credit note SBC2324-00001 is attached. It takes £165.00 off invoice SBS2324-00001 and says why. "
            "There is nothing to pay on it."
        )

    def test_m11_the_pdf_says_what_the_data_says_and_nothing_else(self, invoice, note):
        reader = PdfReader(BytesIO(note.document.read()))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert text == GOLDEN.format(customer=f"{invoice.customer['name']} {' '.join(invoice.customer['address'])}",
                                     account=invoice.account.reference, urn=invoice.account.school_id)  # fmt: skip

    def test_a4_the_pdf_is_tagged(self, note):
        catalogue = PdfReader(BytesIO(note.document.read())).trailer["/Root"]
        assert (bool(catalogue["/MarkInfo"]["/Marked"]), catalogue["/Lang"]) == (True, "en-GB")
        assert catalogue["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
        assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()

    def test_m10_neither_it_nor_its_lines_are_changed_or_deleted(self, note):
        for change in (
            lambda: Invoice.objects.filter(pk=note.pk).update(credit_why="x"),
            lambda: note.lines.update(is_rest=True),
            lambda: note.lines.get().delete(),
            lambda: note.save(),
        ):
            with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
                change()

    def test_what_a_school_reads_of_its_costs_is_less_what_was_credited(self, academy, invoice, note, finance):
        costs = costs_of(academy, AcademicYear(2022), user=finance)
        assert [(cost.status, cost.net) for cost in costs] == [
            ("Invoiced", 27500),
            ("Invoiced", 13750),
            ("Invoiced", 27500),
        ]
        assert [line.credited for cost in costs for line in cost.lines] == [0, 13750, 0]

    def test_the_rest_of_the_day_is_credited_to_the_penny_and_then_no_more(self, invoice, note, finance):
        line = line_of(invoice, 2)
        rest = credited(invoice, {line.pk: None}, finance, reason=Reason.NOT_DELIVERED)
        assert (rest.number, money(rest), rest.lines.get().part) == ("SBC2324-00002", (13750, 2750, 16500), 2)
        with pytest.raises(Refusal, match="Nothing of this line is left"):
            credited(invoice, {line.pk: 1}, finance)
        assert Delivery.objects.get(happens_on=date(2023, 3, 15)).state == "cancelled"
        assert [each.line.position for each in open_lines(invoice)] == [1, 3]


class TestAWholeLine:
    def test_m12_is_withdrawn_and_what_was_is_logged_and_billed_right(self, academy, champion, invoice, finance):
        note = credited(invoice, {line_of(invoice).pk: None}, finance, reason=Reason.NOT_DELIVERED, why="Wrong date")
        assert (money(note), balance(invoice)) == ((27500, 5500, 33000), 66000)
        gone = Delivery.objects.get(happens_on=date(2023, 3, 8))
        assert (gone.state, gone.cancelled_why) == ("cancelled", "SBC2324-00001: Wrong date")
        deployment = make.deployment(academy, champion)
        lead = make.user("lead")
        day = log_delivery(
            deployment, happens_on=date(2023, 3, 9), half_days=1, summary="Phonics", by=champion.user or lead, on=DAY
        )
        confirm_delivery(day, by=make.head(academy), on=DAY)
        again = issue(MARCH, on=DAY)
        assert [(money(each), each.lines.get().delivery) for each in again] == [((13750, 2750, 16500), day)]

    def test_m12_where_the_price_was_wrong_is_billed_again_at_the_right_one(self, invoice, finance):
        delivery = line_of(invoice).delivery
        credited(invoice, {line_of(invoice).pk: None}, finance, reason=Reason.WRONG_PRICE, why="The rate was old")
        delivery.refresh_from_db()
        assert (delivery.state, delivery.half_days) == ("confirmed", 2)
        DayRate.objects.create(champion_type=make.champion_type("SSLC"), starts_on=date(2023, 3, 1), rate=60000)
        [again] = issue(MARCH, on=DAY)
        assert (money(again), again.lines.get().delivery) == ((30000, 6000, 36000), delivery)
        assert RunLine.objects.filter(delivery=delivery).values_list("turn", flat=True).order_by("turn").last() == 1
        assert propose(MARCH).invoices == ()

    def test_m12_billed_again_it_can_be_credited_again(self, invoice, finance):
        credited(invoice, {line_of(invoice).pk: None}, finance, reason=Reason.WRONG_PRICE)
        [again] = issue(MARCH, on=DAY)
        half = credited(again, {line_of(again).pk: 1}, finance)
        assert (money(half), line_of(again).delivery.half_days) == ((13750, 2750, 16500), 1)
        credited(again, {line_of(again).pk: None}, finance, reason=Reason.WRONG_PRICE)
        assert [line.charge.net for each in propose(MARCH).invoices for line in each.lines] == [13750]

    def test_m12_where_the_account_was_wrong_goes_to_the_right_one(self, academy, invoice, finance):
        everything = {line.pk: None for line in invoice.lines.all()}
        credited(invoice, everything, finance, reason=Reason.WRONG_CUSTOMER, why="The trust pays")
        assert balance(invoice) == 0
        invoice.account.school = None
        invoice.account.trust = make.trust()
        invoice.account.save()
        trust = make.trust(academy, name="Hill Trust")
        make.account(trust)
        [again] = issue(MARCH, on=DAY)
        assert (again.customer["name"], money(again)) == ("Hill Trust", (82500, 16500, 99000))

    @pytest.mark.parametrize("reason", [Reason.WRONG_PRICE, Reason.WRONG_CUSTOMER])
    def test_m12_a_wrong_bill_is_not_credited_in_part(self, invoice, finance, reason):
        with pytest.raises(Refusal, match="whole lines are credited"):
            credited(invoice, {line_of(invoice).pk: 1}, finance, reason=reason)

    def test_m14_what_is_credited_in_full_gets_no_reminder(self, invoice, finance):
        late = noon(date(2023, 5, 3))
        credited(invoice, {line.pk: None for line in invoice.lines.all()}, finance, reason=Reason.NOT_DELIVERED)
        assert (remind_of_unpaid_invoices(now=late), list(Invoice.objects.overdue(date(2023, 5, 3)))) == (0, [])

    def test_m14_the_control_without_the_credit_it_gets_one(self, invoice):
        assert remind_of_unpaid_invoices(now=noon(date(2023, 5, 3))) == 1

    def test_m15_what_was_paid_before_is_too_much_afterwards(self, invoice, finance):
        record_payment(invoice, amount=99000, received_on=DAY, reference="BACS", request_key="k", by=finance, on=DAY)
        credited(invoice, {line_of(invoice).pk: 1}, finance)
        assert balance(invoice) == -16500


class TestAVisitWithAChampion:
    """O7: the champion's time at a visit is a line of its own."""

    @pytest.fixture
    def bill(self, academy):
        """A visit at a fixed price, and the champion who attended it."""
        line = {"charge": "fixed price", "fixed_price": 12550}
        offer = make.offer(2022, state="draft", published_on=None)
        offer.lines.filter(sector="academy", service__code="HLV").update(**line)
        Offer.objects.update(state="published", published_on=date(2022, 7, 1))
        make.delivery(academy, "HLV", date(2023, 3, 8), days="0.5", champion=make.champion("SSLC"))
        return issue(MARCH, on=ISSUED)[0]

    @pytest.fixture
    def council(self):
        """Before the offer: it is drafted first."""
        make.rates()
        return make.council()

    def visit(self) -> tuple[str, int, int | None]:
        return Delivery.objects.values_list("state", "half_days", "champion").get()

    def of(self, bill, part: str) -> int:
        return bill.lines.get(source_key__endswith=part).pk

    def test_the_champion_who_did_not_come_is_taken_off_and_the_visit_stays(self, bill, finance):
        note = credited(bill, {self.of(bill, "champion"): None}, finance, reason=Reason.NOT_DELIVERED)
        assert (money(note), self.visit()) == ((13750, 2750, 16500), ("confirmed", 0, None))
        assert Event.objects.get(verb="delivery.shortened").details["former_half_days"] == 1
        assert propose(MARCH).invoices == ()

    def test_a_visit_that_did_not_take_place_is_credited_with_its_champion(self, bill, finance):
        with pytest.raises(Refusal, match="Credit both lines"):
            credited(bill, {self.of(bill, "service"): None}, finance, reason=Reason.NOT_DELIVERED)
        both = {line.pk: None for line in bill.lines.all()}
        credited(bill, both, finance, reason=Reason.NOT_DELIVERED)
        assert (self.visit()[0], balance(bill)) == ("cancelled", 0)

    def test_m12_crediting_the_visits_price_frees_that_and_nothing_else(self, bill, finance):
        credited(bill, {self.of(bill, "service"): None}, finance, reason=Reason.WRONG_PRICE)
        [again] = propose(MARCH).invoices
        assert [(line.charge.part, line.charge.net) for line in again.lines] == [("service", 12550)]
        [issued] = issue(MARCH, on=DAY)
        assert (money(issued), propose(MARCH).invoices, propose(MARCH).held) == ((12550, 2510, 15060), (), ())

    def test_one_more_query_tells_the_parts_of_a_delivery_apart(self, bill, finance, django_assert_num_queries):
        credited(bill, {self.of(bill, "service"): None}, finance, reason=Reason.WRONG_PRICE)
        with django_assert_num_queries(5):
            propose(MARCH)


class TestBrokerage:
    def test_m5_it_is_credited_with_the_days_that_it_is_for(self, academy, champion, finance):
        BrokerageRate.objects.create(starts_on=date(2022, 4, 1), percent=10)
        make.delivery(academy, "SSLC", date(2023, 3, 8), champion=champion)
        [invoice] = issue(MARCH, on=ISSUED)
        assert [(line.position, line.net) for line in invoice.lines.all()] == [(1, 27500), (2, 2750)]
        assert [each.line.position for each in open_lines(invoice)] == [1]
        note = credited(invoice, {line_of(invoice).pk: 1}, finance)
        assert ([line.net for line in note.lines.all()], money(note)) == ([13750, 1375], (15125, 3025, 18150))
        rest = credited(invoice, {line_of(invoice).pk: None}, finance, reason=Reason.NOT_DELIVERED)
        assert ([line.net for line in rest.lines.all()], balance(invoice)) == ([13750, 1375], 0)
        assert Delivery.objects.get().state == "cancelled"


class TestRefusals:
    def test_a_reason_and_words_are_needed(self, invoice, finance):
        half = {line_of(invoice).pk: 1}
        with pytest.raises(Refusal, match="Say what was wrong"):
            credited(invoice, half, finance, reason="bad luck")
        with pytest.raises(Refusal, match="Say why it is credited"):
            credited(invoice, half, finance, why=" ")
        assert Invoice.objects.count() == 1

    def test_a_credit_note_is_not_credited(self, invoice, finance):
        note = credited(invoice, {line_of(invoice).pk: 1}, finance)
        with pytest.raises(Refusal, match="A credit note is not credited"):
            credited(note, {note.lines.get().pk: 1}, finance)

    def test_another_invoices_line_is_not_credited_here(self, invoice, finance):
        other = make.academy()
        make.account(other)
        make.delivery(other, "SSLC", date(2023, 3, 8))
        [others] = issue(MARCH, on=ISSUED)
        with pytest.raises(Refusal, match="Say how much of which line"):
            credited(invoice, {line_of(others).pk: 1}, finance)

    def test_what_was_seen_is_what_is_issued(self, invoice, finance):
        half = {line_of(invoice).pk: 1}
        seen = propose_credit(Invoice.objects.with_balance().get(), half, reason=Reason.SHORTER).digest
        record_payment(invoice, amount=100, received_on=DAY, reference="", request_key="k", by=finance, on=DAY)
        with pytest.raises(Refusal, match=CHANGED):
            credited(invoice, half, finance, seen=seen)
        now = propose_credit(Invoice.objects.with_balance().get(), half, reason=Reason.SHORTER)
        assert money(credited(invoice, half, finance, seen=now.digest)) == money(now.totals)

    def test_a_form_sent_twice_credits_once(self, invoice, finance):
        half = {line_of(invoice).pk: 1}
        first = credited(invoice, half, finance, request_key="key")
        assert credited(invoice, half, finance, request_key="key") == first
        assert (Invoice.objects.filter(kind="credit note").count(), balance(invoice)) == (1, 82500)

    def test_m12_what_is_credited_is_free_to_be_withdrawn_or_shortened_and_nothing_else(self, invoice, finance):
        lead = make.user("lead")
        first, second = (line_of(invoice, place).delivery for place in (1, 2))
        credited(invoice, {line_of(invoice).pk: None}, finance, reason=Reason.WRONG_PRICE)
        shorten_delivery(first, half_days=1, why=WHY, by=lead, on=DAY)
        for act in (withdraw_delivery, lambda *a, **k: shorten_delivery(*a, half_days=1, **k)):
            with pytest.raises(Refusal, match="Ask finance to credit"):
                act(second, why=WHY, by=lead, on=DAY)

    def test_a_refused_correction_leaves_no_number_behind(self, invoice, finance, monkeypatch):
        Delivery.objects.filter(happens_on=date(2023, 3, 8)).update(half_days=1)  # somebody shortened it meanwhile
        with pytest.raises(Refusal, match="in the record with"):
            credited(invoice, {line_of(invoice).pk: 1}, finance)
        assert (Invoice.objects.count(), Series.objects.filter(kind="credit note").count()) == (1, 0)

    def test_it_is_dated_no_earlier_than_its_invoice_and_the_credit_note_before(self, invoice, finance):
        first = credited(invoice, {line_of(invoice).pk: 1}, finance, on=date(2023, 3, 30))
        second = credited(invoice, {line_of(invoice, 2).pk: 1}, finance, on=date(2023, 4, 25))
        third = credited(invoice, {line_of(invoice, 3).pk: 1}, finance, on=date(2023, 4, 24))
        days = [(each.number, each.issued_on) for each in (first, second, third)]
        assert days == [
            ("SBC2324-00001", ISSUED),
            ("SBC2324-00002", date(2023, 4, 25)),
            ("SBC2324-00003", date(2023, 4, 25)),
        ]
