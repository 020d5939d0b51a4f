"""What the documentation says is true: its links lead somewhere, its paths and commands exist, nobody is left out."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands, load_command_class

import run
from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from sidebyside.accounts.roles import LABELS, Role

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *(page for folder in ("docs", "data", "benchmarks") for page in sorted((ROOT / folder).rglob("*.md"))),
]
README = (ROOT / "README.md").read_text()
GUIDES = {
    Role.ADMINISTRATOR: "administrator",
    Role.LEAD: "lead",
    Role.ADVISER: "adviser",
    Role.CHAMPION: "champion",
    Role.HEAD: "head",
    Role.TRUST_FINANCE: "trust-finance",
    Role.FINANCE: "finance",
    Role.AUDITOR: "auditor",
}
ELSEWHERE = {"127.0.0.1:8000", "get-information-schools.service.gov.uk", "keepachangelog.com", "semver.org"}


def name_of(page):
    return str(page.relative_to(ROOT))


def prose(page):
    """A page without its examples of code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def links(page):
    """The targets of a page's links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(page))


def anchors(page):
    """The names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(page, target):
    """Whether a link inside the repository has no file, or no heading, to lead to."""
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    return not found.exists() or (bool(anchor) and anchor not in anchors(found))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_link_leads_somewhere(document):
    inside = [target for target in links(document) if not urlsplit(target).scheme]
    assert [target for target in inside if leads_nowhere(document, target)] == []


def test_links_lead_out_of_the_repository_to_known_places_only():
    addresses = {address for page in PAGES for address in re.findall(r"https?://[^\s)`>\"]+", page.read_text())}
    hosts = {urlsplit(address).netloc for address in addresses}
    assert hosts - ELSEWHERE == set()


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            inside = (target.partition("#")[0] for target in links(page) if not urlsplit(target).scheme)
            found = ((page.parent / target).resolve() for target in inside if target)
            waiting += [there for there in found if there.suffix == ".md"]
    assert [name_of(page) for page in DOCS.rglob("*.md") if page not in reached] == []


def test_everybody_who_signs_in_has_a_guide():
    assert set(GUIDES) == set(Role)
    assert [guide for guide in GUIDES.values() if not (DOCS / "guides" / f"{guide}.md").exists()] == []


def test_the_guide_for_administrators_names_every_role():
    rows = re.findall(r"^\| ([^|]+) \|.*?\]\((.+?)\.md\).*\|$", guide("administrator"), re.MULTILINE)
    others = {LABELS[role]: name for role, name in GUIDES.items() if role != Role.ADMINISTRATOR}
    assert dict(rows) == others


def guide(name):
    return (DOCS / "guides" / f"{name}.md").read_text()


def test_every_path_of_the_map_exists():
    table = README.partition("## Where is …?")[2].partition("## Words")[0]
    paths = [path for path in re.findall(r"`([\w./]+)`", table) if "/" in path or path.endswith(".py")]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert len(paths) > 50


def commands():
    """Every line of the documentation that starts the portal or one of its commands, as words after `run.py`."""
    lines = [line for page in PAGES for line in re.findall(r"python3 run\.py([^\n`#…\\]*)", page.read_text())]
    return sorted({" ".join(line.split()).removesuffix(":") for line in lines})


@pytest.mark.parametrize("line", commands())
def test_every_command_is_one_that_the_portal_knows(line):
    options, rest = run.arguments(line.split())
    if options.command == "manage" and rest:
        name, *words = rest
        known = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        flags = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert flags - set(known._option_string_actions) == set()


def test_the_sign_ins_of_the_readme_are_those_of_the_demonstration():
    council = json.loads((ROOT / "data" / "demo" / "council.json").read_text())
    written = re.findall(r"^\| `(\w+)@sidebyside\.example` \|", README, re.MULTILINE)
    assert sorted(written) == sorted(person["email"] for person in council["people"])
    assert f"The password is `{DEMONSTRATION_PASSWORD}`" in README


def test_every_setting_that_a_page_names_is_one():
    example = (ROOT / ".env.example").read_text()
    offered = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\S*)?`", page.read_text())}
    assert named - offered == set()


@pytest.mark.parametrize(
    "mark",
    [
        r"\bissues? #?\d+|(?<![\w&])#\d+\b",  # a number of some tracker says nothing to a reader
        r"(?<![\w.])/(work|tmp|root|home|Users)/",  # a path of somebody's own machine
        r"\b(TODO|FIXME|TBD|XXX)\b|lorem ipsum",
    ],
)
def test_a_page_never_says(mark):
    found = [
        f"{name_of(page)}: {line}" for page in PAGES for line in page.read_text().splitlines() if re.search(mark, line)
    ]
    assert found == []


def test_the_readme_is_read_in_one_sitting():
    assert len(README.splitlines()) < 250
