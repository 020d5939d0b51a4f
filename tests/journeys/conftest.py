"""The portal of the main journey, and the people who open it in a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.portal import Portal, new_portal

PATIENCE = 20_000  # milliseconds, for a page on a slow machine
DESK = {"width": 1200, "height": 900}


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A portal without a council, with its processes running."""
    with new_portal(tmp_path) as made:
        made.start()
        yield made


@pytest.fixture
def open_browser(portal: Portal, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of somebody's own, on a desk unless told otherwise; it must meet no error of a script or of the CSP."""
    pages, faults = [], []

    def open_one(viewport: dict[str, int] = DESK) -> Page:
        context = browser.new_context(base_url=portal.url, viewport=viewport, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert faults == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keeps a picture of a step below PICTURES, where somebody wants to look at the journey."""
    folder = os.environ.get("PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)

    return take
