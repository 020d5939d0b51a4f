"""Payees: how each home school is paid. Bank details are for finance and auditors alone."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from reimbursing.actions.payees import set_payee
from reimbursing.forms import PayeeForm
from reimbursing.models import Payee
from reimbursing.models.payees import method_for
from schools.models import School
from schools.models.register import SchoolQuerySet
from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.paging import page_of
from support.models import Lending

STAFF = ("reimbursing.keep_payee", "reimbursing.read_bank_details", "admin.use")


def home_schools(user: User) -> SchoolQuerySet:
    """The schools that lend, or lent, a champion."""
    return School.objects.visible_to(user).filter(Exists(Lending.objects.filter(school=OuterRef("pk"))))


@requires(*STAFF)
def payee_list(request: HttpRequest) -> HttpResponse:
    """Every home school, and how it is paid, with the account masked."""
    schools = home_schools(request.user).select_related("payee").order_by("name", "urn")
    if request.GET.get("lacks"):
        schools = schools.filter(payee__isnull=True)
    page = page_of(schools, request)
    for school in page:
        payee = getattr(school, "payee", None)
        school.paid = payee if payee and payee.method == method_for(school) else None
    context = {"title": "How home schools are paid", "page": page, "noun": "home school"}
    context |= {"back_url": reverse("statement_list"), "back_text": "Back to reimbursements"}
    context |= {"empty_text": "No school lends a champion yet."}
    return render(request, "reimbursing/payee_list.html", context)


@requires(*STAFF)
def payee_detail(request: HttpRequest, urn: int) -> HttpResponse:
    """How one home school is paid; the account in full for those who pay and those who check."""
    payee = get_object_or_404(Payee.objects.visible_to(request.user).select_related("school"), school__urn=urn)
    context = {"title": str(payee), "caption": "How a home school is paid", "payee": payee}
    context |= {"back_url": reverse("payee_list"), "is_fitting": payee.method == method_for(payee.school)}
    return render(request, "reimbursing/payee_detail.html", context)


@requires("reimbursing.keep_payee")
def payee_edit(request: HttpRequest, urn: int) -> HttpResponse:
    """Say how a home school is paid."""
    school = get_object_or_404(home_schools(request.user), pk=urn)
    payee = Payee.objects.filter(school=school).first() or Payee(school=school)
    payee.method = method_for(school)
    form = PayeeForm(request.POST if request.method == "POST" else None, instance=payee, school=school)
    if form.is_valid():
        made = set_payee(school, by=request.user, **form.cleaned_data)
        messages.success(request, f"It is in the record how {school} is paid.")
        return redirect(made)
    context = {"form": form, "title": "How is this school paid?", "caption": str(school), "button": "Save"}
    context |= {"cancel_url": reverse("payee_list")}
    return render(request, "layouts/form.html", context)
