"""The virtual environment, made from a lock file: the same packages everywhere, each checked by its hash."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from launch import ROOT
from launch.children import foreground
from launch.machine import PANGO, apt_install, say, stop

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME, DEVELOPMENT = (ROOT / "requirements" / name for name in ("requirements.lock", "requirements-dev.lock"))
PIP_INSTALL = ("install", "-qq", "--disable-pip-version-check", "--no-compile", "--require-hashes", "--no-deps")


def install(*, dev: bool) -> None:
    """Bring the environment to what the lock file says; does nothing where it stands there already."""
    lock = DEVELOPMENT if dev else RUNTIME
    # The development lock holds the other one whole, so an environment for tests also serves.
    if any(is_installed(candidate) for candidate in {lock, DEVELOPMENT}):
        return
    if not _has_pip():
        _make_environment()
    say(f"installing the packages of {lock.relative_to(ROOT)}")
    command = [str(PYTHON), "-m", "pip", *PIP_INSTALL, "--only-binary", ":all:", "-r", str(lock)]
    if foreground(command):
        stop(f"The packages of {lock.name} could not be installed: pip says why above.")
    stamp(lock).write_text(fingerprint(lock))


def stamp(lock: Path) -> Path:
    """The file that remembers what was installed last."""
    return VENV / f".{lock.stem}.sha256"


def fingerprint(lock: Path) -> str:
    """Changes with the lock file and with the Python that it is installed for."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def is_installed(lock: Path) -> bool:
    """Whether this lock file, as it is now, has been installed."""
    return PYTHON.exists() and stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock)


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _make_environment() -> None:
    if not importlib.util.find_spec("ensurepip"):
        # A machine without it lacks Pango too, most likely: one line for both.
        apt_install([f"python3.{sys.version_info.minor}-venv", *PANGO], "Python's venv module is missing")
    say(f"making {VENV.relative_to(ROOT)}/")
    if foreground([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        stop(f"{VENV} could not be made: Python says why above.")
