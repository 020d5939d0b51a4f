"""Approving statements: see what they would say, approve, watch them being written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing.forms import ApproveForm, PeriodForm
from billing.views.runs import LATE_AFTER, last_month
from reimbursing.actions.approving import approve_statements
from reimbursing.actions.repairs import NOT_WAITING, give_up_statement, retry_statement
from reimbursing.models import StatementItem, StatementRun
from reimbursing.periods import usual_periods
from reimbursing.proposing import propose
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from sidebyside.refusals import Refusal
from support.forms.deliveries import WhyForm
from support.views.acting import done

STAFF = ("reimbursing.approve_statement", "reimbursing.read_bank_details")
GIVING_UP = (
    "No statement is made of it. No number was used.",
    "What it would have paid is owed again: the next statements of those days hold it.",
    "What was approved, and your reason, stay in the record.",
)


class StatementPeriodForm(PeriodForm):
    """The days whose support is reimbursed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].help_text = "The first day of support, for example 1 9 2026"
        self.fields["last_day"].help_text = "The last day. Statements are cut at each 31 March by themselves."


@requires("reimbursing.approve_statement")
def statement_new(request: HttpRequest) -> HttpResponse:
    """Choose a period; see every line and everything held back, each with its reason; approve (M16)."""
    today = timezone.localdate()
    data = request.POST or request.GET
    asked = any(name.startswith(("first_day", "last_day")) for name in data)
    first_day, last_day = last_month(today)
    form = StatementPeriodForm(data if asked else None, initial={"first_day": first_day, "last_day": last_day})
    context = {"title": "New statements", "form": form, "periods": usual_periods(today)}
    context["back_url"] = reverse("statement_run_list")
    if not form.is_valid():
        return render(request, "reimbursing/statement_new.html", context)
    if request.method == "POST" and (response := _approve(request, form, today)):
        return response
    proposal = propose(form.period)
    context |= {"proposal": proposal, "approve": ApproveForm.showing(proposal.period, proposal.digest)}
    return render(request, "reimbursing/statement_new.html", context)


def _approve(request: HttpRequest, form: PeriodForm, today: date) -> HttpResponse | None:
    """The run's page when it was approved; None, and a sentence on the form, when it was refused."""
    seen = ApproveForm(request.POST)
    if not seen.is_valid():
        form.add_error(None, "Look at the lines before you approve them.")
        return None
    try:
        return redirect(approve_statements(form.period, **seen.cleaned_data, by=request.user, on=today))
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return None


@requires(*STAFF)
def statement_run_list(request: HttpRequest) -> HttpResponse:
    """Every approval, with how far it has come."""
    done_, parked = Count("items", filter=Q(items__state="done")), Count("items", filter=Q(items__state="parked"))
    runs = StatementRun.objects.select_related("approved_by").annotate(all=Count("items"), done=done_, parked=parked)
    context = {"title": "Approved statements", "page": page_of(runs.order_by("-id"), request), "noun": "approval"}
    context |= {"back_url": reverse("statement_list"), "back_text": "Back to reimbursements"}
    context |= {"empty_text": "Nothing has been approved yet."}
    return render(request, "reimbursing/run_list.html", context)


@requires(*STAFF)
def statement_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an approval has come: its statements, what waits and what is parked; what needs a person comes first."""
    run = get_object_or_404(StatementRun.objects.select_related("approved_by"), pk=pk)
    items = run.items.select_related("school", "statement").defer("statement__council", "statement__recipient")
    context = {"title": str(run), "back_url": reverse("statement_run_list"), "run": run, **_progress(run)}
    context["page"] = page_of(items.order_by("-state", "id"), request)
    return render(request, "reimbursing/run_detail.html", context)


def _progress(run: StatementRun) -> dict[str, Any]:
    """Counts by state, the total that was written, and whether nothing has moved for long although items wait."""
    state = StatementItem.State
    counts = run.items.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=state.DONE)),
        parked=Count("pk", filter=Q(state=state.PARKED)),
        waiting=Count("pk", filter=Q(state=state.DUE)),
        given_up=Count("pk", filter=Q(state=state.GIVEN_UP)),
        total=Sum("statement__total", default=0),
        moved_at=Max("attempted_at"),
    )
    moved_at = max(run.approved_at, counts["moved_at"] or run.approved_at)
    return counts | {"is_late": bool(counts["waiting"]) and timezone.now() - moved_at > LATE_AFTER}


@require_POST
@requires("reimbursing.approve_statement")
def statement_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again to write what is parked."""
    item = get_object_or_404(StatementItem.objects.select_related("run"), pk=pk)
    try:
        retry_statement(item, by=request.user)
    except Refusal as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, "The portal tries again to write this statement.")
    return redirect(_way_back(request, item))


@requires("reimbursing.approve_statement")
def statement_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what is parked, for a reason: it is owed again."""
    item = get_object_or_404(StatementItem.objects.select_related("school", "run"), pk=pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if item.state != StatementItem.State.PARKED:
        messages.info(request, NOT_WAITING)
        return redirect(_way_back(request, item))
    if form.is_valid() and done(form, lambda: give_up_statement(item, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is given up. What it would have paid is owed again.")
        return redirect(_way_back(request, item))
    context = {"form": form, "title": "Give up this statement?", "caption": str(item), "button": "Give it up"}
    context |= {"consequences": GIVING_UP, "is_warning": True, "cancel_url": _way_back(request, item)}
    return render(request, "layouts/confirm.html", context)


def _way_back(request: HttpRequest, item: StatementItem) -> str:
    """Where somebody came from to decide about an item: needs attention, or its run."""
    return reverse("attention") if request.GET.get("next") == "attention" else item.run.get_absolute_url()
