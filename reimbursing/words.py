"""What people of schools read of a day that waits: nothing of what its supported school says of it."""

from __future__ import annotations

from reimbursing.owing import DISPUTED, LENDING, PAYEE, RATE, UNCONFIRMED

_SAID = {
    UNCONFIRMED: "The supported school has not confirmed it yet.",
    DISPUTED: "The supported school has not confirmed it yet.",
    LENDING: "The register does not say which school lent the champion on that day. The team leader enters it.",
    RATE: "The council has set no rate for that day yet.",
    PAYEE: "The council does not know yet how to pay the home school.",
}


def said_to_schools(code: str) -> str:
    """What holds a day back, in words for a home school and its champion."""
    return _SAID[code]
