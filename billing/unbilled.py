"""Which support no invoice has taken yet, charge by charge: what an invoice run looks at (M12, M13)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, Subquery

from billing.models import RunLine
from schools.sectors import ACADEMY_TYPES
from sidebyside.council.models import Council
from sidebyside.years import Period
from support.models import Delivery
from support.models.deliveries import DeliveryQuerySet

PRICED_WITH = ("school__account", "service__champion_type", "champion", "champion_type__service")


def is_unbilled() -> Q:
    """The condition on a delivery that a charge of it is free.

    No run took it, or what took it was given up or credited to the end, and no other run has taken that charge since.
    """
    standing = RunLine.objects.standing()
    retaken = Exists(standing.filter(source_key=OuterRef("source_key")))
    free_again = RunLine.objects.freed().filter(~Q(retaken), delivery=OuterRef("pk"))
    return ~Q(_is_taken()) | Q(Exists(free_again))


def _is_taken() -> Exists:
    """Whether a charge of a delivery is billed, or about to be."""
    return Exists(RunLine.objects.standing().filter(delivery=OuterRef("pk")))


def unbilled(period: Period) -> DeliveryQuerySet:
    """Delivered support at academies that no run has taken, by school and date; each with the council's terms."""
    rows = (
        Delivery.objects.delivered()
        .filter(
            happens_on__range=(period.first_day, period.last_day),
            school__type_code__in=ACADEMY_TYPES,
        )
        .filter(is_unbilled())
    )
    terms = Subquery(Council.objects.values("terms_days")[:1])
    return (
        rows.annotate(council_terms=terms, is_partly_billed=_is_taken())
        .with_dispute()
        .select_related(*PRICED_WITH)
        .order_by("school__name", "school", "happens_on", "id")
    )


def billed_of(deliveries: Collection[Delivery]) -> frozenset[str]:
    """The charges of these unbilled deliveries that stand on an invoice all the same; asks where there are any."""
    partly = [delivery.pk for delivery in deliveries if delivery.is_partly_billed]  # type: ignore[attr-defined]
    if not partly:
        return frozenset()
    return frozenset(RunLine.objects.standing().filter(delivery__in=partly).values_list("source_key", flat=True))
