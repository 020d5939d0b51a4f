"""Proposing a school's category, and the decisions on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from schools.actions import confirm_category, propose_category, withdraw_category
from schools.forms import CategoryForm, WithdrawForm
from schools.models import CategoryEntry, School
from schools.pages import school_page
from schools.risk import Move, move
from sidebyside.accounts.access import requires
from sidebyside.forms import Form
from sidebyside.refusals import Refusal

MOVES = {Move.FIRST: "begins", Move.RAISED: "raises", Move.LOWERED: "lowers", Move.KEPT: "keeps"}


@requires("schools.propose_category")
def category_propose(request: HttpRequest, urn: int) -> HttpResponse:
    """Put a category forward, with the reason and the evidence."""
    school, today = school_page(request, urn), timezone.localdate()
    if school.has_closed(today):
        messages.info(request, f"{school} has closed, so it gets no new category.")
        return redirect(school)
    form = CategoryForm(request.POST if request.method == "POST" else None, initial={"starts_on": today})
    if form.is_valid():
        try:
            propose_category(school, **form.cleaned_data, by=request.user, on=today)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "Category proposed. It counts once a team leader has confirmed it.")
            return redirect(school)
    context = {"school": school, "form": form, "title": "Propose a category", "caption": school.name}
    context |= {"button": "Propose the category", "cancel_url": school.get_absolute_url()}
    return render(request, "schools/category_propose.html", context)


@requires("schools.confirm_category")
def category_confirm(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    """The decision on a proposed category, on a page that shows what it changes."""
    school, today = school_page(request, urn), timezone.localdate()
    entry, form = entry_of(school, pk), Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            confirm_category(entry, by=request.user, on=today)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Category confirmed: {entry.category} from {date_format(entry.starts_on)}.")
            return redirect(school)
    former = school.category_entries.in_force_on(entry.starts_on).select_related("category").first()
    context = {
        "school": school,
        "entry": entry,
        "former": former,
        "verb": MOVES[move(former.category.rank if former else None, entry.category.rank)],
        "form": form,
        "title": f"Confirm {entry.category} for {school}?",
        "button": "Confirm the category",
        "cancel_url": school.get_absolute_url(),
    }
    return render(request, "schools/category_confirm.html", context)


@requires("schools.confirm_category")
def category_withdraw(request: HttpRequest, urn: int, pk: int) -> HttpResponse:
    """Take back a proposal, or a category that was confirmed in error."""
    school, today = school_page(request, urn), timezone.localdate()
    entry, form = entry_of(school, pk), WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_category(entry, **form.cleaned_data, by=request.user, on=today)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "Category withdrawn.")
            return redirect(school)
    context = {"school": school, "entry": entry, "form": form, "button": "Withdraw it", "is_warning": True}
    context |= {"title": f"Withdraw {entry.category} for {school}?", "cancel_url": school.get_absolute_url()}
    return render(request, "schools/category_withdraw.html", context)


def entry_of(school: School, pk: int) -> CategoryEntry:
    """An entry of this school, whatever its state: the action says what can be done with it."""
    entries = school.category_entries.select_related("school", "category", "proposed_by")
    return get_object_or_404(entries, pk=pk)
