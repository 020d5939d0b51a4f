"""A published offer stands still, in the database itself (O1): what the triggers of its tables refuse."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from sidebyside.guards.freezing import Freeze

REASON = "its offer is published, and a correction is a new version"
OFFER_OF = "(SELECT o.state FROM support_offer o WHERE o.id = {row}.offer_id {{held}}) <> 'draft'"
OFFER_OF_POOL = (
    "(SELECT o.state FROM support_offer o JOIN support_pool p ON p.offer_id = o.id WHERE p.id = {row}.pool_id {{held}})"
    " <> 'draft'"
)
SOME_OFFER = "EXISTS (SELECT 1 FROM support_offer WHERE state <> 'draft')"


def freeze_of_offer(table: str, fields: Iterable[models.Field]) -> Freeze:
    """An offer that is published keeps all but its state, which goes on to replaced and never back."""
    columns = [field.column for field in fields if field.column != "state"]
    differs = "OLD.{0} <> NEW.{0} OR (OLD.{0} IS NULL) <> (NEW.{0} IS NULL)"
    changes = " OR ".join(differs.format(column) for column in columns)
    goes_back = "OLD.state <> NEW.state AND NOT (OLD.state = 'published' AND NEW.state = 'replaced')"
    refused = f"OLD.state <> 'draft' AND ({changes} OR {goes_back})"
    return Freeze(table, REASON, update=refused, delete="OLD.state <> 'draft'", truncate=SOME_OFFER)


def freeze_of_part(table: str, offer_of: str = OFFER_OF) -> Freeze:
    """Nothing of a published offer is changed, taken away or added, and nothing is moved there."""
    old, new = offer_of.format(row="OLD"), offer_of.format(row="NEW")
    return Freeze(table, REASON, insert=new, update=f"{old} OR {new}", delete=old, truncate=SOME_OFFER)
