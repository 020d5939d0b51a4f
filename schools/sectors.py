"""Which sector a school belongs to: from its type code, never its type group (S6). Pure: imports no Django."""

from __future__ import annotations

from enum import StrEnum


class Sector(StrEnum):
    """The two kinds of state school; anything else is outside the offer."""

    MAINTAINED = "maintained"
    ACADEMY = "academy"


MAINTAINED_TYPES = frozenset({"01", "02", "03", "05", "07", "12", "14", "15"})
ACADEMY_TYPES = frozenset(
    {"06", "28", "33", "34", "35", "36", "38", "39", "40", "41", "42", "43", "44", "45", "46", "57"}
)


def sector_of(type_code: str) -> Sector | None:
    """The sector of a two-digit type code; None for independent schools, colleges and the rest (S6)."""
    if type_code in MAINTAINED_TYPES:
        return Sector.MAINTAINED
    return Sector.ACADEMY if type_code in ACADEMY_TYPES else None
