"""One's own calendar address, and the calendar that stands under it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from sidebyside.accounts.access import public, requires
from sidebyside.calendars.actions import make_address, note_reading, revoke_address
from sidebyside.calendars.entries import calendar_of, fingerprint_of
from sidebyside.calendars.feeds import entries_of
from sidebyside.calendars.models import CalendarAddress
from sidebyside.forms import Form
from sidebyside.refusals import Refusal

NAME = "Side by Side"


@requires("calendars.subscribe")
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether a person has a calendar address, when it was last read, and how a calendar is added elsewhere."""
    address = CalendarAddress.objects.filter(user=request.user).first()
    return render(request, "calendars/calendar.html", {"title": "Your calendar", "address": address})


@requires("calendars.subscribe")
def calendar_new(request: HttpRequest) -> HttpResponse:
    """Make a calendar address, or put a new one in its place; the answer shows it whole, this once."""
    if request.method == "POST":
        token = make_address(by=request.user, at=timezone.now())
        url = f"{settings.SITE_URL}{reverse('calendar_feed', args=[token])}"
        context = {"title": "Your calendar address", "url": url, "open_url": f"webcal://{url.partition('://')[2]}"}
        return render(request, "calendars/calendar_address.html", context)
    there = CalendarAddress.objects.filter(user=request.user).exists()
    consequences = [
        "You see the address once. Copy it into your calendar then.",
        "Whoever has it can read your calendar without signing in: keep it to yourself.",
    ]
    if there:
        consequences.insert(0, "The address that you have now stops at once, in every calendar that uses it.")
    context = {
        "form": Form(),
        "title": "Replace your calendar address?" if there else "Make a calendar address?",
        "button": "Replace the address" if there else "Make the address",
        "consequences": consequences,
        "is_warning": there,
        "cancel_url": reverse("calendar"),
    }
    return render(request, "layouts/confirm.html", context)


@requires("calendars.subscribe")
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """The decision to have no calendar address any more."""
    address = get_object_or_404(CalendarAddress, user=request.user)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            revoke_address(address, by=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Your calendar address is revoked. Nobody can read your calendar with it.")
            return redirect("calendar")
    consequences = ["It stops at once, in every calendar that uses it.", "You can make a new one whenever you want."]
    context = {"form": form, "title": "Revoke your calendar address?", "consequences": consequences}
    context |= {"button": "Revoke the address", "is_warning": True, "cancel_url": reverse("calendar")}
    return render(request, "layouts/confirm.html", context)


@public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar under a private address, or that nothing is new since it was last read."""
    address = readable_address(token)
    entries = entries_of(address.user, on=timezone.localdate())
    address = note_reading(address, fingerprint_of(NAME, entries), at=timezone.now())
    response = HttpResponse(content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="side-by-side.ics"'
    response["ETag"] = quote_etag(address.fingerprint)
    changed = int(address.changed_at.timestamp()) if address.changed_at else None
    response["Last-Modified"] = http_date(changed)
    add_never_cache_headers(response)
    if not_modified := unless_new(request, response, changed):
        return not_modified
    response.content = calendar_of(NAME, entries)
    return response


def unless_new(request: HttpRequest, response: HttpResponse, changed: int | None) -> HttpResponse | None:
    """The short answer to whoever has this calendar already; None where it has to be written out."""
    answer = get_conditional_response(request, response["ETag"], changed, response)
    return None if answer is response else answer


def readable_address(token: str) -> CalendarAddress:
    """The address with this token. Raises Http404 alike for none, and for a person who may read no calendar now."""
    found = CalendarAddress.objects.filter(digest=CalendarAddress.digest_of(token)).select_related("user").first()
    if found is None or not found.user.may("calendars.subscribe"):
        raise Http404
    return found
