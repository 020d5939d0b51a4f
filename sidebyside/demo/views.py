"""The demonstration's outbox: the mail that a real portal would have sent."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from sidebyside.accounts.access import signed_in
from sidebyside.mail.models import Dispatch
from sidebyside.paging import page_of


@signed_in
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that this person may read, newest first. Outside the demonstration this page does not exist."""
    context = {"title": "Outbox of the demonstration", "page": page_of(_mails(request), request), "noun": "mail"}
    return render(request, "demo/outbox.html", context)


@signed_in
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its recipients read it."""
    mail = get_object_or_404(_mails(request), pk=pk)
    context = {"title": mail.subject, "mail": mail, "back_url": reverse("outbox"), "back_text": "Back to the outbox"}
    return render(request, "demo/outbox_mail.html", context)


def _mails(request: HttpRequest) -> QuerySet[Dispatch]:
    if not settings.DEMO:
        raise Http404
    mails = Dispatch.objects.visible_to(request.user).select_related("attachment")
    return mails.defer("attachment__content").order_by("-id")
