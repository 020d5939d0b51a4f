"""Takes the pictures in docs/pictures/ from the demonstration: `python docs/screenshots.py http://127.0.0.1:8000/`.

Start the demonstration first (`python3 run.py`). Each page is taken on a desk and on a telephone, as PNG with few
colours, so that none is larger than 150 kB.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent / "pictures"
PASSWORD = "side-by-side-demo"  # noqa: S105 - the demonstration's, which is public
DOMAIN = "sidebyside.example"
SIZES = {"desktop": (1200, 900), "phone": (375, 800)}
LONGEST, MOST_BYTES = 1800, 150_000
PATIENCE = 120_000  # milliseconds
PAGES = {
    "adviser": {"home-adviser": "/", "schools": "/schools/", "visit": "visit"},
    "lead": {
        "deployments": "/deployments/",
        "attention": "/attention/",
        "champions": "/champions/",
        "match": "match",
        "watch": "/deployments/watch/",
        "impact": "/impact/",
    },
    "champion": {"home-champion": "/", "deployment": "deployment", "champion-calendar": "calendar"},
    "head": {
        "home-head": "/",
        "entitlement": "/schools/110206/entitlement/",
        "offer": "offer",
        "agreement": "agreement",
    },
    "finance": {
        "invoices": "/invoices/",
        "invoice": "invoice",
        "invoice-run": "/invoices/runs/",
        "statement": "statement",
        "subsidy": "/subsidy/",
    },
    "admin": {"administration": "/admin/", "imports": "/imports/"},
}
LINKS = {
    "visit": ("/visits/", r"/visits/\d+/$"),
    "invoice": ("/invoices/", r"/invoices/SB"),
    "offer": ("/offer/", r"/offer/2"),
    "match": ("/needs/", r"/needs/\d+/match/$"),
    "deployment": ("/deployments/", r"/deployments/\d+/$"),
    "calendar": ("/", r"/champions/[^/]+/calendar/"),
    "agreement": ("/agreements/", r"/agreements/\d+/$"),
    "statement": ("/reimbursements/", r"/reimbursements/SB"),
}


def main(url: str) -> None:
    """Every page of PAGES, at both sizes."""
    PICTURES.mkdir(exist_ok=True)
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size, (width, height) in SIZES.items():
            take(browser, url, size, width, height)


def take(browser: Browser, url: str, size: str, width: int, height: int) -> None:
    """The pages at one size: first the sign-in page, then each person's."""
    for who, pages in PAGES.items():
        context = browser.new_context(base_url=url, viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/accounts/login/")
        if who == "adviser":
            keep(page, f"sign-in-{size}")
        page.get_by_label("Email address").fill(f"{who}@{DOMAIN}")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name="Sign out").wait_for()
        for name, address in pages.items():
            page.goto(found(page, *LINKS[address]) if address in LINKS else address)
            keep(page, f"{name}-{size}")
        context.close()


def found(page: Page, listed_on: str, pattern: str) -> str:
    """The address of the first page that a list links to."""
    page.goto(listed_on)
    addresses = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    return next(address for address in addresses if re.search(pattern, address))


def keep(page: Page, name: str) -> None:
    """One picture, as long as the page but no longer than LONGEST, in as many colours as fit into MOST_BYTES."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
    for colours in (128, 64, 32, 16):
        data = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
        if data.tell() <= MOST_BYTES:
            break
    (PICTURES / f"{name}.png").write_bytes(data.getvalue())
    print(f"{name}.png: {data.tell() // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/")
