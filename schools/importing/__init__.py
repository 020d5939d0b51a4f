"""Importing the national register: plan first, look at the plan, then apply it (S6–S9).

    plan = plan_register(establishments, links=None, trusts=None, authority="825")  # reads only
    plan.headlines, plan.new_schools, plan.changed, plan.kept, plan.bad_rows  # for people: each has its str()
    apply_register(plan, by=user)  # writes; None when nothing changes

Each file is a path or its bytes, gzipped or not. Both raise `Refusal` when there is nothing that could be done.
"""

from schools.importing.applying import apply_register
from schools.importing.plan import BadRow, FieldChange, Kept, NewSchool, Plan, SchoolChange
from schools.importing.planning import plan_register
from schools.importing.reading import Source

__all__ = [
    "BadRow",
    "FieldChange",
    "Kept",
    "NewSchool",
    "Plan",
    "SchoolChange",
    "Source",
    "apply_register",
    "plan_register",
]
