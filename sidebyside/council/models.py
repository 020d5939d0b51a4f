"""The council that runs this portal: one row, everything that differs between councils."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from sidebyside.council.vat_numbers import is_vat_number
from sidebyside.years import AcademicYear

PREFIX = re.compile(r"[A-Z]{1,6}")
NOT_A_PREFIX = "Enter one to six capital letters."


def check_vat_number(text: str) -> None:
    """Refuse what cannot be a VAT number: a wrong one makes every invoice invalid (M9)."""
    if not is_vat_number(text):
        raise ValidationError("This is not a VAT number: check its digits. Enter one such as GB999999973.")


class Council(models.Model):
    """The council: its name, how to reach it, how to pay it, and what its invoices must say (M9)."""

    name = models.CharField(max_length=120, help_text="As it stands at the top of each page and invoice.")
    authority_code = models.CharField(
        max_length=3,
        validators=[RegexValidator(r"^\d{3}$", "Enter the three digits of the authority’s code.")],
        help_text="Three digits, as in the national register of schools.",
    )
    team_name = models.CharField(max_length=120, default="School improvement team")
    address = models.TextField(help_text="One line each.")
    email = models.EmailField(help_text="Where schools write to.")
    finance_email = models.EmailField(help_text="Where questions about invoices go.")
    telephone = models.CharField(max_length=30, blank=True)
    vat_number = models.CharField("VAT number", max_length=20, blank=True, validators=[check_vat_number])
    bank_name = models.CharField(max_length=60, blank=True)
    bank_account_name = models.CharField(max_length=60, blank=True)
    sort_code = models.CharField(
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{2}-\d{2}-\d{2}$", "Enter a sort code such as 20-00-00.")],
    )
    account_number = models.CharField(
        max_length=8, blank=True, validators=[RegexValidator(r"^\d{8}$", "Enter the eight digits of the account.")]
    )
    terms_days = models.PositiveSmallIntegerField(
        "payment terms in days",
        validators=[MinValueValidator(1)],
        help_text="For accounts that have no terms of their own.",
    )
    invoice_prefix = models.CharField(max_length=6, help_text="Begins each invoice’s number.")
    credit_note_prefix = models.CharField(max_length=6, help_text="Begins each credit note’s number.")
    reimbursement_prefix = models.CharField(
        max_length=6, default="SBR", help_text="Begins the number of each statement to a home school."
    )
    reimbursement_cost_centre = models.CharField(
        "cost centre for reimbursements",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9./-]*$", "Enter letters and digits, such as E1200.")],
        help_text="In the council’s ledger: what maintained home schools get comes from here.",
    )
    silent_after_days = models.PositiveSmallIntegerField(
        "working days to confirm",
        default=10,
        validators=[MinValueValidator(1)],
        help_text="A school that is silent so long is reminded; from then on the broker may confirm, with a reason.",
    )
    consent_link_days = models.PositiveSmallIntegerField(
        "days that a link to agree is good for",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="The link in the mail that asks a headteacher to agree to a deployment.",
    )
    warn_at_percent = models.PositiveSmallIntegerField(
        "warn at this share used, in per cent",
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="From here on an agreement or a pool is shown as running out.",
    )
    warn_days_before_end = models.PositiveSmallIntegerField(
        "warn so many days before the end",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="Of a deployment that has days left.",
    )
    warn_after_idle_weeks = models.PositiveSmallIntegerField(
        "warn after so many weeks without a day",
        default=6,
        validators=[MinValueValidator(1)],
        help_text="Of a deployment for which nothing was delivered or is booked.",
    )
    midpoint_from_weeks = models.PositiveSmallIntegerField(
        "weeks from which a deployment has a mid-point review",
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text="A shorter one is reviewed at its end alone.",
    )
    midpoint_review_days = models.PositiveSmallIntegerField(
        "days to write a mid-point review",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="From half-way between the first and the last day; then it is overdue.",
    )
    closing_review_days_before = models.PositiveSmallIntegerField(
        "days before the end on which the closing evaluation opens",
        default=14,
        validators=[MaxValueValidator(90)],
        help_text="From then on the champion, the school and the adviser are asked for it.",
    )
    closing_review_days = models.PositiveSmallIntegerField(
        "days after the end to write the closing evaluation",
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="Then it is overdue. Late ones are taken all the same.",
    )
    category_after_months = models.PositiveSmallIntegerField(
        "months after the end at which a school’s category is compared",
        default=6,
        validators=[MaxValueValidator(36)],
        help_text="With its category on the first day of the deployment. What happens later has other causes.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "council"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(silent_after_days__gte=1, consent_link_days__gte=1, consent_link_days__lte=90),
                name="council_gives_time_to_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(warn_at_percent__gte=1, warn_at_percent__lte=100),
                name="council_warns_at_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(warn_days_before_end__gte=1, warn_after_idle_weeks__gte=1),
                name="council_warns_in_time",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    midpoint_from_weeks__gte=1,
                    midpoint_review_days__gte=1,
                    closing_review_days_before__lte=90,
                    closing_review_days__gte=1,
                    category_after_months__lte=36,
                ),
                name="council_gives_time_to_review",
            ),
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="council_is_one",
                violation_error_message="This portal already has its council. Edit that one.",
            ),
            models.CheckConstraint(
                condition=~models.Q(invoice_prefix=models.F("credit_note_prefix"))
                & ~models.Q(reimbursement_prefix=models.F("invoice_prefix"))
                & ~models.Q(reimbursement_prefix=models.F("credit_note_prefix")),
                name="council_prefixes_differ",
                violation_error_message=(
                    "Invoices, credit notes and statements to home schools need different prefixes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse prefixes that could not begin a number: the addresses of invoices are made of them."""
        names = ("invoice_prefix", "credit_note_prefix", "reimbursement_prefix")
        prefixes = {name: getattr(self, name) for name in names}
        wrong = {name: NOT_A_PREFIX for name, prefix in prefixes.items() if prefix and not PREFIX.fullmatch(prefix)}
        if wrong:
            raise ValidationError(wrong)

    @classmethod
    def current(cls) -> Council:
        """The council. Raises Council.DoesNotExist before the portal has been set up."""
        return cls.objects.get(pk=1)


class HalfTermQuerySet(models.QuerySet["HalfTerm"]):
    """The half terms …"""

    def containing(self, day: date) -> HalfTermQuerySet:
        """… that a day falls into: one at most."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def in_year(self, year: AcademicYear) -> HalfTermQuerySet:
        """… of one academic year."""
        return self.filter(first_day__range=(year.first_day, year.last_day))


class HalfTerm(models.Model):
    """A stretch of school days between two holidays, as the council publishes its term dates; both days included."""

    name = models.CharField(max_length=40, help_text="Such as Autumn 1.")
    first_day = models.DateField(unique=True)
    last_day = models.DateField()

    objects = HalfTermQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="half_term_ends_after_it_begins",
                violation_error_message="The half term ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def year(self) -> AcademicYear:
        """The academic year in which it begins."""
        return AcademicYear.containing(self.first_day)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def clean(self) -> None:
        """Refuse days that another half term has already, and one that reaches into the next academic year."""
        if not (self.first_day and self.last_day):
            return
        if self.last_day not in self.year:
            raise ValidationError(
                {"last_day": f"It must end by {self.year.last_day:%-d %B %Y}, with its academic year."}
            )
        others = HalfTerm.objects.exclude(pk=self.pk).filter(first_day__lte=self.last_day, last_day__gte=self.first_day)
        if other := others.first():
            raise ValidationError(f"Some of these days are in {other} already.")


class FirstRunToken(models.Model):
    """The token that opens the first-run page once: only its hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Token of {self.made_at:%-d %B %Y}"

    @classmethod
    def make(cls) -> str:
        """A new token, which takes the place of every unused one. It cannot be read again."""
        token = secrets.token_urlsafe(32)
        cls.objects.filter(used_at__isnull=True).delete()
        cls.objects.create(digest=cls.digest_of(token))
        return token

    @staticmethod
    def digest_of(token: str) -> str:
        """What is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()


def displayed_council() -> Council | None:
    """The council for page headers, kept in the cache for a minute; None before set-up. Never for documents."""
    return cache.get_or_set("council", lambda: Council.objects.filter(pk=1).first(), timeout=60)
