"""Invoice runs: what somebody approved, and how far the portal has come with issuing it (M13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from billing.models.accounts import Account
from billing.models.lines import ChargedLine
from sidebyside.guards.models import InsertOnly


class InvoiceRun(InsertOnly):
    """An approval: this period, these items and lines, by this person. Its progress is counted from its items."""

    first_day = models.DateField()
    last_day = models.DateField()
    request_key = models.CharField(
        max_length=40, unique=True, help_text="The form’s own key: pressing twice approves once."
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)
    approved_on = models.DateField(help_text="In London. No invoice of it is dated earlier.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="run_ends_after_it_begins",
                violation_error_message="The period ends before it begins.",
            )
        ]

    def __str__(self) -> str:
        return f"Run of {self.first_day:%-d %B %Y} to {self.last_day:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        """The run's progress page."""
        return reverse("run_detail", args=[self.pk])


class RunItemQuerySet(models.QuerySet["RunItem"]):
    """The invoices-to-be …"""

    def due(self) -> RunItemQuerySet:
        """… that wait to be issued, the fewest attempts first."""
        return self.filter(state=RunItem.State.DUE).order_by("attempts", "id")

    def parked(self) -> RunItemQuerySet:
        """… that failed too often and wait for a person."""
        return self.filter(state=RunItem.State.PARKED)


class RunItem(models.Model):
    """One invoice to be: an account's lines of one financial year. Becomes exactly one invoice (design, section 3).

    What it says of the customer is frozen with its lines, so that what was approved is what is issued (M11).
    """

    class State(models.TextChoices):
        """due → done, or parked after too many attempts; from there due again, or given up for ever."""

        DUE = "due", "Waiting"
        DONE = "done", "Issued"
        PARKED = "parked", "Needs attention"
        GIVEN_UP = "given up", "Given up"

    run = models.ForeignKey(InvoiceRun, on_delete=models.PROTECT, related_name="items")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    financial_year_start = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    given_up_why = models.TextField(blank=True)
    customer = models.JSONField(help_text="The account as it was approved: name, address, reference.")
    po_number = models.CharField(max_length=40, blank=True)
    terms_days = models.PositiveSmallIntegerField()

    objects = RunItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["attempts", "id"], name="run_item_due", condition=Q(state="due"))]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "account", "financial_year_start"], name="run_has_one_invoice_an_account_and_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "done", "parked", "given up"]), name="run_item_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="given up") | ~Q(given_up_why=""),
                name="run_item_is_given_up_for_a_reason",
                violation_error_message="Say why it is given up.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.run}"


class RunLineQuerySet(models.QuerySet["RunLine"]):
    """The approved lines …"""

    def standing(self) -> RunLineQuerySet:
        """… that are on an invoice or will be, and of which something is billed: no run takes their charges again."""
        return self.exclude(item__state=RunItem.State.GIVEN_UP).exclude(pk__in=self._credited())

    def freed(self) -> RunLineQuerySet:
        """… that will never be on an invoice, or of which all is credited: their charges are proposed again (M12)."""
        return self.filter(Q(item__state=RunItem.State.GIVEN_UP) | Q(pk__in=self._credited()))

    def _credited(self) -> models.QuerySet[RunLine, Any]:
        """Of all of them, those whose line on the invoice was credited to the end."""
        issued = "item__invoice__lines"
        ended = {f"{issued}__position": F("position"), f"{issued}__credit_lines__is_rest": True}
        return RunLine.objects.filter(**ended).order_by().values("pk")


class RunLine(ChargedLine):
    """One line as it was approved: what the invoice will say, whatever is renamed or re-rated meanwhile (M11).

    A charge is taken once. Only when the item that took it was given up, or what it became was credited to the end, may
    another take it, as the next `turn`.
    """

    item = models.ForeignKey(RunItem, on_delete=models.PROTECT, related_name="lines")
    turn = models.PositiveSmallIntegerField(
        default=0, help_text="How often the charge was given up or credited before."
    )

    objects = RunLineQuerySet.as_manager()

    class Meta:
        ordering = ["item", "position"]
        constraints = [
            *ChargedLine.Meta.constraints,
            models.UniqueConstraint(fields=["source_key", "turn"], name="run_line_takes_a_charge_once_a_turn"),
            models.UniqueConstraint(fields=["item", "position"], name="run_line_has_its_position"),
            models.CheckConstraint(condition=Q(net__gt=0), name="run_line_charges_something"),
        ]
