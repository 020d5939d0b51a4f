"""Visits, their notes in versions, the drafts behind them, and the actions agreed."""

from __future__ import annotations

from visits.models.agreed import AgreedAction
from visits.models.drafts import Draft
from visits.models.notes import ConfidentialNote, Note, NoteAnswer
from visits.models.visits import Visit

__all__ = ["AgreedAction", "ConfidentialNote", "Draft", "Note", "NoteAnswer", "Visit"]
