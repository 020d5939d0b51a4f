"""Schools, trusts and links, as the national register (GIAS) has them and the team has corrected them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from schools.models.columns import adviser_columns, category_columns, head_columns, trust_columns
from schools.models.scope import schools_of
from schools.names import readable
from schools.sectors import ACADEMY_TYPES, MAINTAINED_TYPES, Sector, sector_of
from sidebyside.accounts.models import User


class SchoolQuerySet(models.QuerySet["School"]):
    """The schools …"""

    def visible_to(self, user: User) -> SchoolQuerySet:
        """… that this person may know of (A1)."""
        return schools_of(self, user)

    def in_sector(self, sector: str) -> SchoolQuerySet:
        """… of one sector (S6)."""
        return self.filter(type_code__in=ACADEMY_TYPES if sector == Sector.ACADEMY else MAINTAINED_TYPES)

    def state_funded(self) -> SchoolQuerySet:
        """… that the offer is for: maintained schools and academies (S6)."""
        return self.filter(type_code__in=MAINTAINED_TYPES | ACADEMY_TYPES)

    def of_authority(self, code: str) -> SchoolQuerySet:
        """… of one local authority."""
        return self.filter(authority_code=code)

    def open_on(self, day: date) -> SchoolQuerySet:
        """… that are open on a day: opened by then, not closed before it."""
        return self.open_between(day, day)

    def open_between(self, first: date, last: date) -> SchoolQuerySet:
        """… that are open on some day from `first` to `last`."""
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=last),
            Q(closed_on__gte=first) | Q(closed_on__isnull=True) & ~Q(status=School.Status.CLOSED),
        ).exclude(status=School.Status.PROPOSED, opened_on__isnull=True)

    def closed_before(self, day: date) -> SchoolQuerySet:
        """… that have closed before a day."""
        return self.filter(Q(closed_on__lt=day) | Q(closed_on__isnull=True, status=School.Status.CLOSED))

    def still_to_open(self, day: date) -> SchoolQuerySet:
        """… that open after a day, or are proposed without one."""
        return self.filter(Q(opened_on__gt=day) | Q(opened_on__isnull=True, status=School.Status.PROPOSED))

    def with_category(self, on: date) -> SchoolQuerySet:
        """… each with the category in force on a day: `category_name`, `_colour`, `_rank`, `_since` (S1)."""
        return self.annotate(**category_columns(on))

    def with_adviser(self, on: date) -> SchoolQuerySet:
        """… each with its adviser on a day: `adviser_id`, `adviser_name`."""
        return self.annotate(**adviser_columns(on))

    def with_trust(self, on: date) -> SchoolQuerySet:
        """… each with its trust on a day: `trust_uid`, `trust_name` (S8)."""
        return self.annotate(**trust_columns(on))

    def with_head(self, on: date) -> SchoolQuerySet:
        """… each with its headteacher on a day: `head_name`, `head_kind`, `head_since`."""
        return self.annotate(**head_columns(on))

    def in_list(self, on: date) -> SchoolQuerySet:
        """… each with what a list shows of it on a day: category, adviser, trust."""
        return self.with_category(on).with_adviser(on).with_trust(on)


class School(models.Model):
    """One establishment of the register, keyed by its six-digit URN; a conversion makes another one (S7)."""

    adviser_id: int | None  # of `with_adviser()`

    class Status(models.TextChoices):
        """The register's own four."""

        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        CLOSING = "closing", "Open, but proposed to close"
        PROPOSED = "proposed", "Proposed to open"

    urn = models.PositiveIntegerField("URN", primary_key=True)
    name = models.CharField(max_length=160)
    authority_code = models.CharField(max_length=3)
    establishment_number = models.CharField(max_length=4, blank=True)
    type_code = models.CharField(max_length=2)
    type_name = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="The last day on which it is open.")
    phase = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=160, blank=True)
    locality = models.CharField(max_length=160, blank=True)
    town = models.CharField(max_length=80, blank=True)
    county = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    website = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    federation = models.CharField(max_length=160, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "urn"]
        indexes = [
            models.Index(fields=["authority_code", "name", "urn"], name="school_list"),
            models.Index(fields=["type_code"], name="school_by_type"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(urn__gte=100000, urn__lte=999999),
                name="school_urn_has_six_digits",
                violation_error_message="A URN has six digits.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "closed", "closing", "proposed"]), name="school_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="school_closes_after_it_opens",
                violation_error_message="The school closes before it opens.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The school's page."""
        return reverse("school_detail", args=[self.urn])

    @property
    def sector(self) -> Sector | None:
        """Maintained or academy, from the type code; None is outside the offer (S6)."""
        return sector_of(self.type_code)

    @property
    def is_academy(self) -> bool:
        """Whether it is an academy or free school (S6)."""
        return self.sector == Sector.ACADEMY

    @property
    def web_address(self) -> str:
        """The website, empty unless it is one that a link may lead to."""
        return self.website if self.website.lower().startswith(("http://", "https://")) else ""

    @property
    def address_lines(self) -> list[str]:
        """The postal address, a line each."""
        lines = (self.street, self.locality, self.town, self.county, self.postcode)
        return [line for line in lines if line]

    def is_open_on(self, day: date) -> bool:
        """Whether it is open on the day; its closing date is its last day."""
        if (self.opened_on and day < self.opened_on) or (self.status == self.Status.PROPOSED and not self.opened_on):
            return False
        return day <= self.closed_on if self.closed_on else self.status != self.Status.CLOSED

    def has_closed(self, on: date) -> bool:
        """Whether its last day is past: no category follows any more."""
        return self.closed_on < on if self.closed_on else self.status == self.Status.CLOSED


class Trust(models.Model):
    """An academy trust, keyed by the register's group UID."""

    uid = models.PositiveIntegerField("UID", primary_key=True)
    group_id = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=160)
    companies_house_number = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    is_open = models.BooleanField(default=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "uid"]

    def __str__(self) -> str:
        return readable(self.name)


class TrustMembershipQuerySet(models.QuerySet["TrustMembership"]):
    """The memberships …"""

    def held_on(self, day: date) -> TrustMembershipQuerySet:
        """… that hold on a day."""
        begun = Q(joined_on__isnull=True) | Q(joined_on__lte=day)
        return self.filter(begun, Q(left_on__isnull=True) | Q(left_on__gte=day))


class TrustMembership(models.Model):
    """That an academy belongs to a trust, from a day to a day (S8)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="trust_memberships")
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="memberships")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True, help_text="The last day in the trust.")

    objects = TrustMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["school", "joined_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(left_on__isnull=True),
                name="school_is_in_one_trust_at_a_time",
                violation_error_message="This school is in a trust already. End that membership first.",
            ),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=True) | Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="trust_membership_ends_after_it_begins",
                violation_error_message="The membership ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} in {self.trust}"


class SchoolLink(models.Model):
    """A predecessor or successor in the register. Plain URNs: either may be unknown here (S7)."""

    class Kind(models.TextChoices):
        """Which way the link points."""

        PREDECESSOR = "predecessor", "Predecessor"
        SUCCESSOR = "successor", "Successor"

    urn = models.PositiveIntegerField("URN", db_index=True)
    linked_urn = models.PositiveIntegerField("linked URN", db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    detail = models.CharField("as the register has it", max_length=60, blank=True)
    established_on = models.DateField(
        null=True, blank=True, help_text="Not the day of a conversion: use the schools’ dates."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["urn", "linked_urn", "kind"], name="school_link_stands_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["predecessor", "successor"]), name="school_link_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urn} {self.kind} {self.linked_urn}"


class Correction(models.Model):
    """A field of a school that the team has corrected by hand: imports leave it alone (S9)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "field"], name="field_is_corrected_once")]

    def __str__(self) -> str:
        return f"{self.school}: {self.field}"


class RegisterImport(models.Model):
    """One run of the register's import: what it did, and which rows it could not take."""

    run_at = models.DateTimeField(auto_now_add=True)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    files = models.JSONField(default=list)
    summary = models.JSONField(default=dict, help_text="How many schools, trusts and links were made, changed, closed.")
    bad_rows = models.JSONField(default=list, help_text="Each with its file, line, column and reason.")

    class Meta:
        ordering = ["-run_at"]

    def __str__(self) -> str:
        return f"Register import of {self.run_at:%-d %B %Y}"
