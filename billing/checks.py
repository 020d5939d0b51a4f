"""System checks: what billing needs from the machine."""

import ctypes
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

# The libraries that WeasyPrint opens when it is imported; the last makes every document 60 ms faster.
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
INSTALL = (
    "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
)


def missing(libraries: Iterable[str]) -> list[str]:
    """Those of the shared libraries that this machine cannot open. Far cheaper than importing WeasyPrint."""
    absent = []
    for library in libraries:
        try:
            ctypes.CDLL(library)
        except OSError:
            absent.append(library)
    return absent


def documents_can_be_made(
    app_configs: Sequence[Any] | None, libraries: Iterable[str] = LIBRARIES, **kwargs: Any
) -> list[CheckMessage]:
    """Whether WeasyPrint will find its libraries. Only Linux has them under these names."""
    absent = missing(libraries) if sys.platform == "linux" else []
    if not absent:
        return []
    return [
        Error(
            f"Invoices cannot be made: this machine lacks {', '.join(absent)}.",
            hint=f"As root, run: {INSTALL}",
            id="billing.E001",
        )
    ]
