"""Who may do what: one table, role to permissions. Pure: imports no Django.

A permission says what a person may do; *to which schools* follows from `visible_to(user)`, which `*.view_all` lifts.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the council. A person has one role; links to schools narrow it (Membership, Champion)."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    ADVISER = "adviser"
    CHAMPION = "champion"
    HEAD = "head"
    TRUST_FINANCE = "trust_finance"
    FINANCE = "finance"
    AUDITOR = "auditor"


LABELS = {
    Role.ADMINISTRATOR: "Administrator",
    Role.LEAD: "Team leader and broker",
    Role.ADVISER: "Adviser",
    Role.CHAMPION: "Champion",
    Role.HEAD: "Headteacher or nominee",
    Role.TRUST_FINANCE: "Trust finance",
    Role.FINANCE: "Council finance",
    Role.AUDITOR: "Auditor",
}

COUNCIL_STAFF = frozenset({Role.ADMINISTRATOR, Role.LEAD, Role.ADVISER, Role.FINANCE, Role.AUDITOR})

_SCHOOLS = {"schools.view_school", "support.view_entitlement"}
_ADVISER = _SCHOOLS | {
    "schools.propose_category",
    "support.view_deployment",
    "support.view_vetting",
    "visits.view_visit",
    "visits.plan_visit",
    "visits.log_visit",
    "visits.view_confidential",
    "brokering.view_need",
    "brokering.ask_for_support",
    "brokering.watch",
    "agreements.view_agreement",
    "agreements.view_cost",
    "impact.review",
    "impact.view_impact",
    "calendars.subscribe",
}
_MONEY = {
    "billing.view_invoice",
    "billing.issue_invoice",
    "billing.change_account",
    "billing.record_payment",
    "billing.view_run",
}
_REIMBURSING = {
    "reimbursing.view_statement",
    "reimbursing.approve_statement",
    "reimbursing.keep_payee",
    "reimbursing.read_bank_details",
    "reimbursing.view_subsidy",
}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADVISER: frozenset(_ADVISER | {"schools.view_all"}),
    Role.LEAD: frozenset(
        _ADVISER
        | {
            "schools.view_all",
            "schools.confirm_category",
            "schools.assign_adviser",
            "support.change_champion",
            "support.change_deployment",
            "support.log_delivery",
            "support.confirm_delivery",
            "support.confirm_for_school",
            "support.exceed_allowance",
            "support.agree_price",
            "support.resolve_dispute",
            "brokering.broker",
            "agreements.propose",
            "impact.assure_quality",
            "reimbursing.view_subsidy",
            "attention.view",
        }
    ),
    Role.CHAMPION: frozenset(
        {
            "support.view_deployment",
            "support.log_delivery",
            "agreements.view_agreement",
            "impact.review",
            "reimbursing.view_own_days",
            "calendars.subscribe",
        }
    ),
    Role.HEAD: frozenset(
        _SCHOOLS
        | {
            "support.view_deployment",
            "support.confirm_delivery",
            "visits.view_visit",
            "visits.answer_note",
            "billing.view_invoice",
            "brokering.view_need",
            "brokering.ask_for_support",
            "agreements.view_agreement",
            "agreements.view_cost",
            "agreements.consent",
            "impact.review",
            "reimbursing.view_statement",
        }
    ),
    Role.TRUST_FINANCE: frozenset({"schools.view_school", "billing.view_invoice"}),
    Role.FINANCE: frozenset(
        _MONEY
        | _REIMBURSING
        | _SCHOOLS
        | {
            "schools.view_all",
            "support.view_deployment",
            "support.agree_price",
            "agreements.view_agreement",
            "agreements.view_cost",
            "attention.view",
        }
    ),
    Role.AUDITOR: frozenset(
        _SCHOOLS
        | {
            "schools.view_all",
            "support.view_deployment",
            "billing.view_invoice",
            "billing.view_run",
            "brokering.view_need",
            "agreements.view_agreement",
            "agreements.view_cost",
            "impact.view_impact",
            "reimbursing.view_statement",
            "reimbursing.read_bank_details",
            "reimbursing.view_subsidy",
            "audit.view_event",
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _SCHOOLS
        | {
            "schools.view_all",
            "schools.confirm_category",
            "schools.assign_adviser",
            "schools.propose_category",
            "support.view_deployment",
            "support.view_vetting",
            "support.change_champion",
            "support.agree_price",
            "billing.view_invoice",
            "billing.view_run",
            "billing.change_account",
            "brokering.view_need",
            "agreements.view_agreement",
            "agreements.view_cost",
            "impact.view_impact",
            "reimbursing.view_statement",
            "reimbursing.view_subsidy",
            "imports.import_spreadsheet",
            "audit.view_event",
            "attention.view",
            "admin.use",
        }
    ),
}


def may(role: str, permission: str) -> bool:
    """Whether people with this role hold the permission."""
    return permission in PERMISSIONS.get(Role(role), frozenset())
