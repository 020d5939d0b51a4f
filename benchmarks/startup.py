"""Starting up (S1): `manage.py check`, against the same with WeasyPrint imported where a module begins."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.harness import WALL, Harness

NAME = "Start-up"
HEAVY = ("weasyprint", "openpyxl")
CHECK = "import django; django.setup(); from django.core.management import call_command; call_command('check')"
LOADED = f"import sys, django; django.setup(); print([name for name in {HEAVY!r} if name in sys.modules])"


def run(harness: Harness) -> None:
    """How long a command takes to begin, and what it has not imported by then."""
    harness.compare(
        "S1 manage.py check", naive=lambda: python(f"import weasyprint; {CHECK}"), ours=check, clock=WALL, goal=1.3
    )
    harness.holds("S1 heavy imports", "none at start", naive=False, ours=python(LOADED) == "[]")
    harness.note("the same for one council and for all of England: nothing is read from the database")


def check() -> str:
    """Ours: heavy packages are imported by the function that needs them."""
    return python(CHECK)


def python(code: str) -> str:
    """Run code in a process of its own; what it printed."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "sidebyside.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    return done.stdout.strip()
