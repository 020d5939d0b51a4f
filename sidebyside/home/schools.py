"""The home pages of those who work in schools: heads and their nominees, champions, trust finance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.urls import reverse
from django.utils.formats import date_format

from agreements.models import Agreement
from billing.models import Invoice
from brokering.models import Need
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.days import days_text
from sidebyside.home.days import champions_days
from sidebyside.home.home_schools import what_the_school_gets
from sidebyside.home.parts import SHOWN, Home, Section, Task, first
from sidebyside.home.reviews import reviews_to_write
from sidebyside.money import pounds
from support.entitlements import DAYS, amount_text
from support.models import Champion, Delivery, Deployment
from visits.models import Note, Visit

AGREE, CONFIRM, DISPUTED = "Agree", "Confirm", "Disputed"  # in this order


def head(user: User, on: date) -> Home:
    """What waits for me, what is coming, and where my school stands."""
    numbers = Need.objects.all().numbers_at_schools()
    schools = list(School.objects.visible_to(user).annotate(**numbers)[:5])
    return Home(
        [
            Section("Waiting for you", [*_waiting(user), *reviews_to_write(user, on)], "Nothing waits for you."),
            Section(
                "Coming visits",
                [
                    Task(
                        f"{visit.delivery.service}, {date_format(visit.delivery.happens_on)}",
                        visit.get_absolute_url(),
                        f"With {visit.delivery.adviser}" if visit.delivery.adviser else "",
                        "Planned",
                        "blue",
                    )
                    for visit in first(Visit.objects.visible_to(user).with_facts().coming(on))
                ],
                "No visit is planned at present.",
            ),
            Section(
                "Your school" if len(schools) == 1 else "Your schools", [t for s in schools for t in _school(s)], ""
            ),
            *what_the_school_gets(user),
            *([_invoices(user, on)] if any(school.is_academy for school in schools) or not schools else []),
        ]
    )


def _waiting(user: User) -> list[Task]:
    return [*_to_answer(user), *_to_read(user)]


def _to_answer(user: User) -> list[Task]:
    """Agreements that ask for this head’s consent, then days to confirm, then those disputed; all in one query."""
    asked = Agreement.objects.asking(user).order_by().annotate(kind=Value(AGREE, CharField()), amount=F("half_days"))
    days = Delivery.objects.visible_to(user).awaiting_confirmation().filter(champion__isnull=False).order_by()
    is_disputed = When(unresolved__isnull=False, then=Value(DISPUTED))
    kind = Case(is_disputed, default=Value(CONFIRM), output_field=CharField())
    logged = days.with_dispute().annotate(kind=kind, amount=F("half_days"))
    rows = asked.values_list("kind", "pk", "champion_name", "school_name", "starts_on", "amount").union(
        logged.values_list("kind", "pk", "champion__name", "school__name", "happens_on", "amount"), all=True
    )
    found = list(rows.order_by("kind", "starts_on", "pk")[: 2 * SHOWN])
    tasks = [_answer(*row) for row in found]
    if len([row for row in found if row[0] == CONFIRM]) > 1:
        several = Task("Confirm several days together", reverse("confirmation_list"), "Tick them in the list")
        tasks.insert(len([row for row in found if row[0] == AGREE]), several)
    return tasks


def _answer(kind: str, pk: int, champion: str, school: str, day: date, half_days: int) -> Task:
    amount = amount_text(half_days, DAYS)
    if kind == AGREE:
        url, hint = reverse("agreement_detail", args=[pk]), f"{amount}, from {date_format(day)}"
        return Task(f"{AGREE}: {champion} at {school}", url, hint, AGREE, "blue")
    if kind == DISPUTED:
        hint = f"{date_format(day)}. The council’s team looks into it"
        return Task(f"{amount} of {champion}", reverse("delivery_detail", args=[pk]), hint, DISPUTED, "orange")
    url = reverse("delivery_confirm", args=[pk])
    return Task(f"{CONFIRM} {amount} of {champion}", url, date_format(day), CONFIRM, "blue")


def _to_read(user: User) -> list[Task]:
    notes = Note.objects.visible_to(user).newest().unanswered().select_related("visit__delivery__service")
    return [
        Task(
            f"Read the note of the {note.visit.delivery.service}",
            note.visit.get_absolute_url(),
            date_format(note.visit.delivery.happens_on),
            "Read",
            "blue",
        )
        for note in first(notes)
    ]


def _school(school: School) -> list[Task]:
    return [
        Task(
            f"What {school} is entitled to",
            reverse("school_entitlement", args=[school.urn]),
            "Visits and days this year, what is left, and why",
        ),
        Task(f"Category and adviser of {school}", school.get_absolute_url(), "And what the category means"),
        _needs(school),
    ]


def _needs(school: Any) -> Task:
    """What the school has asked for and how it stands; asking, where there is nothing."""
    if not (school.needs_open or school.needs_matched):
        ask = reverse("school_need_new", args=[school.urn])
        return Task(f"Ask for a champion’s support at {school}", ask, "What you need, why, and when")
    found = [
        f"{number} {word}"
        for number, word in ((school.needs_open, "open"), (school.needs_matched, "matched"))
        if number
    ]
    return Task(f"Support that {school} has asked for", f"{reverse('need_list')}?school={school.urn}", ", ".join(found))


def _invoices(user: User, on: date) -> Section:
    unpaid: QuerySet[Invoice] = Invoice.objects.visible_to(user).unpaid().order_by("due_on")
    tasks = [
        Task(
            f"Invoice {invoice.number}, {pounds(invoice.balance)}",
            invoice.get_absolute_url(),
            f"Due {date_format(invoice.due_on)}",
            "Overdue" if invoice.due_on < on else "To pay",
            "orange" if invoice.due_on < on else "blue",
        )
        for invoice in first(unpaid)
    ]
    return Section("Invoices to pay", tasks, "No invoice is to be paid.", reverse("invoice_list"), "All invoices")


def champion(user: User, on: date) -> Home:
    """My deployments, each a press away from logging a day."""
    running = Deployment.objects.visible_to(user).running_on(on).with_half_days().select_related("school")
    tasks = [
        Task(
            f"Log a day at {deployment.school}",
            reverse("delivery_log", args=[deployment.pk]),
            f"{deployment.focus}: {_progress(deployment)}",
        )
        for deployment in first(running)
    ]
    if tasks:
        tasks.append(Task("Log the past week", reverse("week_log"), "Several days on one page"))
    all_of_them = reverse("deployment_list")
    reviews = reviews_to_write(user, on)
    return Home(
        [
            *([Section("Waiting for you", reviews, "")] if reviews else []),
            Section("Your deployments", tasks, "You are not deployed at present.", all_of_them, "All your deployments"),
            *champions_days(user, on),
            *_about(user),
        ]
    )


def _about(user: User) -> list[Section]:
    """The champion's own entry; nothing for somebody who is on no register yet."""
    code = Champion.objects.filter(user=user).values_list("code", flat=True).first()
    if code is None:
        return []
    pages = (
        (
            "Your entry in the register",
            "champion_detail",
            "How many days are free, and in which half terms you have some",
        ),
        ("Your calendar", "champion_calendar", "Month by month"),
    )
    return [Section("About you", [Task(label, reverse(name, args=[code]), hint) for label, name, hint in pages], "")]


def _progress(deployment: Deployment) -> str:
    delivered, agreed = days_text(deployment.half_days_delivered), days_text(deployment.half_days_agreed)
    return f"{delivered} of {agreed} days delivered"


def trust_finance(user: User, on: date) -> Home:
    """What the trust has to pay."""
    return Home([_invoices(user, on)])
