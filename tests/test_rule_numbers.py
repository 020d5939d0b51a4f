"""The numbers of the rules are ours: no page, label, refusal or guide to a file shows one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = ("sidebyside", "schools", "support", "visits", "billing", "impact", "reimbursing")
RULE = re.compile(r"\([OSMVA]\d{1,2}\b")
BASE: Path = settings.BASE_DIR


def texts(path: Path) -> Iterator[str]:
    """Every text in a module but docstrings, which only we read."""
    tree = ast.parse(path.read_text())
    read_by_us = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in read_by_us:
            yield node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_in_code_shows_a_rules_number(room):
    modules = (path for path in (BASE / room).rglob("*.py") if path.parent.name != "migrations")
    assert [(path.name, text) for path in modules for text in texts(path) if RULE.search(text)] == []


def test_no_template_or_standing_list_shows_a_rules_number():
    files = [path for folder in ("templates", *ROOMS) for path in (BASE / folder).rglob("*.html")]
    files += (BASE / "data").glob("*.json")
    assert [path.name for path in files if RULE.search(path.read_text())] == []


def test_a_rules_number_would_be_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""Ours (M2)."""\n\ndef f(x):\n    """Ours (M3)."""\n    return f"{x} pays by journal (M2)"\n')
    assert [text for text in texts(module) if RULE.search(text)] == [" pays by journal (M2)"]
