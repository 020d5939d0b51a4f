"""Schools and trusts as the register has them, who leads and who looks after them, and their categories."""

from __future__ import annotations

from schools.models.categories import Category, CategoryEntry
from schools.models.people import AdviserAssignment, Appointment, Membership
from schools.models.register import Correction, RegisterImport, School, SchoolLink, Trust, TrustMembership

__all__ = [
    "AdviserAssignment",
    "Appointment",
    "Category",
    "CategoryEntry",
    "Correction",
    "Membership",
    "RegisterImport",
    "School",
    "SchoolLink",
    "Trust",
    "TrustMembership",
]
