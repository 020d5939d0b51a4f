"""The offer as everybody may read it (O3): no sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schools.models import Category
from sidebyside.accounts.access import public
from sidebyside.years import AcademicYear
from support.models import DayRate, Offer
from support.offer_words import tables_of


@public
def offer_list(request: HttpRequest) -> HttpResponse:
    """The years that have a published offer."""
    return render(
        request, "support/offer_list.html", {"title": "Our offer to schools", "offers": Offer.objects.published()}
    )


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
