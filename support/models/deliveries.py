"""The spine: one row for each dated piece of support (design, section 2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When, Window

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from support.models.champions import Champion
from support.models.deployments import Deployment
from support.models.offers import Service
from support.models.types import ChampionType


def _unresolved() -> FilteredRelation:
    return FilteredRelation("disputes", condition=Q(disputes__resolved_on__isnull=True))


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """The deliveries …"""

    def visible_to(self, user: User) -> DeliveryQuerySet:
        """… that a person may see: council staff all, a champion one's own, a head those at the school (A1)."""
        if not user.may("support.view_deployment"):
            return self.none()
        if user.may("schools.view_all"):
            return self
        return self.filter(Q(champion__user=user) | Q(school__in=School.objects.visible_to(user)))

    def in_year(self, year: AcademicYear) -> DeliveryQuerySet:
        """… of one academic year, by their own date (S10)."""
        return self.filter(happens_on__range=(year.first_day, year.last_day))

    def counting(self) -> DeliveryQuerySet:
        """… that use an allowance: everything that is not cancelled."""
        return self.exclude(state=Delivery.State.CANCELLED)

    def delivered(self) -> DeliveryQuerySet:
        """… that have happened, confirmed or not."""
        return self.filter(state__in=[Delivery.State.DELIVERED, Delivery.State.CONFIRMED])

    def awaiting_confirmation(self) -> DeliveryQuerySet:
        """… that the supported head has still to confirm (M1)."""
        return self.filter(state=Delivery.State.DELIVERED)

    def with_dispute(self) -> DeliveryQuerySet:
        """… each with `dispute_open`: the number of the dispute that nobody has resolved, None without one."""
        return self.annotate(unresolved=_unresolved(), dispute_open=F("unresolved__pk"))

    def disputed(self) -> DeliveryQuerySet:
        """… about which a dispute is open."""
        return self.annotate(in_dispute=_unresolved()).filter(in_dispute__isnull=False)

    def undisputed(self) -> DeliveryQuerySet:
        """… about which no dispute is open."""
        return self.annotate(in_no_dispute=_unresolved()).filter(in_no_dispute__isnull=True)

    def for_the_broker(self) -> DeliveryQuerySet:
        """… that wait for an answer, those first that the broker decides on (`is_to_settle`): disputed, or the school
        was reminded and is silent (M1). Each says `in_all` how many wait.
        """
        for_them = Q(unresolved__isnull=False) | Q(reminder__isnull=False)
        return (
            self.annotate(
                unresolved=_unresolved(),
                dispute_open=F("unresolved__pk"),
                is_to_settle=Case(When(for_them, then=Value(True)), default=Value(False)),
                in_all=Window(Count("pk")),
            )
            .filter(state=Delivery.State.DELIVERED)
            .order_by("-is_to_settle", "happens_on", "pk")
        )

    def confirmed(self) -> DeliveryQuerySet:
        """… that can be charged (M1)."""
        return self.filter(state=Delivery.State.CONFIRMED)


class Delivery(models.Model):
    """A dated piece of support at one school. Its own date decides year, category, sector, rate and band (S10)."""

    dispute_open: int | None  # of `with_dispute()`
    is_to_settle: bool  # of `for_the_broker()`, as the next
    in_all: int

    class State(models.TextChoices):
        """planned → delivered → confirmed, or cancelled."""

        PLANNED = "planned", "Planned"
        DELIVERED = "delivered", "Delivered"
        CONFIRMED = "confirmed", "Confirmed"
        CANCELLED = "cancelled", "Cancelled"

    class Funding(models.TextChoices):
        """Who bears it: the offer, or the school which buys it (O13)."""

        OFFER = "offer", "From the offer"
        BOUGHT = "bought", "The school pays"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="deliveries")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="deliveries")
    happens_on = models.DateField("date")
    half_days = models.PositiveSmallIntegerField(
        default=0,
        help_text="Of the champion: the whole support where the service counts days, the attendance at a visit.",
    )
    units = models.PositiveSmallIntegerField(default=1, help_text="Visits or places that this row stands for.")
    state = models.CharField(max_length=10, choices=State.choices)
    funding = models.CharField(max_length=8, choices=Funding.choices, default=Funding.OFFER)
    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    champion_type = models.ForeignKey(
        ChampionType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        help_text="The champion’s type on the day.",
    )
    deployment = models.ForeignKey(
        Deployment, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    summary = models.TextField("what was done", blank=True)
    effect = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    agreed_price = models.PositiveIntegerField("agreed price in pence", null=True, blank=True)
    agreed_with = models.CharField(max_length=120, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True, help_text="The row’s name in the spreadsheet it came from.")
    logged_on = models.DateField(
        null=True, blank=True, help_text="When somebody said that it took place; empty for what came from elsewhere."
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_why = models.TextField("why the team confirmed it", blank=True)
    cancelled_why = models.TextField("why it was cancelled", blank=True)
    cancelled_on = models.DateField(null=True, blank=True, help_text="Its notice is counted from here.")
    override_why = models.TextField(
        blank=True, help_text="Why it stands although the champion has another day on that date."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-happens_on", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["happens_on", "state", "school", "service", "champion_type", "half_days", "units"],
                name="delivery_sums_of_a_year",
            ),
            models.Index(fields=["school", "-happens_on", "-id"], name="delivery_of_a_school"),
            models.Index(fields=["adviser", "-happens_on", "-id"], name="delivery_of_an_adviser"),
            models.Index(fields=["state", "happens_on"], name="delivery_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "delivered", "confirmed", "cancelled"]),
                name="delivery_state_is_known",
            ),
            models.CheckConstraint(condition=Q(funding__in=["offer", "bought"]), name="delivery_funding_is_known"),
            models.CheckConstraint(
                condition=Q(half_days__gte=0, half_days__lte=20),
                name="delivery_has_whole_half_days",
                violation_error_message="Enter half days: from none to ten days.",
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="delivery_stands_for_something"),
            models.CheckConstraint(
                condition=Q(champion__isnull=True, champion_type__isnull=True)
                | Q(champion__isnull=False, champion_type__isnull=False),
                name="delivery_keeps_its_champions_type",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_on__isnull=False), name="delivery_is_confirmed_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""),
                name="delivery_is_cancelled_for_a_reason",
                violation_error_message="Say why it is cancelled.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_price__isnull=True) | ~Q(agreed_with="") & Q(agreed_on__isnull=False),
                name="delivery_price_is_agreed_with_somebody",
                violation_error_message="Say with whom the price was agreed, and when.",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="delivery_reference_stands_once",
                violation_error_message="A delivery with this reference is there already.",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="delivery_is_made_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} at {self.school} on {self.happens_on:%-d %B %Y}"

    @property
    def days_of_notice(self) -> int | None:
        """How many days before its date it was cancelled; None where nobody knows, or it was said afterwards."""
        notice = (self.happens_on - self.cancelled_on).days if self.cancelled_on else -1
        return notice if notice >= 0 else None
