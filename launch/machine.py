"""What the machine must have besides Python packages, and how to get it or say how to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
OTHER_SYSTEMS = {"brew": "brew install pango", "dnf": "sudo dnf install pango dejavu-sans-fonts"}


def say(text: str) -> None:
    """Tell the person at the terminal what happens next."""
    print(f"» {text}", flush=True)


def stop(text: str) -> NoReturn:
    """End with a message in place of a traceback."""
    sys.exit(f"\n{text}\n")


def require_python() -> None:
    """Go on with Python 3.11 or newer: this one, another on the machine, or none."""
    if os.name != "posix":
        stop("Side by Side runs on Linux and macOS. On Windows, run it inside WSL or with docker compose.")
    if sys.version_info >= (3, 11):  # noqa: UP036 - whoever starts it may have less
        return
    for minor in (11, 12, 13, 14):
        if found := shutil.which(f"python3.{minor}"):
            os.execv(found, [found, *sys.argv])  # noqa: S606 - the same command, under a newer Python
    stop(f"Side by Side needs Python 3.11 or newer; this is {sys.version.split()[0]}.")


def is_root() -> bool:
    """Whether packages may be installed without asking anybody."""
    return os.geteuid() == 0


def install_line(packages: Sequence[str]) -> str:
    """The one line that a person runs to get these Debian packages."""
    return f"{'' if is_root() else 'sudo '}apt-get install -y --no-install-recommends {' '.join(packages)}"


def advise(reason: str, line: str) -> NoReturn:
    """Stop, with the one line to run first."""
    stop(f"{reason}.\nRun this once, then the same command again:\n\n    {line}")


def apt_install(packages: Sequence[str], reason: str) -> None:
    """Install Debian packages as root; anybody else gets the line to run."""
    if not (is_root() and shutil.which("apt-get")):
        advise(reason, install_line(packages))
    say(f"{reason}: installing {' '.join(packages)}")
    if not _apt("install", "-y", "--no-install-recommends", *packages):
        _apt("update")  # a new machine has no list of packages yet
        if not _apt("install", "-y", "--no-install-recommends", *packages):
            advise(f"{reason}, and apt-get could not install it", install_line(packages))


def _apt(*arguments: str) -> bool:
    quiet = subprocess.run(
        ["apt-get", "-qq", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return quiet.returncode == 0


def require_pango(python: Path) -> None:
    """Documents are typeset with Pango, which no Python package brings along."""
    if _imports_weasyprint(python):
        return
    reason = "Invoices are typeset with Pango, which this machine lacks"
    other = next((line for tool, line in OTHER_SYSTEMS.items() if shutil.which(tool)), None)
    if other and not shutil.which("apt-get"):
        advise(reason, other)
    apt_install(PANGO, reason)
    if not _imports_weasyprint(python):
        stop("Pango is installed and yet WeasyPrint does not start. `.venv/bin/python -m weasyprint --info` says why.")


def _imports_weasyprint(python: Path) -> bool:
    return subprocess.run([str(python), "-c", "import weasyprint"], capture_output=True, check=False).returncode == 0


def find_chromium() -> str | None:
    """The browser that the browser tests drive, if there is one."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def get_chromium() -> str | None:
    """Chromium, installed first where that may be done; CI may not do without."""
    if not find_chromium() and (is_root() and shutil.which("apt-get")):
        apt_install(["chromium"], "The browser tests need Chromium")
    elif not find_chromium() and os.environ.get("CI") == "true":
        advise("CI runs the browser tests, and there is no Chromium", install_line(["chromium"]))
    return find_chromium()
