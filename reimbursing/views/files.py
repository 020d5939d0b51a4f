"""Files for the ledger and the bank: see what would stand in one, make it, download it again."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from reimbursing.actions.files import make_file, what_lacks
from reimbursing.forms import SeenForm
from reimbursing.handing_over import to_hand_over
from reimbursing.models import LedgerFile, Method
from sidebyside.accounts.access import requires
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.paging import page_of
from support.views.acting import done

STAFF = ("reimbursing.approve_statement", "reimbursing.read_bank_details")
TITLES = {Method.JOURNAL: "Make a file of journals?", Method.BANK: "Make a payment file?"}


@requires(*STAFF)
def ledger_file_list(request: HttpRequest) -> HttpResponse:
    """Every file that was made, and what waits for the next."""
    files = LedgerFile.objects.select_related("made_by").annotate(statements=Count("entries")).order_by("-id")
    context = {"title": "Journals and payments", "page": page_of(files, request), "noun": "file"}
    context |= {"back_url": reverse("statement_list"), "back_text": "Back to reimbursements"}
    context |= {"empty_text": "No file has been made yet."}
    return render(request, "reimbursing/file_list.html", context)


@requires("reimbursing.approve_statement")
def journals_new(request: HttpRequest) -> HttpResponse:
    """Decide on the next file of journals for maintained schools."""
    return _new(request, Method.JOURNAL)


@requires("reimbursing.approve_statement")
def payments_new(request: HttpRequest) -> HttpResponse:
    """Decide on the next payment file for academies."""
    return _new(request, Method.BANK)


def _new(request: HttpRequest, kind: Method) -> HttpResponse:
    form = SeenForm(request.POST) if request.method == "POST" else SeenForm()
    on = timezone.localdate()
    if form.is_valid() and done(form, lambda: make_file(kind, **form.cleaned_data, by=request.user, on=on)):
        return redirect("ledger_file_list")
    handover = to_hand_over(kind)
    context = {"title": TITLES[kind], "back_url": reverse("ledger_file_list"), "handover": handover, "form": form}
    context |= {"seen": SeenForm.showing(handover.digest), "lacks": what_lacks(kind, Council.current())}
    return render(request, "reimbursing/file_new.html", context)


@requires("reimbursing.read_bank_details")
def ledger_file_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was made, byte for byte. Who downloads it is in the trail: it holds bank accounts."""
    file = get_object_or_404(LedgerFile.objects.select_related("document"), pk=pk)
    content = file.document.read()
    record("ledger_file.downloaded", file, by=request.user)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.document.name}"'
    return response
