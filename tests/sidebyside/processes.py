"""Starts other processes on the test's own database, for races that only real processes run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def database_url() -> str:
    """The address of the database that this test uses."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    place = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"]
    who = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    return f"postgres://{who}@{place}/{given['NAME']}"


def python(code: str, **environment: str) -> subprocess.Popen[str]:
    """A Python that runs this code after Django has been set up."""
    code = f"import django; django.setup()\n{code}"
    surroundings = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "sidebyside.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=surroundings | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def manage(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`manage.py …` in a process of its own."""
    return python(f"from django.core.management import call_command; call_command(*{arguments!r})", **environment)
