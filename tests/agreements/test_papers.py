"""The agreement as PDF: tagged, the same bytes, closed to the world, and without either school's money."""

import io
import re

import pypdf
import pytest

from agreements.models import Agreement
from agreements.papers import STYLESHEET, keep_papers
from billing.pdf import ForeignResourceError, named, render
from sidebyside.documents.models import Document
from support.agreements import Intended
from tests import make
from tests.agreements.cases import ASKED, NOW, agree, propose, terms
from tests.billing.test_pdf import PAYLOADS

pytestmark = pytest.mark.django_db


def words(document):
    pages = pypdf.PdfReader(io.BytesIO(document.read())).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


@pytest.fixture
def agreement():
    make.rates()
    school = make.academy(200111, name="Mill Lane Academy")
    make.account(school)
    home = make.school(200222, name="Westfield School")
    agreement = propose(school, make.champion("SSLC", home, name="Jo Marsh"), by=make.user("lead", name="Robin Vale"))
    agree(agreement)
    return agreement


def test_it_says_everything_that_was_agreed(agreement):
    text = words(agreement.document)
    said = {
        "council": "Westmere Council",
        "address": "Town Hall High Street Westmere WM1 1AA",
        "title": "Agreement about a champion’s support",
        "number": f"Agreement {agreement.deployment_id}-1, agreed on 18 January 2023",
        "school": "Mill Lane Academy (URN 200111)",
        "champion": "Jo Marsh, Leadership Champion (SSLC)",
        "home school": "Westfield School (URN 200222)",
        "focus": "Focus Early reading",
        "days": "Days 4 days",
        "dates": "When 23 January 2023 to 21 July 2023",
        "outcomes": "More pupils read at the standard Phonics check in June",
        "supported head": "Kim Ode for Mill Lane Academy 18 January 2023, 10:00 by a link and a code",
        "home head": "Lee Park for Westfield School, which lends the champion",
        "broker": "Robin Vale for the council 18 January 2023, 10:00 signed in to the portal",
    }
    assert {name: words for name, words in said.items() if words not in text} == {}
    assert len(pypdf.PdfReader(io.BytesIO(agreement.document.read())).pages) == 1


def test_it_says_nothing_of_money_and_the_page_of_costs_does(agreement):
    assert "£" not in words(agreement.document)
    cost = words(agreement.cost_document)
    assert ("Up to 31 March 2023: £275.00 a day" in cost, "£1,320.00 to £2,640.00" in cost) == (True, True)


def test_both_are_tagged_and_named(agreement):
    for document, title in ((agreement.document, "Agreement"), (agreement.cost_document, "Costs to agreement")):
        pdf = pypdf.PdfReader(io.BytesIO(document.read()))
        catalog = pdf.trailer["/Root"]
        assert (catalog["/MarkInfo"]["/Marked"], catalog["/Lang"]) == (True, "en-GB")
        assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
        assert pdf.metadata.title.startswith(title)


def test_the_same_agreement_is_the_same_bytes(agreement):
    again = keep_papers(Agreement.objects.get(pk=agreement.pk), at=NOW)
    assert [each.sha256 for each in again] == [agreement.document.sha256, agreement.cost_document.sha256]


def test_it_is_kept_in_the_same_transaction_or_not_at_all(agreement):
    assert Document.objects.count() == 2
    assert (agreement.document.name, agreement.state) == (f"agreement-{agreement.deployment_id}-1.pdf", "agreed")


def test_markup_in_a_text_is_printed_and_fetches_nothing():
    outcomes = tuple(Intended(payload, payload) for payload in PAYLOADS)
    hostile = {party: type(person)(PAYLOADS[0], person.email) for party, person in ASKED.items()}
    school = make.school(name=PAYLOADS[0])
    champion = make.champion("SSLC", make.school(name=PAYLOADS[1]), name=PAYLOADS[2])
    agreement = propose(school, champion, terms=terms(focus=PAYLOADS[3], outcomes=outcomes), asked=hostile)
    agree(agreement)
    text = re.sub(r"\s+", "", words(agreement.document))
    counts = {payload: text.count(re.sub(r"\s+", "", payload)) for payload in PAYLOADS}
    assert {payload: count for payload, count in counts.items() if count < 2} == {}


def test_a_template_that_asks_for_more_makes_no_pdf(settings, tmp_path):
    """The control: were a text ever to become markup, nothing would be fetched and no document made."""
    (tmp_path / "hostile.html").write_text('<html lang="en"><title>x</title><img src="file:///etc/hostname" alt="x">')
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    with pytest.raises(ForeignResourceError, match="/etc/hostname"):
        render("hostile.html", {}, name=named("x"), stylesheet=STYLESHEET)
