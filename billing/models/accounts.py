"""Who is billed for a school."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from billing.models.rates import VatRate
from schools.models import School, Trust
from sidebyside.accounts.models import User


class AccountQuerySet(models.QuerySet["Account"]):
    """The accounts …"""

    def visible_to(self, user: User) -> AccountQuerySet:
        """… that a person may see: the council's all, a school's or trust's people their own (A1)."""
        if user.may("schools.view_all") and user.may("billing.view_invoice"):
            return self
        if not user.may("billing.view_invoice"):
            return self.none()
        trusts = user.memberships.held_on(timezone.localdate()).filter(trust__isnull=False).values("trust")
        return self.filter(Q(school__in=School.objects.visible_to(user)) | Q(trust__in=trusts))

    def hold(self, pk: int) -> None:
        """… of which this one is written to, so that two changes of its money wait for each other, on both engines."""
        self.filter(pk=pk).update(reference=F("reference"))


class Account(models.Model):
    """The academy, or the trust for its academies, that pays. An academy's own account goes before its trust's."""

    reference = models.CharField(max_length=20, unique=True, help_text="Customer number, as it stands on invoices.")
    name = models.CharField(max_length=160)
    address = models.TextField(help_text="One line each.")
    postcode = models.CharField(max_length=8, blank=True)
    school = models.OneToOneField(School, on_delete=models.PROTECT, null=True, blank=True, related_name="account")
    trust = models.OneToOneField(Trust, on_delete=models.PROTECT, null=True, blank=True, related_name="account")
    vat_treatment = models.CharField(
        "VAT treatment",
        max_length=14,
        choices=VatRate.Treatment.choices,
        blank=True,
        help_text="The standard rate for academies. While there is none, everything is held back from invoices.",
    )
    vat_reason = models.CharField("reason for the VAT treatment", max_length=200, blank=True)
    is_po_required = models.BooleanField("needs a purchase order number", default=False)
    po_number = models.CharField("purchase order number", max_length=40, blank=True)
    terms_days = models.PositiveSmallIntegerField(
        "payment terms in days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty for the council’s own.",
    )
    is_paused = models.BooleanField("reminders are paused", default=False)
    paused_why = models.CharField("why reminders are paused", max_length=200, blank=True)
    history = HistoricalRecords()

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=True, trust__isnull=False) | Q(school__isnull=False, trust__isnull=True),
                name="account_is_of_a_school_or_a_trust",
                violation_error_message="Choose an academy or a trust, not both.",
            ),
            models.CheckConstraint(
                condition=Q(is_paused=False) | ~Q(paused_why=""),
                name="account_is_paused_for_a_reason",
                violation_error_message="Say why reminders are paused.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The account's page."""
        return reverse("account_detail", args=[self.reference])


class AccountContact(models.Model):
    """An address to which an account's invoices and reminders go."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "email"],
                name="account_has_a_contact_once",
                violation_error_message="This address is on the account already.",
            )
        ]

    def __str__(self) -> str:
        return self.email
