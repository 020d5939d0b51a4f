"""What the people of the main journey do on the portal's pages, each a few presses."""

from __future__ import annotations

import re
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.portal import Portal, text_of

GIAS = Path(__file__).resolve().parent.parent.parent / "data" / "gias"
PASSWORD = "three quiet wooden boats"
ADMINISTRATOR = "admin@westmere.example"


def set_up(portal: Portal, page: Page) -> None:
    """The first-run page, opened by its one-time token: council, register, administrator."""
    page.goto(portal.manage("first_run_token"))
    answers = {
        "name": "Westmere Council", "authority_code": "825", "team_name": "School improvement",
        "address": "Town Hall\nHigh Street\nWestmere\nWM1 1AA", "email": "schools@westmere.example",
        "finance_email": "finance@westmere.example", "telephone": "01632 960 001", "vat_number": "GB999999973",
        "bank_name": "Example Bank", "bank_account_name": "Westmere Council", "sort_code": "00-00-00",
        "account_number": "00000000", "terms_days": "28", "invoice_prefix": "SBS", "credit_note_prefix": "SBC",
        "administrator_name": "Morgan Ashby", "administrator_email": ADMINISTRATOR, "password": PASSWORD,
        "password_again": PASSWORD,
    }  # fmt: skip
    for name, answer in answers.items():
        page.locator(f"#id_{name}").fill(answer)
    for part in ("establishments", "links", "trusts"):
        page.locator(f"#id_{part}").set_input_files(next(GIAS.glob(f"{part}_*")))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("Your portal is ready.")).to_be_visible()


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """The sign-in page."""
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def take_up_invitation(portal: Portal, page: Page, address: str) -> None:
    """From the invitation's mail to a password of one's own, and in."""
    invitation = text_of(portal.mail(address, "You are invited"))
    page.goto(re.search(r"http\S+/password/reset/", invitation)[0])
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    link = re.search(r"http\S+/password/reset/key/\S+", text_of(portal.mail(address, "")))
    page.goto(link[0])
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    sign_in(page, address)


def choose(page: Page, box: str, words: str) -> None:
    """The option of a list that holds these words."""
    option = page.locator(f"#id_{box} option", has_text=words).first
    page.locator(f"#id_{box}").select_option(value=option.get_attribute("value"))


def fill_date(page: Page, name: str, day: date) -> None:
    """The three boxes of a date."""
    for part in ("day", "month", "year"):
        page.locator(f"#id_{name}_{part}").fill(str(getattr(day, part)))


# --- The administration -----------------------------------------------------------------------------------------------
def add(page: Page, model: str, **answers: str) -> None:
    """Add a row of standing data in the administration."""
    page.goto(f"/admin/{model}/add/")
    for name, answer in answers.items():
        box = page.locator(f"#id_{name}")
        if box.evaluate("box => box.tagName") == "SELECT":
            choose(page, name, answer)
        else:
            box.fill(answer)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def invite(page: Page, name: str, address: str, role: str, *, post: str = "", school: str = "") -> None:
    """Invite a person, with a post at a school where there is one."""
    page.goto("/admin/accounts/user/add/")
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill(address)
    choose(page, "role", role)
    if school:
        page.locator(".add-row a, .add-row button").click()
        row = page.locator("[id=memberships-0]")
        row.locator(".field-school .select2-selection").click()
        page.locator(".select2-search__field").fill(school)
        page.locator(".select2-results__option", has_text=school).click()
        row.locator(".field-post select").select_option(label=post)
        row.locator(".field-started_on input").first.fill("01/09/2020")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def publish_offer(page: Page, year: str) -> None:
    """Publish a year's draft, after reading what it gives."""
    page.goto("/admin/support/offer/")
    page.get_by_role("link", name=year).click()
    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Publish"))).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile("is published"))).to_be_visible()


# --- The team ---------------------------------------------------------------------------------------------------------
def categorise(page: Page, urn: int, category: str, since: date) -> None:
    """Propose a category and confirm it."""
    page.goto(f"/schools/{urn}/category/propose/")
    page.get_by_label(category, exact=True).check()
    fill_date(page, "starts_on", since)
    page.get_by_label("Reason").fill("Agreed with the head in the autumn round.")
    page.get_by_role("button", name="Propose the category").click()
    page.get_by_role("link", name="Decide on this proposal").click()
    page.get_by_role("button", name="Confirm the category").click()
    expect(page.get_by_text(f"Category confirmed: {category}")).to_be_visible()


def register_champion(page: Page, name: str, address: str, home: str) -> None:
    """Put a champion on the register."""
    page.goto("/champions/new/")
    page.locator("#id_name").fill(name)
    page.get_by_role("radio", name="Leadership Champion (SSLC)").check()
    choose(page, "home_school", home)
    page.locator("#id_email").fill(address)
    page.get_by_role("button", name="Register the champion").click()
    expect(page.get_by_text(f"{name} is on the register.")).to_be_visible()


def record_checks(page: Page, code: str, day: date) -> None:
    """What a champion has done before going into schools."""
    for check in ("Induction", "Safeguarding training"):
        page.goto(f"/champions/{code}/checks/new/")
        page.get_by_label(check).check()
        fill_date(page, "done_on", day)
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text("The check is in the register.")).to_be_visible()


def propose_deployment(
    page: Page, champion: str, school: str, first: date, last: date, *, heads: dict[str, tuple[str, str]]
) -> None:
    """Propose four days of a champion at a school; `heads` are the name and address of each who is asked."""
    page.goto("/deployments/new/")
    choose(page, "champion", champion)
    choose(page, "school", school)
    page.locator("#id_focus").fill("Early reading")
    page.locator("#id_outcomes-0-text").fill("More pupils read at the standard")
    page.locator("#id_outcomes-0-measure").fill("The phonics check in June")
    page.locator("#id_half_days_agreed").fill("4")
    fill_date(page, "starts_on", first)
    fill_date(page, "ends_on", last)
    for party, (name, address) in heads.items():
        page.locator(f"#id_{party}_name").fill(name)
        page.locator(f"#id_{party}_email").fill(address)
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send this deployment for consent?")
    page.get_by_role("button", name="Send for consent").click()
    expect(page.get_by_text("The deployment is proposed.")).to_be_visible()


def consent_by_link(portal: Portal, page: Page, address: str) -> None:
    """Open the newest link that was mailed to an address, enter the code, and agree."""
    page.goto(link_in(portal.mail(address, "Please agree")))
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_label("The code from our mail")).to_be_visible()
    page.get_by_label("The code from our mail").fill(code_in(portal.mail(address, "Your code is")))
    page.get_by_role("button", name="Open the agreement").click()
    page.get_by_label("Yes, I agree").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("Your answer is in the record.")).to_be_visible()


def link_in(mail: EmailMessage) -> str:
    """The path of the link in a mail that asks to agree."""
    [path] = re.findall(r"/agree/\S+", text_of(mail))
    return path


def code_in(mail: EmailMessage) -> str:
    """The code in a mail."""
    [code] = re.findall(r"Your code is (\d{6})", text_of(mail))
    return code
