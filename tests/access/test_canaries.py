"""Canary words in everything that not everybody may read, and a crawl as everybody (design, section 4)."""

import io
import logging
import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from sidebyside.accounts.roles import Role
from sidebyside.logs import configure
from sidebyside.money import pounds
from tests.access.crawl import Page, Seen, crawl
from tests.access.table import IMPACT, ROWS, SCOPED
from tests.access.test_roles import url_of
from tests.access.world import HOME_RATE, word

pytestmark = pytest.mark.django_db
CANARY = re.compile(r"zq(?:mine|theirs)[a-z]+", re.IGNORECASE)
TEAM = "administrator lead adviser finance auditor"
MONEY = "administrator finance auditor"

# Who comes to read what, of the school on my side. Of the other one it is the same people less those of my school.
READERS = {
    # Notes: the adviser, the team leader and the school; what is confidential the team alone; a draft its writer.
    **dict.fromkeys(("focus", "strengths", "areas", "answer", "agreed", "owner"), "lead adviser head"),
    "confidentialtwo": "lead adviser",
    "confidential": "",  # the first version's, which nothing shows any more
    **dict.fromkeys(("draft", "draftconfidential"), "adviser"),
    "amendment": "administrator lead adviser auditor head",
    # Categories: schools read what is confirmed.
    "reason": f"{TEAM} head trust_finance",
    "proposal": TEAM,
    "proposalevidence": "administrator lead",
    "evidence": "administrator",
    # Champions and their days
    **dict.fromkeys(
        ("champion", "championmail", "homeschool", "deploymentfocus", "outcomes", "measure", "endedfocus", "endreason",
         "summary", "effect", "nextstep", "confirmedwhy", "cancelledwhy", "disputereason",
         "settledreason", "resolution"),
        f"{TEAM} head champion",
    ),
    "agreedwith": f"{TEAM} head",  # with the price that the school pays
    # Needs: why is for the team and the school that asks; that there is one, and what became of it, for those who look
    # after the portal too.
    **dict.fromkeys(("need", "otherneed", "declined"), "administrator lead adviser auditor head"),
    **dict.fromkeys(("needwhy", "otherneedwhy"), "lead adviser head"),
    "interest": "administrator lead adviser champion",
    "championlogin": "administrator auditor lead finance champion",  # in the trail, and in the mails of agreements
    # Agreements: the team, both schools and the champion; why a school said no the team and that school alone.
    **dict.fromkeys(
        ("newfocus", "newoutcomes", "newmeasure", "changewhy", "signer", "homesigner"), f"{TEAM} head champion"
    ),
    **dict.fromkeys(("signermail", "homesignermail"), "administrator lead finance"),
    "saidno": f"{TEAM} head",
    "homesaidno": TEAM,
    "reviewedfocus": f"{TEAM} head champion",
    # Reviews: the team, and the parties once their own is in, which at `unheard` it is not. Samples: the team.
    **dict.fromkeys(
        ("wentwell", "tochange", "reviewnext", "rated", "ratedmeasure", "ratedevidence", "heardhow"),
        f"{IMPACT} head champion",
    ),
    **dict.fromkeys(("unheard", "samplereason", "pickedwhy", "finding"), IMPACT),
    "adjustment": f"{TEAM} head",
    # Money
    **dict.fromkeys(("address", "po", "bank"), f"{MONEY} head trust_finance"),
    "creditwhy": f"{TEAM} head trust_finance",
    "contact": f"{MONEY} lead head trust_finance",
    "contactname": "",  # no page shows it, only the address
    "paused": MONEY,
    "parked": f"{MONEY} lead",
    # The home school's side: the account is for those who pay and those who check.
    "payeename": "finance auditor",
    "payeemail": f"{MONEY} lead",  # the outbox of a demonstration names whom its mails went to
    "unwritten": f"{MONEY} lead",
    # People, deeds, mail, uploads
    "headname": f"{TEAM} head trust_finance",
    "person": f"{TEAM} head champion",  # who disputes a day is named beside the reason
    "officer": f"{TEAM} trust_finance",
    "login": f"{MONEY} lead head",
    "deed": TEAM,
    **dict.fromkeys(("subject", "body"), "administrator lead finance head"),
    "problem": "administrator lead finance",
    "upload": "administrator",
}  # fmt: skip
OTHERS_UPLOADS = {"upload": ""}  # one administrator does not see another's


@pytest.fixture(scope="module")
def journal():
    """What production would log meanwhile."""
    configure({"level": "INFO", "json": True})
    written = io.StringIO()
    next(handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler).setStream(written)
    yield written
    configure(django_settings.LOGGING)


@pytest.fixture(scope="module")
def seen(world, journal) -> dict[str, Seen]:
    """What each role comes to see: from home by every link, and by every address that somebody could guess."""
    entries = [reverse("admin:schools_categoryentry_change", args=[side.entry.pk]) for side in world.sides.values()]
    found = {}
    for role, person in world.people.items():
        client = Client()
        client.force_login(person)
        open_rows = [row for row in ROWS if role in row.roles]
        guesses = [url_of(row, side, world) for row in open_rows for side in (world.sides if row.of else ["mine"])]
        feeds = [reverse("calendar_feed", args=[world.feeds[role]])] if role in world.feeds else []
        found[role] = crawl(client, ["/", *feeds, *guesses, *entries])
    return found


def canaries(seen: Seen) -> dict[str, str]:
    """The words that somebody came to see, each with the first place."""
    return {found.lower(): url for url, text in reversed(seen.texts.items()) for found in CANARY.findall(text)}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_what_is_meant_for_them_and_nothing_else(seen, role):
    readers = {word("mine", name): who for name, who in READERS.items()}
    for name, who in (READERS | OTHERS_UPLOADS).items():
        readers[word("theirs", name)] = " ".join(set(who.split()) - SCOPED)
    expected = {name.lower() for name, who in readers.items() if role in who.split()}
    found = canaries(seen[role])
    assert {name: found[name] for name in found.keys() - expected} == {}, "somebody reads too much"
    assert expected - found.keys() == set(), "somebody does not get to read what they should"


def test_nobody_at_a_school_reads_a_word_of_another(seen):
    """Said once more without the table, because it is the one thing that must never happen (A1)."""
    for role in SCOPED:
        assert [name for name in canaries(seen[role]) if name.startswith("zqtheirs")] == []


def test_a_calendar_says_where_and_when_and_no_word_that_anybody_wrote(seen, world):
    files = {role: seen[role].texts[reverse("calendar_feed", args=[token])] for role, token in world.feeds.items()}
    assert {role: CANARY.findall(file) for role, file in files.items()} == {role: [] for role in files}
    read = {role: {name for name in ("Mine Academy", "Theirs Academy") if name in file} for role, file in files.items()}
    both = {"Mine Academy", "Theirs Academy"}
    assert read == {Role.ADVISER: both, Role.LEAD: set(), Role.CHAMPION: {"Mine Academy"}}


def test_m16_a_champion_reads_nothing_of_what_the_supported_school_pays(seen, world):
    side = world.mine
    prices = ("£123.45", side.invoice.number, side.invoice.credit_notes.get().number, *side.open_version.cost)
    assert [words for words in prices if words in seen["champion"].text] == []
    assert [words for words in prices if words not in seen["head"].text] == []


def test_m16_the_supported_head_reads_nothing_of_what_the_home_school_gets(seen, world):
    side = world.mine
    payee, half = side.champion.home_school.payee, pounds(side.statement.total)
    money = (pounds(HOME_RATE), half, side.statement.number, payee.sort_code, payee.account_number)
    assert [words for words in money if words in seen["head"].text] == []
    assert [words for words in money if words not in seen["auditor"].text] == []
    assert [words for words in (payee.sort_code, payee.account_number) if words in seen["champion"].text] == []


def test_the_crawl_reaches_pages_spreadsheets_and_documents(seen):
    kinds = {answer.headers.get("Content-Type", "").partition(";")[0] for answer in seen["head"].answers.values()}
    assert kinds >= {"text/html", "text/csv", "application/pdf", "application/zip"}
    assert min(len(found.texts) for found in seen.values()) > 30


def test_no_page_breaks(seen):
    broken = {url for found in seen.values() for url, answer in found.answers.items() if answer.status_code >= 500}
    assert broken <= {"/readyz"}


def test_no_page_holds_a_script_or_a_style_of_its_own(seen):
    assert {url: inline for found in seen.values() for url, inline in found.inline.items() if inline} == {}


def test_a_script_or_style_of_a_pages_own_would_be_found():
    page = '<p style="a"></p><style></style><script>1</script><a href="javascript:1" onclick="1">x</a><p>fine</p>'
    assert len(Page(page).inline) == 5


def test_every_answer_carries_the_same_policy_and_is_kept_by_no_cache(seen):
    answers = [answer for found in seen.values() for answer in found.answers.values()]
    assert len({answer["Content-Security-Policy"] for answer in answers}) == 1
    assert {answer["X-Frame-Options"] for answer in answers} == {"DENY"}
    assert {"no-store" in answer["Cache-Control"] for answer in answers} == {True}


def test_the_log_of_all_that_names_nobody_and_nothing(seen, journal):
    lines = journal.getvalue()
    assert lines.count('"event": "answered"') > 500
    assert CANARY.findall(lines) == []
