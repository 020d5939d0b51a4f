"""The offer of an academic year, as data that an administrator edits (O1, O2)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from schools.models import Category
from schools.sectors import Sector
from sidebyside.guards.freezing import Freeze
from sidebyside.guards.models import Freezing
from sidebyside.years import AcademicYear
from support.models.freezing import OFFER_OF_POOL, freeze_of_offer, freeze_of_part

code_validator = RegexValidator(r"^[A-Z][A-Z0-9/&-]*$", "A code is capitals and digits, such as HLV.")


class Service(models.Model):
    """A kind of support, the same in every year's offer. Its unit says what its deliveries count."""

    class Unit(models.TextChoices):
        """Days are counted in half days; a visit or a place counts one."""

        DAYS = "days", "Days, in half days"
        VISITS = "visits", "Visits"
        PLACES = "places", "Places"

    code = models.CharField(
        max_length=12, unique=True, validators=[code_validator], help_text="Stands in spreadsheets, such as HLV."
    )
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    description = models.TextField(blank=True, help_text="What it is, in plain words: heads read this.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")
    is_visit = models.BooleanField(
        "is a Headline Visit",
        default=False,
        help_text="An adviser plans and logs it as a visit; offer lines say how it uses a day pool.",
    )
    is_for_new_heads = models.BooleanField(
        "is for new heads", default=False, help_text="One for each headteacher appointment that is new."
    )

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=["days", "visits", "places"]), name="service_unit_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class OfferQuerySet(models.QuerySet["Offer"]):
    """The offers …"""

    def published(self) -> OfferQuerySet:
        """… that are in force: one a year at most (O1)."""
        return self.filter(state=Offer.State.PUBLISHED)

    def for_year(self, year: AcademicYear) -> OfferQuerySet:
        """… of one academic year."""
        return self.filter(year_start=year.start)


class Offer(Freezing):
    """The support published for one academic year. Published, it is frozen; a correction is a new version (O1)."""

    class State(models.TextChoices):
        """draft → published → replaced by a later version."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        REPLACED = "replaced", "Replaced"

    year_start = models.PositiveSmallIntegerField("academic year begins in", help_text="2022 for 2022/23.")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    introduction = models.TextField(blank=True, help_text="Stands at the top of the offer’s public page.")
    reason = models.TextField(blank=True, help_text="Why this version replaces the one before it.")
    published_on = models.DateField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    history = HistoricalRecords()

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-year_start", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year_start", "version"],
                name="offer_version_stands_once",
                violation_error_message="There is an offer of this year with this version already.",
            ),
            models.UniqueConstraint(
                fields=["year_start"],
                condition=Q(state="published"),
                name="one_offer_is_published_for_a_year",
                violation_error_message="This year has a published offer already. Publish a new version of it instead.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "replaced"]), name="offer_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_on__isnull=False), name="offer_is_published_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.year}, version {self.version}"

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once it is published (O1)."""
        return [freeze_of_offer(cls._meta.db_table, cls._meta.local_concrete_fields)]

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("offer_detail", args=[self.year.slug])

    @property
    def year(self) -> AcademicYear:
        """The academic year that it is for."""
        return AcademicYear(self.year_start)

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer be edited (O1)."""
        return self.state != self.State.DRAFT


class Pool(Freezing):
    """Services of one offer that share one allowance, such as SSPC and ABLE (O5)."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="pools")
    code = models.CharField(max_length=24, validators=[code_validator], help_text="Such as SSPC/ABLE.")
    name = models.CharField(max_length=80)
    services = models.ManyToManyField(Service, related_name="pools")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["offer", "code"], name="pool_code_stands_once_in_an_offer")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """With its services, once its offer is published (O1)."""
        joins = cls.services.through._meta.db_table
        return [freeze_of_part(cls._meta.db_table), freeze_of_part(joins, OFFER_OF_POOL)]


class OfferLine(Freezing):
    """What one sector and category gets of one service or pool, and what it costs."""

    class Basis(models.TextChoices):
        """How the allowance is found."""

        NUMBER = "number", "A number"
        NOT_LIMITED = "not limited", "Not limited: a programme with no number"
        NONE = "none", "None"
        PER_APPOINTMENT = "per appointment", "One for each new headteacher’s appointment"

    class HlvUse(models.TextChoices):
        """How Headline Visits use this line's days (O7)."""

        NEVER = "never", "Never"
        CHAMPION_ATTENDS = "champion attends", "When a champion attends, that champion’s half days"
        EVERY_HLV = "every HLV", "Every Headline Visit, a fixed number of half days"

    class Charge(models.TextChoices):
        """What a delivery costs the school (M2, M3, M6)."""

        UNSET = "unset", "Not decided: held back from invoices"
        FREE = "free", "Free"
        DAY_RATE = "day rate", "Day rate of the champion’s type, by the charge band of the day"
        FIXED = "fixed price", "Fixed price for each visit, place or day"
        AGREED = "agreed price", "A price agreed with the school each time"

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="lines")
    sector = models.CharField(max_length=12, choices=[(sector.value, sector.value.title()) for sector in Sector])
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty for every category.",
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="offer_lines")
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, null=True, blank=True, related_name="lines")
    basis = models.CharField(max_length=16, choices=Basis.choices, default=Basis.NUMBER)
    allowance = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Half days where the service counts days: 18 for 9 days. Otherwise visits or places.",
    )
    hlv_use = models.CharField("use by Headline Visits", max_length=20, choices=HlvUse.choices, default=HlvUse.NEVER)
    hlv_half_days = models.PositiveSmallIntegerField("half days for each Headline Visit", default=1)
    charge = models.CharField(max_length=14, choices=Charge.choices, default=Charge.FREE)
    fixed_price = models.PositiveIntegerField("fixed price in pence", null=True, blank=True)
    late_start_after = models.DateField(
        null=True,
        blank=True,
        help_text="An appointment that starts after this day may be used into the next year.",
    )
    late_use_until = models.DateField(null=True, blank=True, help_text="The last day of that use.")
    note = models.TextField(blank=True, help_text="Stands beside the line on the public page.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sector", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, pool__isnull=True) | Q(service__isnull=True, pool__isnull=False),
                name="offer_line_is_of_a_service_or_a_pool",
                violation_error_message="Choose a service or a pool, not both.",
            ),
            models.CheckConstraint(
                condition=Q(basis="number", allowance__isnull=False) | ~Q(basis="number") & Q(allowance__isnull=True),
                name="offer_line_has_an_allowance_when_it_is_a_number",
                violation_error_message=(
                    "Enter the allowance when the line gives a number, and leave it empty otherwise."
                ),
            ),
            models.CheckConstraint(
                condition=Q(charge="fixed price", fixed_price__isnull=False)
                | ~Q(charge="fixed price") & Q(fixed_price__isnull=True),
                name="offer_line_has_a_price_when_it_is_fixed",
                violation_error_message="Enter the fixed price when the charge is one, and leave it empty otherwise.",
            ),
            models.CheckConstraint(
                condition=Q(sector__in=["maintained", "academy"]), name="offer_line_sector_is_known"
            ),
            models.CheckConstraint(
                condition=Q(late_start_after__isnull=True, late_use_until__isnull=True)
                | Q(late_use_until__gt=F("late_start_after")),
                name="offer_line_late_use_ends_after_it_begins",
                violation_error_message="Late use needs both days, and must end after it begins.",
            ),
            models.UniqueConstraint(
                # Two lines without a category are the same line too, which SQLite does not say by itself.
                "offer",
                "sector",
                *(Coalesce(part, 0, output_field=models.BigIntegerField()) for part in ("category", "service", "pool")),
                name="offer_line_stands_once",
                violation_error_message="This sector and category has a line for this service already.",
            ),
        ]

    @property
    def target(self) -> Pool | Service:
        """What the line is of: a service, or a pool of them; a constraint says that it is one."""
        return cast("Pool | Service", self.pool or self.service)

    def covered(self) -> list[Service]:
        """The services that draw on the line."""
        return list(self.pool.services.all()) if self.pool else [cast(Service, self.service)]

    def __str__(self) -> str:
        return f"{self.pool or self.service}, {self.sector}, {self.category or 'every category'}"

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once its offer is published (O1)."""
        return [freeze_of_part(cls._meta.db_table)]
