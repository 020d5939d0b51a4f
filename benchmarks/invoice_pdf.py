"""The invoice as PDF: one, many, its bytes, and the memory of the worker that makes them (M11)."""

from __future__ import annotations

import multiprocessing
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import django
from django.template import Template, engines
from django.template.loader import render_to_string

from benchmarks.harness import WALL, Harness, seconds
from billing.documents import Document
from billing.pdf import ASSETS, NOWHERE, bundled_fonts, closed_fetcher, identifier, render_invoice
from tests.billing import papers

NAME = "Invoice PDF"
ROOT = Path(__file__).resolve().parent.parent
NAIVE = Path(__file__).resolve().parent / "naive"
WORKERS = 2
BATCH, FRESH = 16, 2  # invoices on two workers; of them, in a process each
WARM, SAMPLE = 40, 120  # invoices before and while memory is watched
ENGLAND = 11_000  # about as many academies as England has, an invoice each
FRESH_PROCESS = (
    "import sys, django; django.setup();"
    "from benchmarks.invoice_pdf import document, naive;"
    "sys.stdout.buffer.write(naive(document(int(sys.argv[1]))))"
)


def document(number: int = 1, lines: int = 5) -> Document:
    """An academy's invoice of a few champion days."""
    return papers.invoice([papers.line(n) for n in range(1, lines + 1)], number=f"SBS2223-{number:05d}")


# --- The naive twins --------------------------------------------------------------------------------------------------
@cache
def _naive_template() -> Template:
    return engines["django"].from_string((NAIVE / "invoice.html").read_text())


def naive(invoice: Document) -> bytes:
    """The same words, written for a browser first: flexible boxes, grids, its styles in the page, no tags."""
    from weasyprint import HTML

    style = (NAIVE / "invoice.css").read_text().replace("NUMBER", invoice.title)
    text = _naive_template().render({"document": invoice}).replace("</style>", f"{style}</style>")
    return HTML(string=text).write_pdf()


def naive_calls(invoice: Document) -> bytes:
    """Our own page and styles, with everything built anew for each invoice."""
    from weasyprint import CSS, HTML

    fetcher, fonts = closed_fetcher(), bundled_fonts()
    text = render_to_string("billing/documents/invoice.html", {"document": invoice})
    style = CSS(filename=ASSETS / "invoice.css", base_url=NOWHERE, url_fetcher=fetcher, font_config=fonts)
    return HTML(string=text, base_url=NOWHERE, url_fetcher=fetcher).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier(invoice)
    )


# --- Their answers ----------------------------------------------------------------------------------------------------
def says(pdf: bytes) -> tuple[list[str], list[str]]:
    """The amounts of a PDF, and its letters but for the feet: the two layouts break lines and pages differently."""
    import pypdf

    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]
    text = " ".join(re.sub(r".*· page \d+ of \d+", "", page) for page in pages)
    return sorted(re.findall(r"£[\d,]+\.\d\d", text)), sorted(re.sub(r"\s", "", text))


def say_the_same(some: list[bytes], others: list[bytes]) -> bool:
    """Whether PDFs say the same, pair by pair, as far as the shorter list goes."""
    return all(says(one) == says(other) for one, other in zip(some, others, strict=False))


# --- What is run in other processes -----------------------------------------------------------------------------------
def start_worker() -> None:
    """A Celery worker that has made its first invoice."""
    django.setup()
    render_invoice(document())


def workers(count: int) -> ProcessPoolExecutor:
    """Warm worker processes, started anew rather than forked from this one."""
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=start_worker)
    list(pool.map(render_number, range(2 * count)))
    return pool


def render_number(number: int) -> bytes:
    """Ours, by number."""
    return render_invoice(document(number))


def fresh_process(number: int) -> bytes:
    """The naive invoice from a process that was started for it."""
    command = [sys.executable, "-c", FRESH_PROCESS, str(number)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout


def peak_memory() -> float:
    """The most memory that this process ever had, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def growth_per_thousand(is_ours: bool) -> float:
    """How much a worker's peak memory grows for each 1,000 invoices after its first few, in MiB."""
    make = render_invoice if is_ours else naive_calls
    for number in range(WARM):
        make(document(number))
    before = peak_memory()
    for number in range(SAMPLE):
        make(document(WARM + number))
    return (peak_memory() - before) * 1000 / SAMPLE


# --- The rows ---------------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """P1, P2, P4 and P5."""
    assert says(naive(document())) == says(render_invoice(document()))  # and both are warm
    one_invoice(harness)
    two_workers(harness)
    harness.holds(
        "P4 the bytes, built once or anew each time",
        "identical",
        naive=naive(document()) == naive(document()),
        ours=naive_calls(document()) == render_invoice(document()) == render_invoice(document()),
    )
    memory(harness)


def one_invoice(harness: Harness) -> None:
    """P1: ours carries tags and its own font besides."""

    def three(make: Callable[[Document], bytes]) -> list[bytes]:
        return [make(document(number)) for number in (1, 2, 3)]

    harness.compare(
        "P1 one tagged invoice (three of them)",
        partial(three, naive),
        partial(three, render_invoice),
        goal=1.4,
        rounds=5,
        same=say_the_same,
    )


def two_workers(harness: Harness) -> None:
    """P2: warm workers against a process for each invoice, two at a time as well."""
    with workers(WORKERS) as pool, ThreadPoolExecutor(WORKERS) as starters:
        _, ours = harness.compare(
            f"P2 {BATCH} invoices, two at a time",
            lambda: list(starters.map(fresh_process, range(FRESH))),
            lambda: list(pool.map(render_number, range(BATCH))),
            goal=10,
            rounds=5,
            clock=WALL,
            naive_share=FRESH / BATCH,
            same=say_the_same,
        )
    harness.note(f"all of England, {ENGLAND:,} invoices on two workers: {seconds(ours / BATCH * ENGLAND)}")


def memory(harness: Harness) -> None:
    """P5: fonts set up for each invoice are never given back."""
    with workers(1) as first:
        ours = first.submit(growth_per_thousand, True).result()
    with workers(1) as second:
        naive_growth = second.submit(growth_per_thousand, False).result()
    harness.at_most("P5 growth of a worker over 1,000 invoices", naive=naive_growth, ours=ours, limit=30, unit="MiB")
    harness.note(
        f"sampled: {SAMPLE} invoices after the first {WARM}, times {1000 / SAMPLE:.1f}; naive: own fonts each time"
    )
