"""The home pages of the school improvement team: advisers, the team leader, administrators, auditors."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from schools.models import CategoryEntry, School
from sidebyside.accounts.models import User
from sidebyside.clock import clock_text
from sidebyside.home.brokering import business_of
from sidebyside.home.days import to_settle
from sidebyside.home.parts import Card, Home, Section, Task, count_of, counted, first
from sidebyside.home.reviews import overdue_reviews, reviews_to_write
from sidebyside.home.setting_up import left_to_set_up
from sidebyside.home.watching import running_of
from sidebyside.mail.models import Dispatch
from support.models import Offer
from visits.models import AgreedAction, Note, Visit


def adviser(user: User, on: date) -> Home:
    """My visits that are to come or to be logged, what heads answered, and actions overdue at my schools."""
    mine = Visit.objects.visible_to(user).filter(delivery__adviser=user).with_facts()
    schools = School.objects.visible_to(user).filter(
        adviser_assignments__adviser=user, adviser_assignments__ended_on__isnull=True
    )
    overdue = AgreedAction.objects.visible_to(user).filter(school__in=schools.values("pk")).overdue(on)
    answered = Note.objects.visible_to(user).questioned(user).filter(visit__delivery__adviser=user)
    to_log = [_visit(visit, "To log", "orange") for visit in first(mine.due(on))]
    coming = [_visit(visit, "Planned", "blue") for visit in first(mine.coming(on))]
    questioned = [
        Task(str(note.visit.delivery.school), note.visit.get_absolute_url(), "The head has answered the note")
        for note in first(answered.select_related("visit__delivery__school"))
    ]
    late = [
        Task(action.what, reverse("school_visits", args=[action.school_id]), _overdue(action), "Overdue", "orange")
        for action in first(overdue.select_related("school"))
    ]
    reviews = reviews_to_write(user, on)
    nothing_planned = "No visit is planned. Open a school to plan one."
    return Home(
        [
            Section("Visits to log", to_log, "No visit waits for its note."),
            Section("Coming visits", coming, nothing_planned, reverse("visit_list"), "All my visits"),
            *([Section("Reviews to write", reviews, "")] if reviews else []),
            Section("Answers from heads", questioned, "No head’s answer waits to be read."),
            Section("Actions overdue at my schools", late, "Nothing is overdue."),
        ],
        [counted(schools.count(), "my school", "my schools", f"{reverse('school_list')}?adviser={user.pk}")],
    )


def _visit(visit: Visit, status: str, colour: str) -> Task:
    delivery = visit.delivery
    when = date_format(delivery.happens_on)
    at = f", {clock_text(visit.starts_at)}" if visit.starts_at else ""
    return Task(str(delivery.school), visit.get_absolute_url(), f"{delivery.service}, {when}{at}", status, colour)


def _overdue(action: AgreedAction) -> str:
    return f"{action.school}: {action.owner}, due {date_format(action.due_on)}"


def lead(user: User, on: date) -> Home:
    """Categories to confirm, needs to match, days to confirm, deployments that run, and what needs attention."""
    proposed = CategoryEntry.objects.visible_to(user).filter(state__in=["proposed", "discussed"])
    days_to_settle, waiting = to_settle(user)
    running = running_of(user, on=on)
    to_confirm = [
        Task(
            str(entry.school),
            reverse("category_confirm", args=[entry.school_id, entry.pk]),
            f"{entry.category} from {date_format(entry.starts_on)}",
            entry.get_state_display(),
            "blue",
        )
        for entry in first(proposed.select_related("school", "category").order_by("school__name"))
    ]
    late = overdue_reviews(user, on)
    to_confirm_words = "delivery waits for a school to confirm", "deliveries wait for a school to confirm"
    return Home(
        [
            Section("Categories to confirm", to_confirm, "Every proposed category has been decided."),
            days_to_settle,
            *business_of(user, at=timezone.now()).sections(),
            *running.sections(),
        ],
        [
            counted(waiting, *to_confirm_words, reverse("confirmation_list")),
            *running.cards(),
            counted(late, "review is overdue", "reviews are overdue", reverse("review_overdue"), warns=True),
        ],
    )


def administrator(user: User, on: date) -> Home:
    """What is left to set up, offers in draft, mail that did not go, and the ways in for spreadsheets."""
    schools = School.objects.visible_to(user).state_funded().open_on(on)
    has_adviser = Count("pk", filter=Q(adviser_assignments__ended_on__isnull=True, adviser_assignments__isnull=False))
    counts = schools.aggregate(all=Count("pk", distinct=True), advised=has_adviser)
    stuck = Dispatch.objects.needing_attention().count()
    drafts = [
        Task(str(offer), reverse("admin:support_offer_change", args=[offer.pk]), "", "Draft", "grey")
        for offer in first(Offer.objects.filter(state=Offer.State.DRAFT))
    ]
    ways_in = [
        Task("Import the register or a spreadsheet", reverse("imports"), "With a preview before anything is written"),
        Task("Invite people", reverse("admin:accounts_user_changelist"), "Their roles, and the schools they belong to"),
    ]
    to_set_up = left_to_set_up(user)
    no_draft = "No offer is in draft. Clone one that is there to begin the next."
    first_steps = [Section("What is left to set up", to_set_up, "")] if to_set_up else []
    offers = reverse("admin:support_offer_changelist")
    without = f"{reverse('school_list')}?adviser=none"
    return Home(
        [
            *first_steps,
            Section("Offers in draft", drafts, no_draft, offers, "All offers"),
            Section("Bring data in", ways_in, ""),
        ],
        [
            Card(count_of(counts["all"]), "open schools", reverse("school_list")),
            counted(
                counts["all"] - counts["advised"], "school without an adviser", "schools without an adviser", without
            ),
            counted(stuck, "mail needs attention", "mails need attention", reverse("attention"), warns=True),
        ],
    )


def auditor(user: User, on: date) -> Home:
    """Where to look."""
    tasks = [
        Task("Schools and their history", reverse("school_list"), "Who decided what, when and why"),
        Task("Invoices", reverse("invoice_list"), "Each with its lines, its reasons and the hash of its PDF"),
        Task("Invoice runs", reverse("run_list"), "Who approved what"),
        Task("Statements to home schools", reverse("statement_list"), "And the files that paid them"),
    ]
    return Home([Section("What the portal keeps", tasks, "")])
