"""What holds for the repository as a whole: its locks, its words, its sizes, its container files."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from django.template import engines

from launch import machine, packages

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["sidebyside", "schools", "support", "visits", "billing", "impact", "reimbursing", "agreements", "brokering"]
CODE = [path for room in [*ROOMS, "launch"] for path in sorted((ROOT / room).rglob("*.py"))] + sorted(ROOT.glob("*.py"))
WRITTEN = [path for path in CODE if "migrations" not in path.parts]
TESTS = [path for folder in ("tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
TEMPLATES = [
    path
    for folder in ["templates", *(f"{room}/**/templates" for room in ROOMS)]
    for found in sorted(ROOT.glob(folder))
    for path in sorted(found.rglob("*.*"))
]
PAGES = [path for path in TEMPLATES if path.suffix in {".html", ".svg"}]
STATIC = [path for suffix in ("js", "css") for path in sorted((ROOT / "static").rglob(f"*.{suffix}"))]
OWN_STATIC = [path for path in STATIC if "vendor" not in path.parts]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Older ones than these have known holes, or lack what the portal is built on. Raise one when an advisory is published.
FLOORS = {
    "celery": (5, 7),
    "cryptography": (50, 0),
    "django": (5, 2, 19),
    "django-allauth": (65, 21),
    "gunicorn": (27, 0),
    "pillow": (13, 0),
    "redis": (8, 1),
    "requests": (2, 34),
    "urllib3": (2, 8),
    "weasyprint": (70, 0),
}


def found(pattern, paths):
    """Where `pattern` stands, as `path:line`."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line, re.IGNORECASE)
    ]


# --- Locks ------------------------------------------------------------------------------------------------------------
def locked(lock):
    """The packages of a lock file with their versions."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def names(requirements):
    return {re.match(r"[\w-]+", requirement).group().lower() for requirement in requirements}


@pytest.mark.parametrize("lock", [packages.RUNTIME, packages.DEVELOPMENT], ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_pins_every_package_by_hash(lock):
    text = lock.read_text()
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(locked(lock)) > 20


def test_the_locks_hold_what_is_declared_and_agree():
    runtime, development = locked(packages.RUNTIME), locked(packages.DEVELOPMENT)
    assert names(DECLARED["project"]["dependencies"]) - set(runtime) == set()
    assert names(DECLARED["dependency-groups"]["dev"]) - set(development) == set()
    assert {name: development.get(name) for name in runtime} == runtime


def test_no_locked_package_is_older_than_its_floor():
    versions = {name: version for name, version in locked(packages.RUNTIME).items() if name in FLOORS}
    parts = {name: tuple(int(part) for part in version.split(".")) for name, version in versions.items()}
    assert {name: version for name, version in parts.items() if version < FLOORS[name]} == {}
    assert set(parts) == set(FLOORS)


def test_each_dependency_has_its_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text()
    declared = re.findall(r'^  "([\w-]+)[^"]*",(.*)$', text.partition("[tool.")[0], re.MULTILINE)
    assert [name for name, rest in declared if "  # " not in f" {rest}"] == []
    assert len(declared) == len(DECLARED["project"]["dependencies"]) + len(DECLARED["dependency-groups"]["dev"])


# --- Words ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "mark",
    [
        r"\bdate\.today\(",  # the clock is read at the edge
        r"\butcnow\(|\bdatetime\.now\(",
        r"\bcsrf_exempt\b",
        r"\bmark_safe\b|\|\s*safe\b",
        r"fields\s*=\s*[\"']__all__[\"']",  # a form's fields are named, so that a new column is never open by accident
        r"#\s*(TODO|FIXME|XXX|HACK)\b|NotImplementedError|pragma: no cover",
        r"@receiver\b|\bpost_save\b|\bpre_save\b",  # what a change entails stands in its action
    ],
)
def test_code_never_says(mark):
    assert found(mark, WRITTEN) == []


def test_money_and_days_are_never_floats():  # M7
    exact = [
        path
        for path in WRITTEN
        if path.parts[len(ROOT.parts)] in {"support", "billing", "impact", "reimbursing", "agreements", "brokering"}
        or path.stem == "money"
    ]
    assert found(r"\bfloat\b", exact) == []


@pytest.mark.parametrize(
    "mark",
    [
        r"\|\s*safe\b|\{%\s*autoescape off",
        r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>",  # no inline script or style: the policy
        r"<style\b|\sstyle\s*=",
        r"<[^>]*\son[a-z]+\s*=",
        r"javascript:",
        r"\{#.*\b(TODO|FIXME)\b",
    ],
)
def test_a_page_never_says(mark):
    assert found(mark, PAGES) == []


def test_no_council_stands_in_the_code():
    demonstration = ROOT / "sidebyside" / "demo"
    elsewhere = [path for path in CODE + TEMPLATES + OWN_STATIC if demonstration not in path.parents]
    assert found(r"buckinghamshire|\bbucks\b", elsewhere) == []


def test_no_test_is_skipped_or_expected_to_fail():
    others = [path for path in TESTS if path != Path(__file__)]
    assert found(r"pytest\.skip|mark\.skip|xfail|importorskip|unittest\.skip", others) == []


def test_each_lint_exception_has_its_reason_beside_it():
    silent = r"#\s*noqa(?!: [\w, ]+ - )|#\s*ruff: noqa|type: ignore(?!\[)"
    assert found(silent, WRITTEN) == []


def test_migrations_are_named_for_what_they_do():
    assert [path.name for path in CODE if re.fullmatch(r"\d{4}_(auto|alter)_.*\d{4}.*\.py", path.name)] == []


# --- Sizes ------------------------------------------------------------------------------------------------------------
def test_modules_and_templates_stay_small():
    limits = [(300, WRITTEN), (500, TESTS), (120, TEMPLATES)]
    sizes = {path: (len(path.read_text().splitlines()), limit) for limit, paths in limits for path in paths}
    assert {str(path.relative_to(ROOT)): size for path, (size, limit) in sizes.items() if size > limit} == {}


def test_functions_stay_small():
    functions = [
        (f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1)
        for path in WRITTEN
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [function for function in functions if function[1] > 50] == []


# --- Templates --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_compiles(template):
    engines["django"].from_string(template.read_text())


# --- Settings and containers ------------------------------------------------------------------------------------------
def test_every_setting_from_the_environment_has_its_line_in_the_example():
    read = set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "sidebyside" / "settings.py").read_text()))
    offered = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert offered == read | {"POSTGRES_PASSWORD"}  # which only the compose file reads


def test_the_image_has_the_same_system_libraries_as_a_laptop_and_no_root():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert [library for library in machine.PANGO if library not in dockerfile] == []
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["10001"]


def test_every_service_has_a_health_check_and_waits_for_the_migration():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == []
    waiting = {name for name, service in services.items() if "migrate" in service.get("depends_on", {})}
    assert waiting == {"web", "worker", "beat"}
    assert {services[name]["depends_on"]["migrate"]["condition"] for name in waiting} == {
        "service_completed_successfully"
    }


def test_every_room_goes_into_the_image():
    kept = {line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    needed = {*ROOMS, *DECLARED["tool"]["importlinter"]["root_packages"], "data", "launch", "static", "templates"}
    assert needed - kept == set()
