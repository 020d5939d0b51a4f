"""How a home school is paid."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User

SHOWN_DIGITS = 3
_BANK = {"payee_name": "", "sort_code": "", "account_number": ""}


class Method(models.TextChoices):
    """A maintained school is paid within the council's ledger, an academy into its bank account (M16)."""

    JOURNAL = "journal", "By journal"
    BANK = "bank", "Into its bank account"


def method_for(school: School) -> Method:
    """How a school of its sector is paid: an academy, and whoever is outside the ledger, by bank."""
    return Method.JOURNAL if school.sector == "maintained" else Method.BANK


class PayeeQuerySet(models.QuerySet["Payee"]):
    """The payees …"""

    def visible_to(self, user: User) -> PayeeQuerySet:
        """… that a person may know of: the council's all, a head one's own school's (A1)."""
        if not user.may("reimbursing.view_statement"):
            return self.none()
        return self if user.may("schools.view_all") else self.filter(school__in=School.objects.visible_to(user))


class Payee(models.Model):
    """The home school as it is paid: its cost centre in the ledger, or its bank account. One for each URN.

    A school that becomes an academy is another URN, with a payee of its own.
    """

    school = models.OneToOneField(School, on_delete=models.PROTECT, primary_key=True, related_name="payee")
    method = models.CharField(max_length=8, choices=Method.choices)
    cost_centre = models.CharField(
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9./-]*$", "Enter letters and digits, such as S4021.")],
        help_text="As it stands in the council’s ledger.",
    )
    payee_name = models.CharField("name of the account", max_length=60, blank=True)
    sort_code = models.CharField(
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{2}-\d{2}-\d{2}$", "Enter a sort code such as 20-00-00.")],
    )
    account_number = models.CharField(
        max_length=8, blank=True, validators=[RegexValidator(r"^\d{8}$", "Enter the eight digits of the account.")]
    )
    email = models.EmailField(
        "email for remittance advice",
        blank=True,
        help_text="Each statement is sent here. Without one it goes to the head who signs in.",
    )

    objects = PayeeQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "school"]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=["journal", "bank"]), name="payee_method_is_known"),
            models.CheckConstraint(
                condition=~Q(method="journal") | ~Q(cost_centre="") & Q(**_BANK),
                name="payee_by_journal_has_a_cost_centre_and_no_bank",
                violation_error_message="Enter the cost centre.",
            ),
            models.CheckConstraint(
                condition=~Q(method="bank")
                | Q(cost_centre="") & ~Q(payee_name="") & ~Q(sort_code="") & ~Q(account_number=""),
                name="payee_by_bank_has_its_account_and_no_cost_centre",
                violation_error_message="Enter the name of the account, its sort code and its number.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school)

    def get_absolute_url(self) -> str:
        """The payee's page."""
        return reverse("payee_detail", args=[self.school_id])

    @property
    def masked(self) -> str:
        """Where the money goes, as everybody may read it who may know that it goes there."""
        if self.method == Method.JOURNAL:
            return f"Cost centre {self.cost_centre}"
        return f"Account ending {self.account_number[-SHOWN_DIGITS:]}"
