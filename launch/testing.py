"""Every test: side by side on all cores first, then, one at a time, those that start processes or race them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from launch import ROOT, environment, machine
from launch.children import foreground
from launch.packages import PYTHON

PARALLEL = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadscope")


def run(words: Sequence[str]) -> int:
    """All tests, or one pytest with `words`; nothing else decides what is left out than a missing browser."""
    settings = _settings()
    chromium = machine.get_chromium()
    if chromium:
        settings["CHROMIUM"] = chromium
    else:
        machine.say(f"There is no Chromium here: {_count(settings, 'browser')} browser tests are left out.")
    return max(pytest(settings, *arguments) for arguments in plan(words, browser=bool(chromium)))


def plan(words: Sequence[str], *, browser: bool) -> list[list[str]]:
    """The runs of pytest that make one test run."""
    without = "" if browser else " and not browser"
    if words:
        return [[*([] if browser else ["-m", "not browser"]), *words]]
    return [[*PARALLEL, "-m", f"not process{without}"], ["-m", f"process{without}"]]


def pytest(settings: Mapping[str, str], *words: str) -> int:
    """One run of pytest; its exit code."""
    return foreground([str(PYTHON), "-m", "pytest", *words], settings)


def _settings() -> dict[str, str]:
    # What tests write stays apart from what a person made in the demonstration.
    var = os.environ.get("SIDEBYSIDE_VAR") or str(ROOT / "var" / "test")
    return environment.settings({**os.environ, "SIDEBYSIDE_VAR": var})


def _count(settings: Mapping[str, str], marker: str) -> int:
    command = [str(PYTHON), "-m", "pytest", "--collect-only", "--quiet", "--quiet", "-m", marker]
    listed = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    return sum(int(line.rpartition(":")[2]) for line in listed.stdout.splitlines() if line.startswith("tests/"))
