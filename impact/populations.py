"""What is looked at: the deployments of some academic years, each piece of support once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, Q, Subquery

from schools.models import Category, CategoryEntry
from sidebyside.years import AcademicYear
from support.models import ChampionType, Deployment
from support.models.deployments import DeploymentQuerySet

State = Deployment.State


def begun_in(years: Collection[AcademicYear], *, on: date) -> DeploymentQuerySet:
    """Deployments that came about and began by a day, in one of these academic years."""
    in_years = Q(pk__in=())
    for year in years:
        in_years |= Q(starts_on__range=(year.first_day, year.last_day))
    return Deployment.objects.filter(in_years, state__in=[State.AGREED, State.ENDED], starts_on__lte=on)


def population(
    year: AcademicYear, *, champion_type: ChampionType | None, category: Category | None, on: date
) -> DeploymentQuerySet:
    """What a sample is drawn from. A deployment that was moved to a new URN is in it once, as the later one (S7).

    `category` is that of the school on the deployment's first day (S1).
    """
    found = begun_in([year], on=on).filter(successor__isnull=True)
    if champion_type:
        found = found.filter(champion_type=champion_type)
    if category:
        begun = CategoryEntry.objects.confirmed().filter(
            school=OuterRef("school"), starts_on__lte=OuterRef("starts_on")
        )
        latest = begun.order_by("-starts_on").values("category")[:1]
        found = found.annotate(category_then=Subquery(latest)).filter(category_then=category.pk)
    return found.order_by("pk")


def years_with_deployments(*, on: date) -> list[AcademicYear]:
    """The academic years from the first deployment to today, the latest first; one query."""
    now = AcademicYear.containing(on)
    first = Deployment.objects.order_by("starts_on").values_list(F("starts_on"), flat=True).first()
    start = min(AcademicYear.containing(first).start, now.start) if first else now.start
    return [AcademicYear(year) for year in range(now.start, start - 1, -1)]
