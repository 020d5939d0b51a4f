"""The PDF says what the data says, to the penny; it is tagged, closed to the world, and always the same bytes (M11)."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from billing.pdf import ForeignResourceError, closed_fetcher, render_invoice
from sidebyside.money import pounds
from tests.billing import papers

ROOT = Path(__file__).resolve().parents[2]


def reader(document):
    return pypdf.PdfReader(BytesIO(render_invoice(document)))


def words(document):
    """The text of all pages on one line."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader(document).pages))


def many_lines(count):
    lines = [papers.line(n, net=13750 + n, unit_price=27500 + 2 * n) for n in range(1, count + 1)]
    return papers.invoice(lines)


# --- What it says -----------------------------------------------------------------------------------------------------
def test_an_invoice_says_all_that_the_regulations_ask():  # M9
    text = words(papers.invoice())
    said = {
        "number": "Invoice SBS2223-00001",
        "tax point": "Tax point 6 March 2023",
        "issue date": "Invoice date 6 March 2023",
        "due date": "Due date 3 April 2023",
        "terms": "Terms 28 days",
        "supplier": "Westmere Council",
        "supplier's address": "Town Hall High Street Westmere WM1 1AA",
        "supplier's VAT number": "Our VAT number GB123456782",
        "customer": "Mill Lane Academy Trust The Finance Office 1 Mill Lane Westmere WM2 2BB",
        "order": "Your order PO-10442",
        "account": "Your account A-00017",
        "school": "Mill Lane Primary School URN 900101",
        "line": "12 Jan 2023 Leadership Champion (SSLC)",
        "reason": "50% of £550.00 a day – charge band from 1 April 2022",
        "figures": "1 day £550.00 50% 20% £275.00",
        "VAT": "20% Standard rate £275.00 £55.00",
        "totals": "Net total £275.00 VAT £55.00 Total to pay £330.00",
        "bank": "Bank Example Bank Sort code 20-00-00 Account number 12345678",
        "payment reference": "Payment reference SBS2223-00001",
        "page": "Invoice SBS2223-00001 · page 1 of 1",
    }
    assert {name: words for name, words in said.items() if words not in text} == {}


def test_every_line_over_many_pages_agrees_with_the_data_to_the_penny():  # M7, M11
    document = many_lines(200)
    found = re.findall(r"1 day (£[\d,.]+) 50% 20% (£[\d,.]+)", words(document))
    assert found == [(pounds(line.unit_price), pounds(line.net)) for line in document.lines]


def test_every_page_repeats_the_school_and_names_the_document():
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader(many_lines(40)).pages]
    assert len(pages) == 3
    assert [page.count("Mill Lane Primary School URN 900101 Date Support Quantity") for page in pages] == [1, 1, 1]
    assert [f"Invoice SBS2223-00001 · page {n} of 3" in page for n, page in enumerate(pages, 1)] == [True] * 3


def test_a_trust_reads_its_lines_by_academy_each_with_its_subtotal():  # M13, E13
    text = words(papers.trust_invoice())
    assert re.findall(r"Subtotal for ([\w ]+?) (£[\d,.]+)", text) == [
        ("Penn Hill Academy", "£550.00"),
        ("Quarry Road Primary Academy", "£300.00"),
        ("Ridgeway School", "£1,050.00"),
    ]
    assert re.findall(r"URN (\d+)", text) == ["900201", "900202", "900203"]


def test_a_credit_note_names_its_invoice_and_asks_for_nothing():  # M12
    text = words(papers.credit_note())
    assert "Credit note SBC2223-00001" in text
    assert "This credit note takes £330.00 off invoice SBS2223-00001." in text
    assert [word for word in ("Total to pay", "Due date", "Sort code", "How to pay") if word in text] == []


def test_a_price_agreed_as_a_whole_shows_no_unit_price():  # O11
    agreed = papers.line(service="Rapid Improvement Group", unit="visits", unit_price=None, charge_percent=Decimal(100))
    assert "1 visit as agreed 100% 20% £275.00" in words(papers.invoice([agreed]))


def test_half_days_rates_and_millions_are_exact():  # O6, M7
    line = papers.line(
        quantity=Decimal("10.5"), unit="days", unit_price=123456789, net=648148142, vat_percent=Decimal("17.50")
    )
    text = words(papers.invoice([line]))
    assert "10.5 days £1,234,567.89 50% 17.5% £6,481,481.42" in text
    assert "Total to pay £7,615,740.67" in text


def test_two_rates_of_vat_stand_apart_with_their_reasons():  # M7, M8
    lines = [papers.line(1), papers.line(2, vat_percent=Decimal("0.00"), vat_reason="Exempt: education", net=10001)]
    text = words(papers.invoice(lines))
    assert "20% Standard rate £275.00 £55.00 0% Exempt: education £100.01 £0.00" in text


def test_a_urn_never_has_thousands_separators(settings):  # the number is a name
    settings.USE_THOUSAND_SEPARATOR = True
    assert "URN 900101 " in words(papers.invoice())


def test_the_longest_names_are_said_whole():
    name = ("Saint Ethelburga and All Souls Church of England Voluntary Aided Primary School and Nursery " * 2)[:120]
    name = name.strip()
    long = papers.line(school=name, service=name, description=name)
    supplier = papers.Party(name=name, address=("Town Hall",))
    assert words(papers.invoice([long], supplier=supplier)).count(name) == 4  # letterhead, school, line, foot


# --- How it is made ---------------------------------------------------------------------------------------------------
def elements(node, kinds):
    """The kinds of the structure tree's elements, in reading order."""
    node = node.get_object()
    if not isinstance(node, dict):
        return kinds
    kinds += [node["/S"]] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        elements(child, kinds)
    return kinds


def test_it_is_tagged_for_accessibility():  # M11, A4
    root = reader(papers.invoice()).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own kind of boolean
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - pypdf's own kind of boolean
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    kinds = elements(root["/StructTreeRoot"], [])
    assert [kind for kind in kinds if kind in {"/H1", "/H2", "/Table"}] == [
        *("/H1", "/Table"),  # the document and its dates
        *("/H2", "/Table"),  # how to pay
        *("/H2", "/Table"),  # the lines
        *("/Table", "/Table"),  # the VAT and the totals
    ]


def test_every_figure_knows_its_headings():  # A4
    def cells(node):
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if node.get("/S") == "/TD":
            yield node["/A"].get("/Headers", [])
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            yield from cells(child)

    found = list(cells(reader(papers.trust_invoice()).trailer["/Root"]["/StructTreeRoot"]))
    assert len(found) == 7 + 5 + 3 * 8 + 3 + 3
    assert [headers for headers in found if not headers] == []


def test_its_title_author_and_dates_are_the_documents():
    metadata = reader(papers.invoice()).metadata
    assert metadata["/Title"] == "Invoice SBS2223-00001 – Westmere Council"
    assert metadata["/Author"] == "Westmere Council"
    assert metadata.creation_date.date() == metadata.modification_date.date() == date(2023, 3, 6)


def hash_in_a_fresh_process(seed):
    code = (
        "import hashlib, django; django.setup()\n"
        "from billing.pdf import render_invoice; from tests.billing import papers\n"
        "print(hashlib.sha256(render_invoice(papers.trust_invoice())).hexdigest())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "sidebyside.settings", "PYTHONHASHSEED": seed, "TZ": "UTC"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_its_bytes_are_the_same_in_any_process_and_after_any_other_document():  # M11
    render_invoice(many_lines(30))
    here = hashlib.sha256(render_invoice(papers.trust_invoice())).hexdigest()
    assert [hash_in_a_fresh_process("1"), hash_in_a_fresh_process("2")] == [here, here]


def test_a_thread_of_its_own_makes_the_same_bytes():
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda _: render_invoice(papers.invoice()), range(4)))
    assert set(made) == {render_invoice(papers.invoice())}


def test_a_forked_worker_makes_the_same_bytes():
    before = render_invoice(papers.invoice())
    child = os.fork()
    if child == 0:
        os._exit(0 if render_invoice(papers.invoice()) == before else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_its_fonts_are_ours_and_leave_no_file_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ThreadPoolExecutor(1) as thread:  # which builds its own fonts
        pdf = pypdf.PdfReader(BytesIO(thread.submit(render_invoice, papers.invoice()).result()))
    fonts = {font.get_object()["/BaseFont"] for font in pdf.pages[0]["/Resources"]["/Font"].values()}
    assert {re.sub(r"^/[A-Z]{6}\+", "", font) for font in fonts} == {
        "Public-Sans",
        "Public-Sans-Semi-Bold",
        "Public-Sans-Bold",
    }
    assert list(tmp_path.iterdir()) == []


def test_starting_django_does_not_import_weasyprint():
    code = "import sys, django; django.setup(); print('weasyprint' in sys.modules, 'openpyxl' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "sidebyside.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.split() == [b"False", b"False"]


# --- What it cannot be made to do -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.com/",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "ftp://127.0.0.1/x",
        "nowhere:/PublicSans-Bold.ttf",
        "/etc/passwd",
    ],
)
def test_the_fetcher_opens_nothing(address):
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        closed_fetcher().fetch(address)


PAYLOADS = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<img src="file:///etc/hostname">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "<style>body{background:url(file:///etc/passwd)}</style>",
    '<p style="background:url(http://127.0.0.1:9/)">x</p>',
    '<object data="file:///etc/passwd"></object>',
    '<embed src="http://127.0.0.1:9/x.svg">',
    '<iframe src="http://127.0.0.1:9/"></iframe>',
    '<svg><image href="file:///etc/passwd"/></svg>',
    '<svg><use href="http://127.0.0.1:9/x.svg#a"/></svg>',
    '<base href="http://127.0.0.1:9/">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '"><script src="http://127.0.0.1:9/x.js"></script>',
    "{% include 'billing/documents/_panel.html' %}",
    "{{ document.supplier.vat_number }}",
    "<picture><source srcset='data:image/png;base64,AAAA'></picture>",
    "</title></td></table><h1>Paid</h1>&pound;&#x41;<!--",
]


def test_markup_in_a_text_is_printed_and_fetches_nothing():
    lines = [
        papers.line(n, school=text, urn=n, service=text, description=f"{text}.", reason=text, vat_reason=text)
        for n, text in enumerate(PAYLOADS, 1)
    ]
    everything = "\n".join(PAYLOADS)
    hostile = papers.Party(name=PAYLOADS[0], address=tuple(PAYLOADS), vat_number=PAYLOADS[1], email=PAYLOADS[2])
    bank = papers.Payment(*PAYLOADS[3:8])
    document = papers.invoice(lines, supplier=hostile, customer=hostile, notes=everything, how_to_pay=bank)
    text = re.sub(r"\s+", "", words(document))
    # Twice in the addresses; school, subtotal, service, description, reason; reason for the VAT; notes.
    counts = {payload: text.count(re.sub(r"\s+", "", payload)) for payload in PAYLOADS}
    assert {payload: count for payload, count in counts.items() if count < 8} == {}


def test_a_template_that_asks_for_more_makes_no_pdf(settings, tmp_path):
    """The control: were a text ever to become markup, nothing would be fetched and no document made."""
    template = tmp_path / "billing" / "documents" / "invoice.html"
    template.parent.mkdir(parents=True)
    template.write_text('<html lang="en"><title>x</title><img src="file:///etc/hostname" alt="x"></html>')
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    with pytest.raises(ForeignResourceError, match="/etc/hostname"):
        render_invoice(papers.invoice())
