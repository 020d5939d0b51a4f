"""Documents as PDF: tagged (PDF/UA-1), and the same bytes from the same document, always (M11).

Invoices, and what the rooms above print. The only module that imports WeasyPrint, and not before the first document: it
doubles Django's start-up and fails where Pango is missing (`billing.checks`). What is costly to build — fonts, parsed
stylesheets — is built once per process and thread, on first use: after the worker's fork, and never shared, since
Pango's objects are not safe to share.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.template.loader import render_to_string

from billing.documents import Document

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

ASSETS = Path(__file__).resolve().parent / "assets"
FONTS = ("PublicSans-Regular.ttf", "PublicSans-SemiBold.ttf", "PublicSans-Bold.ttf")
INVOICE_CSS = ASSETS / "invoice.css"
NOWHERE = "nowhere:/"  # what a relative address is relative to


class ForeignResourceError(Exception):
    """A document asked for a file or an address; nothing was fetched, and no PDF was made."""


@dataclass(frozen=True)
class _Press:
    """What one thread of one process typesets with."""

    process: int
    fetcher: URLFetcher
    fonts: FontConfiguration
    stylesheets: dict[Path, CSS] = field(default_factory=dict)


_local = threading.local()


def render_invoice(document: Document) -> bytes:
    """The document as PDF/UA-1. Raises what `render` raises."""
    return render("billing/documents/invoice.html", {"document": document}, name=identifier(document))


def render(template: str, words: Mapping[str, Any], *, name: bytes, stylesheet: Path = INVOICE_CSS) -> bytes:
    """A template with its words as PDF/UA-1; `name` is the file's own within the PDF, 16 bytes.

    Raises ForeignResourceError; ImportError or OSError when Pango is missing. Nothing is read but the words, the
    template, its stylesheet and the fonts: no clock, no database, no network.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    press = _press()
    text = render_to_string(template, words)
    try:
        pdf = HTML(string=text, base_url=NOWHERE, url_fetcher=press.fetcher).write_pdf(
            stylesheets=[_parsed(stylesheet, press)],
            font_config=press.fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=name,
        )
    except FatalURLFetchingError as refused:  # a BaseException: it would pass every handler of the worker
        raise ForeignResourceError(str(refused)) from refused
    return bytes(pdf)


def identifier(document: Document) -> bytes:
    """The file's own name within the PDF: random by default, here the document's."""
    return named(f"{document.supplier.name} {document.title}")


def named(title: str) -> bytes:
    """A file's own name within the PDF, from what tells it from every other."""
    return hashlib.sha256(title.encode()).digest()[:16]


def _press() -> _Press:
    """This process's and thread's press; a forked child builds its own."""
    press: _Press | None = getattr(_local, "press", None)
    if press is None or press.process != os.getpid():
        press = _local.press = _new_press()
    return press


def _new_press() -> _Press:
    return _Press(os.getpid(), closed_fetcher(), bundled_fonts())


def _parsed(stylesheet: Path, press: _Press) -> CSS:
    """The stylesheet, read and parsed on its first use by this press."""
    from weasyprint import CSS

    if stylesheet not in press.stylesheets:
        text = stylesheet.read_text(encoding="utf-8")
        press.stylesheets[stylesheet] = CSS(
            string=text, base_url=NOWHERE, url_fetcher=press.fetcher, font_config=press.fonts
        )
    return press.stylesheets[stylesheet]


def bundled_fonts() -> FontConfiguration:
    """The machine's fonts and ours.

    Ours are added where they stand. `@font-face` would copy them into a temporary folder, which every worker that is
    killed leaves behind, and would open the fetcher a crack.
    """
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    for name in FONTS:
        if not fontconfig.FcConfigAppFontAddFile(fonts._config, os.fsencode(ASSETS / name)):
            raise OSError(f"The font {name} cannot be read")
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", fonts.font_map))
    return fonts


def closed_fetcher() -> URLFetcher:
    """A fetcher that opens nothing: not the network, not a file, not a `data:` address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Closed(URLFetcher):
        """Refuses every address with an error that ends the document: WeasyPrint would only log any other."""

        def fetch(self, url: str, headers: dict[str, Any] | None = None) -> NoReturn:
            raise FatalURLFetchingError(f"“{url[:200]}” was asked for by a document, which may ask for nothing")

    return Closed()
