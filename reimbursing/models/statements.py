"""Statements of reimbursement: numbered, frozen, kept for ever (M16); and the files that carry them into the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from billing.models import Series
from reimbursing.models.payees import Method
from reimbursing.models.runs import StatementItem, StatementLine
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.documents.models import Document
from sidebyside.guards.models import InsertOnly


class StatementQuerySet(models.QuerySet["Statement"]):
    """The statements …"""

    def visible_to(self, user: User) -> StatementQuerySet:
        """… that a person may see: the council's all, a head those of the own school (A1)."""
        if not user.may("reimbursing.view_statement"):
            return self.none()
        return self if user.may("schools.view_all") else self.filter(school__in=School.objects.visible_to(user))

    def with_progress(self) -> StatementQuerySet:
        """… each with `is_handed_over`: whether a file has carried it to the ledger or the bank."""
        return self.annotate(is_handed_over=Exists(LedgerEntry.objects.filter(statement=OuterRef("pk"))))

    def waiting(self, method: str) -> StatementQuerySet:
        """… that are on no file yet, of one way of paying."""
        return self.filter(method=method, ledger_entry__isnull=True)


class Statement(InsertOnly):
    """What a home school gets for the days of its champions in a period, within one financial year. Status is derived.

    Its lines are its item's, as they were approved. `total` may be below nought: owed back.
    """

    is_handed_over: bool  # from `with_progress()`

    item = models.OneToOneField(StatementItem, on_delete=models.PROTECT, related_name="statement")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="statements")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="statements")
    method = models.CharField(max_length=8, choices=Method.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    issued_on = models.DateField()
    council = models.JSONField(help_text="The council as it was: name, address, how to reach it.")
    recipient = models.JSONField(help_text="The home school as it was approved.")
    half_days = models.IntegerField()
    total = models.IntegerField(help_text="Pence; below nought is owed back.")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="statement")

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        indexes = [
            models.Index(fields=["school", "-issued_on", "-id"], name="statement_of_a_school"),
            models.Index(fields=["-issued_on", "-id"], name="statement_list"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="statement_number_stands_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="statement_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(method__in=["journal", "bank"]), name="statement_method_is_known"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The statement's page."""
        return reverse("statement_detail", args=[self.number])

    @property
    def lines(self) -> models.QuerySet[StatementLine]:
        """Its lines, as approved."""
        return StatementLine.objects.filter(item=self.item_id).order_by("position")


class LedgerFile(InsertOnly):
    """A file that carries statements onward: journals for maintained schools, payments for academies.

    Made once and kept: downloading it again gives the same bytes.
    """

    kind = models.CharField(max_length=8, choices=Method.choices)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="ledger_files")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    made_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    total = models.IntegerField(help_text="Pence.")
    request_key = models.CharField(
        max_length=40, unique=True, help_text="The form’s own key: pressing twice makes one file."
    )
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="ledger_file")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="ledger_file_number_stands_once"),
            models.CheckConstraint(condition=Q(kind__in=["journal", "bank"]), name="ledger_file_kind_is_known"),
            models.CheckConstraint(condition=~Q(kind="bank") | Q(total__gt=0), name="payment_file_pays_something"),
        ]

    def __str__(self) -> str:
        return self.number


class LedgerEntry(InsertOnly):
    """That a statement is in a file: in one and no other (M16)."""

    file = models.ForeignKey(LedgerFile, on_delete=models.PROTECT, related_name="entries")
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="ledger_entry")

    class Meta:
        ordering = ["file", "statement"]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.statement} in {self.file}"
