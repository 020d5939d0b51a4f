"""Invoice runs: see what would be issued, approve it, watch it being issued."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing.actions.repairs import NOT_GIVEN_UP, give_up_item, retry_item
from billing.actions.runs import approve_run
from billing.forms import ApproveForm, PeriodForm
from billing.models import InvoiceRun, RunItem
from billing.proposing import Proposal, propose
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.forms.deliveries import WhyForm
from support.views.acting import done

LATE_AFTER = timedelta(minutes=2)
GIVING_UP = (
    "No invoice is made of it. No number was used.",
    "The support on it is free again: the next invoice run of those days proposes it, with the account as it is then.",
    "What was approved, and your reason, stay in the record.",
)


@requires("billing.view_run")
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run, with how far it has come."""
    done, parked = Count("items", filter=Q(items__state="done")), Count("items", filter=Q(items__state="parked"))
    runs = InvoiceRun.objects.select_related("approved_by").annotate(all=Count("items"), done=done, parked=parked)
    context = {"title": "Invoice runs", "page": page_of(runs.order_by("-id"), request), "noun": "run"}
    context |= {"back_url": reverse("invoice_list"), "empty_text": "Nothing has been invoiced yet."}
    return render(request, "billing/run_list.html", context)


@requires("billing.issue_invoice")
def run_new(request: HttpRequest) -> HttpResponse:
    """Choose a period; see every line and everything held back, each with its reason; approve (M13)."""
    today = timezone.localdate()
    data = request.POST or request.GET
    asked = any(name.startswith(("first_day", "last_day")) for name in data)
    first_day, last_day = last_month(today)
    form = PeriodForm(data if asked else None, initial={"first_day": first_day, "last_day": last_day})
    context = {"title": "New invoice run", "form": form, "periods": usual_periods(today)}
    context["back_url"] = reverse("run_list")
    if not form.is_valid():
        return render(request, "billing/run_new.html", context)
    if request.method == "POST" and (response := _approve(request, form, today)):
        return response
    return render(request, "billing/run_new.html", context | _preview(propose(form.period)))


def _preview(proposal: Proposal) -> dict[str, object]:
    return {"proposal": proposal, "approve": ApproveForm.showing(proposal.period, proposal.digest)}


def _approve(request: HttpRequest, form: PeriodForm, today: date) -> HttpResponse | None:
    """The run's page when it was approved; None, and a sentence on the form, when it was refused."""
    seen = ApproveForm(request.POST)
    if not seen.is_valid():
        form.add_error(None, "Look at the lines before you approve them.")
        return None
    try:
        run = approve_run(form.period, **seen.cleaned_data, by=request.user, on=today)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None
    return redirect(run)


def last_month(today: date) -> tuple[date, date]:
    """The first and last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def usual_periods(today: date) -> list[tuple[str, date, date]]:
    """Periods to choose with one press."""
    year = AcademicYear.containing(today)
    return [
        ("Last month", *last_month(today)),
        ("This month so far", today.replace(day=1), today),
        (f"Academic year {year} so far", year.first_day, today),
        (f"Academic year {year.previous}", year.previous.first_day, year.previous.last_day),
    ]


@requires("billing.view_run")
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run has come: its invoices, what waits and what is parked; what needs a person comes first."""
    run = get_object_or_404(InvoiceRun.objects.select_related("approved_by"), pk=pk)
    items = run.items.select_related("account", "invoice").defer("invoice__supplier")
    progress = progress_of(run, at=timezone.now())
    context = {
        "title": str(run),
        "back_url": reverse("run_list"),
        "run": run,
        "page": page_of(items.order_by("-state", "id"), request),
        **progress,
    }
    return render(request, "billing/run_detail.html", context)


def progress_of(run: InvoiceRun, *, at: datetime) -> dict[str, Any]:
    """Counts by state, the gross that was issued, and whether nothing has moved for long although items wait."""
    state = RunItem.State
    counts = run.items.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=state.DONE)),
        parked=Count("pk", filter=Q(state=state.PARKED)),
        waiting=Count("pk", filter=Q(state=state.DUE)),
        given_up=Count("pk", filter=Q(state=state.GIVEN_UP)),
        gross=Sum("invoice__gross", default=0),
        moved_at=Max("attempted_at"),
    )
    moved_at = max(run.approved_at, counts["moved_at"] or run.approved_at)
    return counts | {"is_late": bool(counts["waiting"]) and at - moved_at > LATE_AFTER}


@require_POST
@requires("billing.issue_invoice")
def item_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again to issue what is parked."""
    item = get_object_or_404(RunItem.objects.select_related("run"), pk=pk)
    try:
        retry_item(item, by=request.user)
    except Refusal as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, "The portal tries again to issue this invoice.")
    return redirect(_way_back(request, item))


@requires("billing.issue_invoice")
def item_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what is parked, for a reason: the next run proposes its support again."""
    item = get_object_or_404(RunItem.objects.select_related("account", "run"), pk=pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if item.state != RunItem.State.PARKED:
        messages.info(request, NOT_GIVEN_UP)
        return redirect(_way_back(request, item))
    if form.is_valid() and done(form, lambda: give_up_item(item, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is given up. The next run of its period proposes its support again.")
        return redirect(_way_back(request, item))
    context = {"form": form, "title": "Give up this invoice?", "caption": str(item), "button": "Give it up"}
    context |= {"consequences": GIVING_UP, "is_warning": True, "cancel_url": _way_back(request, item)}
    return render(request, "layouts/confirm.html", context)


def _way_back(request: HttpRequest, item: RunItem) -> str:
    """Where somebody came from to decide about an item: needs attention, or its run."""
    return reverse("attention") if request.GET.get("next") == "attention" else item.run.get_absolute_url()
