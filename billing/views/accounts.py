"""Accounts: who pays for which academy."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from billing.actions.accounts import change_account, open_account
from billing.filters import AccountFilter
from billing.forms import AccountForm, NewAccountForm, proposed_account
from billing.models import Account, Invoice, Payment
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of


@requires("billing.change_account", "billing.view_run")
def account_list(request: HttpRequest) -> HttpResponse:
    """Every account, and what is missing in it."""
    accounts = Account.objects.visible_to(request.user).select_related("school", "trust").prefetch_related("contacts")
    chosen = AccountFilter(request.GET, accounts)
    context = {"title": "Accounts", "filter": chosen, "page": page_of(chosen.qs, request), "noun": "account"}
    return render(request, "billing/account_list.html", context)


@requires("billing.view_invoice")
def account_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One account: address, terms, contacts and invoices."""
    accounts = Account.objects.visible_to(request.user).select_related("school", "trust")
    account = get_object_or_404(accounts, reference=reference)
    invoices = Invoice.objects.visible_to(request.user).filter(account=account).with_balance()
    context = {"title": account.name, "caption": f"Account {account.reference}", "account": account}
    context |= {"page": page_of(invoices.order_by("-issued_on", "-id"), request), "contacts": account.contacts.all()}
    unallocated = list(Payment.objects.filter(account=account).unallocated().select_related("taken_back"))
    context |= {"unallocated": unallocated, "surplus": sum(payment.left for payment in unallocated)}
    return render(request, "billing/account_detail.html", context)


@requires("billing.change_account")
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account for an academy or a trust."""
    initial = proposed_account(request.GET.get("payer", ""), request.user)
    form = NewAccountForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        account = open_account(fields.pop("payer"), by=request.user, **fields)
        messages.success(request, f"Account {account.reference} opened.")
        return redirect(account)
    context = {"form": form, "title": "Open an account", "button": "Open the account"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("account_list")})


@requires("billing.change_account")
def account_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change an account."""
    account = get_object_or_404(Account.objects.visible_to(request.user), reference=reference)
    form = AccountForm(request.POST if request.method == "POST" else None, instance=account)
    if form.is_valid():
        account.refresh_from_db()
        change_account(account, by=request.user, **form.cleaned_data)
        messages.success(request, f"Account {account.reference} changed.")
        return redirect(account)
    context = {"form": form, "title": "Change the account", "caption": account.name, "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": account.get_absolute_url()})
