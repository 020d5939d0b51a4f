"""The environment variables that `sidebyside/settings.py` reads, as a laptop wants them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from launch import ROOT

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - recognised here, never chosen


def var_folder(given: Mapping[str, str], *, empty: bool = False) -> Path:
    """Where this portal keeps its files: database, documents, broker, key. A council's own has a folder of its own."""
    return Path(given.get("SIDEBYSIDE_VAR") or ROOT / "var" / ("empty" if empty else "")).absolute()


def secret_key(var: Path) -> str:
    """The key of this portal, made on the first run and kept, readable by its owner only."""
    kept = var / "secret_key"
    if not kept.exists():
        var.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text().strip()


def settings(given: Mapping[str, str], *, demo: bool = False, empty: bool = False) -> dict[str, str]:
    """`given`, completed: what somebody has set is kept, and what they left out gets a laptop's value."""
    var = var_folder(given, empty=empty)
    laptop = {"DEBUG": "0", "LOG_JSON": "0", "LOG_LEVEL": "WARNING"}
    fixed = {"DEMO": str(int(demo)), "SIDEBYSIDE_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    made = laptop | dict(given) | fixed
    if "SECRET_KEY" not in made:
        made["SECRET_KEY"] = secret_key(var)
    return made


def address(given: Mapping[str, str], host: str, port: int, *, demo: bool) -> dict[str, str]:
    """The names that this portal answers to when it listens on `host`.

    On every address the demonstration answers to any name; a council's own portal only to those that ALLOWED_HOSTS
    lists, because mails carry the name by which it was reached.
    """
    names = ["*"] if demo and host in EVERY_ADDRESS else [*LOCAL_HOSTS, *([] if host in EVERY_ADDRESS else [host])]
    return {
        "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS") or ",".join(dict.fromkeys(names)),
        "SITE_URL": given.get("SITE_URL") or page(host, port).rstrip("/"),
    }


def page(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    name = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
