"""The offer as everybody may read it (O3): no sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.models import Category
from sidebyside.accounts.access import public, requires
from sidebyside.forms import Form
from sidebyside.years import AcademicYear
from support.actions.offers import begin_offer
from support.models import DayRate, Offer
from support.offer_words import tables_of
from support.views.acting import done


@public
def offer_list(request: HttpRequest) -> HttpResponse:
    """The years that have a published offer."""
    return render(
        request, "support/offer_list.html", {"title": "Our offer to schools", "offers": Offer.objects.published()}
    )


@requires("admin.use")
def offer_begin(request: HttpRequest) -> HttpResponse:
    """Begin with the offer that comes with the portal: a draft of this academic year (O2)."""
    today = timezone.localdate()
    year = AcademicYear.containing(today)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: begin_offer(year, by=request.user, on=today)):
        messages.success(request, f"The offer {year} is a draft: edit it, then publish it.")
        return redirect("admin:support_offer_changelist")
    consequences = [
        f"A draft of the offer {year} is made. Nobody but you and other administrators sees it.",
        "It has common services with numbers of visits and days. They are examples: change them to yours.",
        "No day rate and no charge band is made. You enter your own.",
        "Schools see it once you publish it.",
    ]
    context = {"form": form, "title": "Begin with the offer that comes with the portal?", "consequences": consequences}
    context |= {"button": "Make the draft", "cancel_url": reverse("home")}
    return render(request, "layouts/confirm.html", context)


@public
def offer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One year's offer, for both sectors, as it is printed; a page that says so when there is none."""
    offer = published(slug)
    if offer is None:
        context = {"title": "There is no offer of this year", "offers": Offer.objects.published()}
        return render(request, "support/offer_list.html", context, status=404)
    lines = offer.lines.select_related("service", "pool", "category").prefetch_related("pool__services")
    categories = list(Category.objects.all())
    context = {
        "title": f"Our offer to schools {offer.year}",
        "offer": offer,
        "categories": categories,
        "tables": tables_of(lines.order_by("position", "id"), categories),
        "rates": rates_of(offer.year),
    }
    return render(request, "support/offer_detail.html", context)


def published(slug: str) -> Offer | None:
    """The offer in force of the year that an address names; None for no year and for none published."""
    try:
        year = AcademicYear.parse(slug)
    except ValueError:
        return None
    return Offer.objects.published().for_year(year).first() if year.slug == slug else None


def rates_of(year: AcademicYear) -> list[DayRate]:
    """The day rates that hold on some day of the year: those that begin in it, and the one before each."""
    found: list[DayRate] = []
    settled: set[int] = set()
    for rate in DayRate.objects.filter(starts_on__lte=year.last_day).select_related("champion_type"):
        if rate.champion_type_id not in settled:
            found.append(rate)
        if rate.starts_on <= year.first_day:
            settled.add(rate.champion_type_id)
    return found
