"""Who may open which page: every address that has a name, written out. A new one fails the tests until it stands here.

A row says to whom the page answers; everybody else who is signed in gets 403, and visitors the sign-in. `of` says what
the address names: heads, champions and trust officers reach what is theirs and get the same 404 for what is not and
for what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.access.world import Side

TEAM = "administrator lead adviser finance auditor"
SCOPED = frozenset({"head", "champion", "trust_finance"})
EVERYBODY = f"{TEAM} head champion trust_finance"
IMPACT = "administrator lead adviser auditor"
ABSENT = 987654

# What an address may name, and how it is named; the absent ones look just like the others.
OBJECTS: dict[str, tuple[Callable[[Side], dict[str, Any]], dict[str, Any]]] = {
    "school": (lambda side: {"urn": side.school.pk}, {"urn": ABSENT}),
    "entry": (lambda side: {"urn": side.school.pk, "pk": side.proposal.pk}, {"urn": ABSENT, "pk": ABSENT}),
    "champion": (lambda side: {"code": side.champion.code}, {"code": "CH-nobody"}),
    "check": (
        lambda side: {"code": side.champion.code, "pk": side.champion.checks.get().pk},
        {"code": "CH-nobody", "pk": ABSENT},
    ),
    "interest": (
        lambda side: {"code": side.champion.code, "pk": side.champion.interests.get().pk},
        {"code": "CH-nobody", "pk": ABSENT},
    ),
    "deployment": (lambda side: {"pk": side.deployment.pk}, {"pk": ABSENT}),
    "agreement": (lambda side: {"pk": side.open_version.pk}, {"pk": ABSENT}),
    "agreement asked": (
        lambda side: {"pk": side.open_version.pk, "party": "supported"},
        {"pk": ABSENT, "party": "supported"},
    ),
    "agreed version": (lambda side: {"pk": side.agreed_version.pk}, {"pk": ABSENT}),
    "planned day": (lambda side: {"pk": side.deliveries["planned"].pk}, {"pk": ABSENT}),
    "delivered day": (lambda side: {"pk": side.deliveries["delivered"].pk}, {"pk": ABSENT}),
    "match": (
        lambda side: {"pk": side.need.pk, "code": side.champion.code},
        {"pk": ABSENT, "code": "CH-nobody"},
    ),
    "review to write": (
        lambda side: {"pk": side.reviewed.pk, "kind": "closing"},
        {"pk": ABSENT, "kind": "closing"},
    ),
    "sample": (lambda side: {"pk": side.sampled.sample_id}, {"pk": ABSENT}),
    "sampled": (lambda side: {"pk": side.sampled.pk}, {"pk": ABSENT}),
    "need": (lambda side: {"pk": side.need.pk}, {"pk": ABSENT}),
    "dispute": (lambda side: {"pk": side.dispute.pk}, {"pk": ABSENT}),
    "planned visit": (lambda side: {"pk": side.planned.pk}, {"pk": ABSENT}),
    "held visit": (lambda side: {"pk": side.held.pk}, {"pk": ABSENT}),
    "action": (lambda side: {"pk": side.action.pk}, {"pk": ABSENT}),
    "invoice": (lambda side: {"number": side.invoice.number}, {"number": "SBS9900-00001"}),
    "payment": (lambda side: {"pk": side.invoice.allocations.get().payment_id}, {"pk": ABSENT}),
    "statement": (lambda side: {"number": side.statement.number}, {"number": "SBR9900-00001"}),
    "statement run": (lambda side: {"pk": side.statement_item.run_id}, {"pk": ABSENT}),
    "statement item": (lambda side: {"pk": side.statement_item.pk}, {"pk": ABSENT}),
    "payee": (lambda side: {"urn": side.champion.home_school_id}, {"urn": ABSENT}),
    "ledger file": (lambda side: {"pk": side.statement.ledger_entry.file_id}, {"pk": ABSENT}),
    "account": (lambda side: {"reference": side.account.reference}, {"reference": "NOBODY"}),
    "run": (lambda side: {"pk": side.item.run_id}, {"pk": ABSENT}),
    "item": (lambda side: {"pk": side.item.pk}, {"pk": ABSENT}),
    "mail": (lambda side: {"pk": side.mail.pk}, {"pk": ABSENT}),
    "upload": (lambda side: {"pk": side.upload.pk}, {"pk": ABSENT}),
}


@dataclass(frozen=True)
class Row:
    """One address: who may open it, what it names, and how it answers those who may."""

    name: str
    who: str
    of: str = ""
    status: int = 200
    method: str = "get"
    named: tuple[tuple[str, Any], ...] = ()  # what an address names that belongs to nobody
    own_only: bool = False  # even among those who see all schools each sees only what is theirs
    blind: str = ""  # whom it answers, but with a 404: nothing there is theirs, on either side
    refused: str = ""  # who may open it for other things, but not for this one: 403
    is_public: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """Those whom the page answers."""
        return frozenset(self.who.split())


def page(name: str, who: str, of: str = "", **rest: Any) -> Row:
    """A row, in short."""
    return Row(name, who, of, **rest)


ROWS = [
    # For everybody
    *(page(name, EVERYBODY, is_public=True) for name in ("healthz", "accessibility", "privacy", "contact")),
    page("readyz", EVERYBODY, is_public=True, status=503),
    page("offer_list", EVERYBODY, is_public=True),
    page("offer_begin", "administrator"),
    page("offer_detail", EVERYBODY, is_public=True, status=404, named=(("slug", "1999-00"),)),
    page("first_run", EVERYBODY, is_public=True, status=404, named=(("token", "x"),)),
    # For everybody who is signed in
    page("home", EVERYBODY),
    page("outbox", EVERYBODY),
    page("outbox_mail", EVERYBODY, "mail", blind="adviser auditor champion trust_finance"),
    # Schools
    page("school_list", f"{TEAM} head trust_finance"),
    page("school_export", f"{TEAM} head trust_finance"),
    page("school_detail", f"{TEAM} head trust_finance", "school"),
    page("school_history", f"{TEAM} head trust_finance", "school"),
    page("category_propose", "administrator lead adviser", "school"),
    page("category_confirm", "administrator lead", "entry"),
    page("category_withdraw", "administrator lead", "entry"),
    page("adviser_assign", "administrator lead", "school"),
    # Support
    page("entitlement_export", f"{TEAM} head"),
    page("school_entitlement", f"{TEAM} head", "school"),
    page("adjustment_new", "lead", "school"),
    page("school_deployments", f"{TEAM} head champion", "school", blind="champion"),
    page("support_new", "lead adviser", "school"),
    page("deployment_list", f"{TEAM} head champion"),
    page("deployment_detail", f"{TEAM} head champion", "deployment"),
    page("deployment_end", "lead", "deployment"),
    page("deployment_move", "lead", "deployment"),
    page("delivery_log", "lead champion", "deployment"),
    page("confirmation_list", "lead head"),
    page("deployment_calendar", "lead champion", "deployment"),
    page("week_log", "lead champion", refused="lead"),
    page("champion_week", "lead champion", "champion"),
    page("delivery_move", "lead champion", "planned day"),
    page("delivery_cancel", "lead champion", "planned day"),
    page("delivery_leave", "lead champion", "delivered day", status=302),
    page("deliveries_confirm", "lead head", status=302),
    page("dispute_resolve", "lead", "dispute"),
    page("delivery_detail", f"{TEAM} head champion", "delivered day"),
    page("delivery_deliver", "lead adviser champion", "planned day", refused="adviser"),
    page("delivery_confirm", "lead head", "delivered day"),
    page("delivery_withdraw", "lead champion", "delivered day"),
    page("delivery_price", "administrator lead finance", "delivered day"),
    page("champion_list", f"{TEAM} head champion"),
    page("champion_new", "administrator lead"),
    page("champion_detail", f"{TEAM} head champion", "champion"),
    page("champion_export", TEAM),
    page("champion_calendar", f"{TEAM} head champion", "champion"),
    page("champion_checks", f"{TEAM} champion", "champion"),
    page("champion_edit", "administrator lead", "champion"),
    page("availability", "administrator lead champion", "champion"),
    page("home_school_change", "administrator lead", "champion"),
    page("lending_days", "administrator lead", "champion"),
    page("lending_end", "administrator lead", "champion"),
    page("check_new", "administrator lead", "champion"),
    page("check_remove", "administrator lead", "check"),
    page("interest_new", "administrator lead", "champion"),
    page("interest_end", "administrator lead", "interest"),
    # Needs
    page("need_list", "administrator lead adviser auditor head"),
    page("need_new", "lead adviser head"),
    page("school_need_new", "lead adviser head", "school"),
    page("need_detail", "administrator lead adviser auditor head", "need"),
    page("need_edit", "lead adviser head", "need", refused="adviser"),
    page("need_withdraw", "lead adviser head", "need", refused="adviser"),
    page("need_decline", "lead", "need"),
    page("need_match", "lead", "need"),
    page("need_propose", "lead", "match"),
    # Agreements
    page("deployment_new", "lead"),
    page("deployment_change", "lead", "deployment"),
    page("agreement_list", f"{TEAM} head champion"),
    page("agreement_detail", f"{TEAM} head champion", "agreement"),
    page("agreement_pdf", f"{TEAM} head champion", "agreed version"),
    page("agreement_cost", f"{TEAM} head", "agreed version"),
    page("agreement_answer", "head", "agreement asked"),
    page("agreement_ask", "lead", "agreement asked"),
    page("agreement_withdraw", "lead", "agreement"),
    page("consent_link", EVERYBODY, is_public=True, status=404, named=(("token", "x"),)),
    page("consent_thanks", EVERYBODY, is_public=True),
    # Visits
    page("visit_list", "lead adviser head"),
    page("visit_export", "lead adviser head"),
    page("school_visits", f"{TEAM} head", "school"),
    page("visit_plan", "lead adviser", "school"),
    page("visit_detail", "lead adviser head", "held visit"),
    page("visit_move", "lead adviser", "planned visit"),
    page("visit_cancel", "lead adviser", "planned visit"),
    page("visit_log", "lead adviser", "planned visit"),
    page("draft_save", "lead adviser", "planned visit", method="post", status=400),
    page("note_share", "lead adviser", "planned visit", status=302),
    page("note_answer", "head", "held visit"),
    page("answers_read", "lead adviser", "held visit", method="post", status=302),
    page("note_amend", "lead adviser", "held visit"),
    page("note_versions", "lead adviser head", "held visit"),
    page("action_close", "lead adviser", "action"),
    # Money
    page("school_costs", "administrator finance auditor head trust_finance", "school"),
    page("invoice_list", "administrator finance auditor head trust_finance"),
    page("invoice_zip", "administrator finance auditor head trust_finance"),
    page("line_export", "administrator finance auditor head trust_finance"),
    page("document_export", "administrator finance auditor head trust_finance"),
    page("invoice_detail", "administrator finance auditor head trust_finance", "invoice"),
    page("invoice_pdf", "administrator finance auditor head trust_finance", "invoice"),
    page("payment_new", "finance", "invoice"),
    page("invoice_credit", "finance", "invoice"),
    page("payment_take_back", "finance", "payment"),
    page("run_list", "administrator finance auditor"),
    page("run_new", "finance"),
    page("run_detail", "administrator finance auditor", "run"),
    page("item_give_up", "finance", "item"),
    page("item_retry", "finance", "item", method="post", status=302),
    page("account_list", "administrator finance auditor"),
    page("account_new", "administrator finance"),
    page("account_detail", "administrator finance auditor head trust_finance", "account"),
    page("account_edit", "administrator finance", "account"),
    # Watching
    page("watch", "lead adviser"),
    page("watch_export", "lead adviser"),
    page("watch_pools", "lead adviser"),
    # Calendars
    page("calendar", "lead adviser champion"),
    page("calendar_new", "lead adviser champion"),
    page("calendar_revoke", "lead adviser champion"),
    page("calendar_feed", EVERYBODY, is_public=True, status=404, named=(("token", "x"),)),
    # What deployments changed
    page("deployment_reviews", f"{IMPACT} head champion", "deployment"),
    page("review_new", "lead adviser head champion", "review to write"),
    page("review_overdue", IMPACT),
    page("worked_report", IMPACT),
    page("worked_export", IMPACT),
    page("sample_list", IMPACT),
    page("sample_new", "lead"),
    page("sample_detail", IMPACT, "sample"),
    page("sample_pick", "lead", "sample"),
    page("finding_new", "lead", "sampled"),
    page("finding_list", IMPACT),
    # The home school's side
    page("statement_list", "administrator finance auditor head"),
    page("statement_line_export", "administrator finance auditor head"),
    page("owed_list", "administrator finance auditor head"),
    page("statement_detail", "administrator finance auditor head", "statement", blind="head"),
    page("statement_pdf", "administrator finance auditor head", "statement", blind="head"),
    page("statement_new", "finance"),
    page("statement_run_list", "finance auditor"),
    page("statement_run_detail", "finance auditor", "statement run"),
    page("statement_give_up", "finance", "statement item"),
    page("statement_retry", "finance", "statement item", method="post", status=302),
    page("payee_list", "administrator finance auditor"),
    page("payee_detail", "administrator finance auditor", "payee"),
    page("payee_edit", "finance", "payee"),
    page("ledger_file_list", "finance auditor"),
    page("journals_new", "finance"),
    page("payments_new", "finance"),
    page("ledger_file_download", "finance auditor", "ledger file"),
    page("my_days", "champion"),
    page("subsidy", "administrator lead finance auditor"),
    page("subsidy_export", "administrator lead finance auditor"),
    # What needs somebody, what was done, what is imported
    page("attention", "administrator lead finance"),
    page("mail_resolve", "administrator finance", "mail"),
    page("event_list", "administrator auditor"),
    page("event_export", "administrator auditor"),
    page("imports", "administrator"),
    page("import_new", "administrator", named=(("kind", "categories"),)),
    page("import_template", "administrator", named=(("kind", "categories"),)),
    page("import_preview", "administrator", "upload", own_only=True),
    page("import_confirm", "administrator", "upload", own_only=True, status=302),
]

# The sign-in's own pages (allauth): open to visitors, or to everybody who is signed in. None names anybody's things
# but one's own.
SIGN_IN_OPEN = frozenset(
    {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "mfa_authenticate",
    }
)  # fmt: skip
SIGN_IN_OWN = frozenset(
    {
        "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index", "mfa_reauthenticate",
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn", "mfa_edit_webauthn",
    }
)  # fmt: skip
