"""Importing a register as large as England's: the first time, and again when nothing has changed (S9).

The national file is not part of this project: its size and its columns are made here from Buckinghamshire's rows, each
under URNs and names of its own.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.harness import CPU, WALL, Harness, scratch_database
from schools import gias
from schools.importing import apply_register, plan_register
from schools.models import School

NAME = "Register import"
ROOT = Path(__file__).resolve().parent.parent
BUCKINGHAMSHIRE = ROOT / "data" / "gias" / "establishments_825_2024.csv"
ROWS = 51_012  # the national file's
SAMPLE = 1_000  # rows of them for the naive side, which takes minutes for all
LIMIT = 300  # MB
_PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
_OURS = (
    "import django; django.setup(); from schools.importing import *; apply_register(plan_register({path!r}), by=None);"
)
_NAIVE = "import csv; rows = list(csv.DictReader(open({path!r}, newline='')));"


def national(rows: int = ROWS) -> bytes:
    """A file of so many rows."""
    with BUCKINGHAMSHIRE.open(newline="") as file:
        header, *schools = csv.reader(file)
    name = header.index("EstablishmentName")
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    for number, row in enumerate(islice(cycle(schools), rows)):
        writer.writerow([str(100_000 + number), *row[1:name], f"{row[name]} {number}", *row[name + 1 :]])
    return out.getvalue().encode()


# --- The two sides ----------------------------------------------------------------------------------------------------
def naive(data: bytes) -> None:
    """A row, a look-up and a write at a time, in one transaction."""
    with transaction.atomic():
        for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
            values = {column.field: column.parse(row[column.name]) for column in gias.ESTABLISHMENTS}
            School.objects.update_or_create(urn=values.pop("urn"), defaults=values)


def ours(data: bytes) -> None:
    """What the command and the page do."""
    apply_register(plan_register(data), by=None)


def undone(work: Callable[[bytes], None], data: bytes) -> None:
    """The same, taken back at the end, so that each round begins with an empty portal."""
    with transaction.atomic():
        work(data)
        transaction.set_rollback(True)


def answer(work: Callable[[bytes], None], data: bytes) -> list[tuple[object, ...]]:
    """What a side leaves in an empty portal."""
    with transaction.atomic():
        work(data)
        rows = list(School.objects.order_by("urn").values_list())
        transaction.set_rollback(True)
    return rows


# --- The benchmark ----------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """I1 and I2, on the engine of DATABASE_URL."""
    data, sample = national(), national(SAMPLE)
    clock = WALL if connection.vendor == "postgresql" else CPU
    share = SAMPLE / ROWS
    with scratch_database():
        assert answer(naive, sample) == answer(ours, sample), "the two sides leave different schools"
        harness.compare(
            f"I1 {ROWS:,} schools, the first time",
            partial(undone, naive, sample),
            partial(undone, ours, data),
            goal=20,
            rounds=5,
            clock=clock,
            naive_share=share,
            same=None,
        )
        memory(harness, data)
        assert School.objects.count() == ROWS
        harness.compare(
            "I2 the same file again",
            partial(naive, sample),
            partial(ours, data),
            goal=50,
            rounds=5,
            clock=clock,
            naive_share=share,
            same=None,
        )
        harness.holds(
            "I2 an identical file",
            "writes nothing",
            naive=writes(naive, national(10)) == 0,
            ours=writes(ours, data) == 0,
        )


def writes(work: Callable[[bytes], None], data: bytes) -> int:
    """How many statements of a side change something."""
    with CaptureQueriesContext(connection) as captured:
        work(data)
    return sum(query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"} for query in captured.captured_queries)


def memory(harness: Harness, data: bytes) -> None:
    """The first import in a process of its own, which leaves its schools here; naive holds the file's rows as dicts."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        peaks = [peak(code.format(path=file.name)) for code in (_NAIVE, _OURS)]
    harness.at_most("I1 peak memory", naive=peaks[0], ours=peaks[1], limit=LIMIT, unit="MB")


def peak(code: str) -> float:
    """The most memory, in MB, that a fresh process took for the code, in this benchmark's database."""
    name = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL", "sqlite:///")
    url = f"sqlite:///{name}" if url.startswith("sqlite") else f"{url.rpartition('/')[0]}/{name}"
    command = [sys.executable, "-c", f"{code} {_PEAK}"]
    settings = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])
