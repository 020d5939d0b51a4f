"""Statements as PDF: tagged, and the same bytes from the same document, always."""

from __future__ import annotations

from billing.pdf import named, render
from reimbursing.documents import Advice


def render_advice(advice: Advice) -> bytes:
    """The document as PDF/UA-1. Raises what `billing.pdf.render` raises."""
    name = named(f"{advice.council} {advice.title}")
    return render("reimbursing/documents/statement.html", {"document": advice}, name=name)
