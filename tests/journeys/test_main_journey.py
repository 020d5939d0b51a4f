"""The main job, end to end: from an empty portal to a paid invoice, in browsers, on a portal of its own.

Web, worker and beat run as run.py starts them; the clock moves only where `sweep` is told another `now`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys import doing
from tests.journeys.portal import Portal, attached, text_of

pytestmark = [pytest.mark.browser, pytest.mark.process]
PHONE = {"width": 375, "height": 800}
MAINTAINED, ACADEMY, HOME = 110206, 137939, 110261
ADVISER, HEAD, LEAD = "adviser@westmere.example", "head@westmere.example", "lead@westmere.example"
CHAMPION, ACADEMYS_HEAD, FINANCE = "champion@westmere.example", "academy@westmere.example", "finance@westmere.example"
ACCOUNTS, HOMES_HEAD = "accounts@academy.example", "kim@home.example"
SECRET = "The chair of governors may resign"


def test_the_main_job_from_an_empty_portal_to_a_paid_invoice(portal, open_browser, picture):
    today = timezone.localdate()
    admin = open_browser()
    found_the_council(portal, admin, picture, today)
    lead = open_browser()
    prepare_support(portal, lead, picture, today)
    agree_by_mail(portal, open_browser(PHONE), open_browser(), lead, picture)
    log_a_visit_on_a_telephone(portal, open_browser(PHONE), picture, today)
    read_the_note(portal, open_browser(), picture)
    log_and_confirm_a_day(portal, open_browser(PHONE), open_browser(), picture)
    finance = open_browser()
    number = invoice_the_day(portal, finance, picture)
    check_the_invoice(portal, finance, number, today)
    remind_until_it_is_paid(portal, finance, number, today, picture)


def found_the_council(portal: Portal, page: Page, picture: Callable, today: date) -> None:
    """Register, rates, offer and people, all by the first administrator."""
    doing.set_up(portal, page)
    doing.sign_in(page, doing.ADMINISTRATOR)
    picture(page, "01-administrator-home")
    page.goto("/schools/")
    expect(page.get_by_text(re.compile(r"^\d+ schools$"))).to_be_visible()
    picture(page, "02-schools")
    started = f"01/09/{today.year - 3}"
    doing.add(page, "support/dayrate", champion_type="SSLC", starts_on=started, rate="550")
    doing.add(page, "billing/chargeband", starts_on=started, percent="50")
    portal.shell(
        "from django.utils.timezone import localdate; from sidebyside.years import AcademicYear;"
        "from support.offer_files import OFFER, make_offer, read;"
        "make_offer(AcademicYear.containing(localdate()), read(OFFER), by=None, on=localdate())"
    )
    doing.publish_offer(page, academic_year(today))
    picture(page, "03-offer-published")
    for name, address, role in (
        ("Robin Fairweather", LEAD, "Team leader and broker"),
        ("Priya Raman", ADVISER, "Adviser"),
        ("Jo Marsh", CHAMPION, "Champion"),
        ("Frances Lyle", FINANCE, "Council finance"),
    ):
        doing.invite(page, name, address, role)
    for name, address, school in (
        ("Sam Oakes", HEAD, "Oak Green School"),
        ("Alex Thorne", ACADEMYS_HEAD, "Bourton Meadow Academy"),
    ):
        doing.invite(page, name, address, "Headteacher or nominee", post="Headteacher", school=school)
    picture(page, "04-people")


def academic_year(day: date) -> str:
    """2026/27."""
    start = day.year if day.month >= 9 else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def prepare_support(portal: Portal, page: Page, picture: Callable, today: date) -> None:
    """The team leader confirms a category, registers a champion and proposes a deployment."""
    doing.take_up_invitation(portal, page, LEAD)
    picture(page, "05-lead-home")
    doing.categorise(page, MAINTAINED, "Prevention", today)
    picture(page, "06-school")
    page.goto(f"/schools/{MAINTAINED}/entitlement/")
    expect(page.get_by_text("9 of 9 days left")).to_be_visible()
    picture(page, "07-entitlement")
    doing.register_champion(page, "Jo Marsh", CHAMPION, f"URN {HOME}")
    doing.record_checks(page, "CH01", today)
    heads = {"home": ("Kim Ode", HOMES_HEAD)}
    doing.propose_deployment(
        page, "Jo Marsh, SSLC", f"URN {ACADEMY}", today, today + timedelta(days=60), heads=heads
    )  # fmt: skip
    picture(page, "08-deployment")


def agree_by_mail(portal: Portal, one: Page, other: Page, lead: Page, picture: Callable) -> None:
    """Both heads agree by the links in their mails; the first alone is not enough."""
    doing.consent_by_link(portal, one, ACADEMYS_HEAD)
    picture(one, "08-agreed-by-link")
    lead.reload()
    expect(lead.get_by_text("Both schools are asked to agree.")).to_be_visible()
    doing.consent_by_link(portal, other, HOMES_HEAD)
    lead.reload()
    expect(lead.get_by_role("button", name="Log a day")).to_be_visible()


def log_a_visit_on_a_telephone(portal: Portal, page: Page, picture: Callable, today: date) -> None:
    """The adviser plans today's Headline Visit and logs it in the school; what is typed is saved by itself (V4)."""
    doing.take_up_invitation(portal, page, ADVISER)
    picture(page, "09-adviser-home")
    page.goto(f"/schools/{MAINTAINED}/visits/plan/")
    page.get_by_label("Headline Visit", exact=True).check()
    doing.fill_date(page, "happens_on", today)
    doing.choose(page, "adviser", "Priya Raman")
    picture(page, "10-plan-a-visit")
    page.get_by_role("button", name="Plan the visit").click()
    page.get_by_role("button", name="Log this visit").click()
    page.get_by_label("Length").fill("90")
    page.get_by_label("People met").fill("Sam Oakes, headteacher")
    page.get_by_label("Focus and evidence seen").fill("Reading in Year 2")
    page.get_by_label("Strengths").fill("Phonics is taught well")
    page.get_by_label("Areas for development").fill("Books match the sounds that pupils know")
    page.get_by_label("Confidential part").fill(SECRET)
    expect(page.locator("[data-save-state]")).to_contain_text("Saved at")
    picture(page, "11-log-a-visit")
    page.reload()
    expect(page.get_by_label("Strengths")).to_have_value("Phonics is taught well")
    page.get_by_role("button", name="Check and share").click()
    page.get_by_role("button", name="Share the note").click()
    expect(page.get_by_text("The note is shared with Oak Green School.")).to_be_visible()
    expect(page.get_by_text(SECRET)).to_be_visible()
    picture(page, "12-note-shared")


def read_the_note(portal: Portal, page: Page, picture: Callable) -> None:
    """The head reads what was shared and nothing else, marks it accurate, and sees what is left (V3)."""
    doing.take_up_invitation(portal, page, HEAD)
    picture(page, "13-head-home")
    page.goto(f"/schools/{MAINTAINED}/visits/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text("Phonics is taught well")).to_be_visible()
    assert SECRET not in page.content()
    page.get_by_role("button", name="Mark it accurate, or answer").click()
    page.get_by_label("Yes, it is accurate").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The note is accurate.")).to_be_visible()
    picture(page, "14-note-accurate")
    page.goto(f"/schools/{MAINTAINED}/entitlement/")
    expect(page.get_by_text("2 of 3 visits left")).to_be_visible()
    picture(page, "15-head-entitlement")


def log_and_confirm_a_day(portal: Portal, phone: Page, desk: Page, picture: Callable) -> None:
    """The champion logs today on a telephone; the academy's head confirms it (M1)."""
    doing.take_up_invitation(portal, phone, CHAMPION)
    picture(phone, "16-champion-home")
    phone.goto("/deployments/")
    phone.get_by_role("link", name=re.compile("Bourton Meadow")).first.click()
    phone.get_by_role("button", name="Log a day").click()
    phone.get_by_label("What was done, or is planned").fill("Modelled guided reading in Year 3.")
    picture(phone, "17-log-a-day")
    phone.get_by_role("button", name="Save the day").click()
    expect(phone.get_by_text("The day is in the record.")).to_be_visible()
    doing.take_up_invitation(portal, desk, ACADEMYS_HEAD)
    picture(desk, "18-academy-home")
    desk.goto("/deliveries/waiting/")
    picture(desk, "19-waiting")
    desk.get_by_role("checkbox").check()
    desk.get_by_role("button", name="Confirm all chosen").click()
    desk.get_by_role("button", name="Confirm", exact=True).click()
    expect(desk.get_by_text("Thank you. 1 delivery is confirmed.")).to_be_visible()


def invoice_the_day(portal: Portal, page: Page, picture: Callable) -> str:
    """Finance opens an account, sees why the day costs what it costs, approves, and watches; returns the number."""
    doing.take_up_invitation(portal, page, FINANCE)
    picture(page, "20-finance-home")
    page.goto("/invoices/runs/new/")
    page.get_by_role("link", name="This month so far").click()
    expect(page.get_by_text(re.compile("no account", re.IGNORECASE)).first).to_be_visible()
    picture(page, "21-held-back")
    page.goto("/billing/accounts/new/")
    for name, answer in {
        "payer": str(ACADEMY), "name": "Bourton Meadow Academy", "address": "Burleigh Road\nBuckingham",
        "postcode": "MK18 7HX", "contacts": ACCOUNTS,
    }.items():  # fmt: skip
        page.locator(f"#id_{name}").fill(answer)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text(re.compile("Account .* opened"))).to_be_visible()
    page.goto("/invoices/runs/new/")
    page.get_by_role("link", name="This month so far").click()
    expect(page.get_by_text("£275.00").first).to_be_visible()
    picture(page, "22-preview")
    page.get_by_role("button", name="Approve and issue").click()
    expect(page.get_by_text("1 of 1 invoice issued, £330.00 with VAT.")).to_be_visible(timeout=120_000)
    picture(page, "23-issued")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"SBS\d{4}-00001"))
    picture(page, "24-invoice")
    return page.get_by_role("heading", level=1).inner_text()


def check_the_invoice(portal: Portal, page: Page, number: str, today: date) -> None:
    """PDF, page, CSVs and mail say the same to the penny (M11)."""
    for amount in ("£275.00", "£55.00", "£330.00"):
        expect(page.get_by_text(amount).first).to_be_visible()
    pdf = page.request.get(f"/invoices/{number}/pdf/").body()
    paper = " ".join("\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())
    for words in (number, "Westmere Council", "GB999999973", "Bourton Meadow Academy", str(ACADEMY)):
        assert words in paper
    for amount in ("275.00", "55.00", "330.00"):
        assert amount in paper
    [document] = rows(page, "/invoices/documents.csv")
    money = {name: document[name] for name in ("invoice", "net", "vat", "gross", "balance")}
    assert money == {"invoice": number, "net": "275.00", "vat": "55.00", "gross": "330.00", "balance": "330.00"}
    assert document["sha256"] == sha256(pdf).hexdigest()
    assert document["due_on"] == (today + timedelta(days=28)).isoformat()
    [line] = rows(page, "/invoices/lines.csv")
    charged = {name: line[name] for name in ("urn", "service", "days", "day_rate", "charge_percent", "net")}
    assert charged == {
        "urn": str(ACADEMY), "service": "SSLC", "days": "1.0", "day_rate": "550.00", "charge_percent": "50",
        "net": "275.00",
    }  # fmt: skip
    mail = portal.mail(ACCOUNTS, f"Invoice {number}")
    assert attached(mail) == pdf


def rows(page: Page, address: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(page.request.get(address).text())))


def remind_until_it_is_paid(portal: Portal, page: Page, number: str, today: date, picture: Callable) -> None:
    """A reminder goes once, with the invoice as it was; a payment ends them (M14, M15)."""
    sweep(portal, today + timedelta(days=28 + 5))
    written = portal.mails(ACCOUNTS, "")
    [reminder] = [mail for mail in written if str(mail["subject"]) != f"Invoice {number} from Westmere Council"]
    assert number in text_of(reminder)
    assert "£330.00" in text_of(reminder)
    assert attached(reminder) == page.request.get(f"/invoices/{number}/pdf/").body()
    sweep(portal, today + timedelta(days=28 + 5))
    assert len(portal.mails(ACCOUNTS, "")) == len(written)
    page.goto(f"/invoices/{number}/payment/")
    page.get_by_label("Reference").fill("BACS 4711")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text(f"£330.00 recorded for {number}.")).to_be_visible()
    picture(page, "25-paid")
    sweep(portal, today + timedelta(days=28 + 30))
    assert len(portal.mails(ACCOUNTS, "")) == len(written)
    page.goto("/outbox/")
    expect(page.get_by_text(ACCOUNTS).first).to_be_visible()
    picture(page, "26-outbox")


def sweep(portal: Portal, day: date) -> None:
    """What the portal does on another day."""
    said = portal.shell(
        "from datetime import datetime; from django.utils import timezone; from sidebyside.sweep import JOBS, sweep;"
        f"now = timezone.make_aware(datetime({day.year}, {day.month}, {day.day}, 9));"
        "print(len(sweep(now=now)) == len(JOBS))"
    )
    assert said.splitlines()[-1] == "True"
