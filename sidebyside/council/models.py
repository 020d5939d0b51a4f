"""The council that runs this portal: one row, everything that differs between councils."""

from __future__ import annotations

import hashlib
import re
import secrets

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from sidebyside.council.vat_numbers import is_vat_number

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
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "council"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="council_is_one",
                violation_error_message="This portal already has its council. Edit that one.",
            ),
            models.CheckConstraint(
                condition=~models.Q(invoice_prefix=models.F("credit_note_prefix")),
                name="council_prefixes_differ",
                violation_error_message="Invoices and credit notes need different prefixes.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse prefixes that could not begin a number: the addresses of invoices are made of them."""
        prefixes = {"invoice_prefix": self.invoice_prefix, "credit_note_prefix": self.credit_note_prefix}
        wrong = {name: NOT_A_PREFIX for name, prefix in prefixes.items() if prefix and not PREFIX.fullmatch(prefix)}
        if wrong:
            raise ValidationError(wrong)

    @classmethod
    def current(cls) -> Council:
        """The council. Raises Council.DoesNotExist before the portal has been set up."""
        return cls.objects.get(pk=1)


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
