"""What finance approved of reimbursements, and how far the portal has come with writing the statements."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from reimbursing.models.payees import Method
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.guards.models import InsertOnly
from support.models import Champion, Delivery


class StatementRun(InsertOnly):
    """An approval: this period, these statements and lines, by this person. Its progress is counted from its items."""

    first_day = models.DateField()
    last_day = models.DateField()
    request_key = models.CharField(
        max_length=40, unique=True, help_text="The form’s own key: pressing twice approves once."
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)
    approved_on = models.DateField(help_text="In London. No statement of it is dated earlier.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="statement_run_ends_after_it_begins",
                violation_error_message="The period ends before it begins.",
            )
        ]

    def __str__(self) -> str:
        return f"Statements of {self.first_day:%-d %B %Y} to {self.last_day:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        """The run's progress page."""
        return reverse("statement_run_detail", args=[self.pk])


class StatementItemQuerySet(models.QuerySet["StatementItem"]):
    """The statements-to-be …"""

    def due(self) -> StatementItemQuerySet:
        """… that wait to be written, the fewest attempts first."""
        return self.filter(state=StatementItem.State.DUE).order_by("attempts", "id")

    def parked(self) -> StatementItemQuerySet:
        """… that failed too often and wait for a person."""
        return self.filter(state=StatementItem.State.PARKED)


class StatementItem(models.Model):
    """One statement to be: a home school's lines of one financial year. Becomes exactly one statement.

    Whom it is made out to is frozen with its lines, so that what was approved is what is sent.
    """

    class State(models.TextChoices):
        """due → done, or parked after too many attempts; from there due again, or given up for ever."""

        DUE = "due", "Waiting"
        DONE = "done", "Written"
        PARKED = "parked", "Needs attention"
        GIVEN_UP = "given up", "Given up"

    run = models.ForeignKey(StatementRun, on_delete=models.PROTECT, related_name="items")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField(help_text="In the financial year of the first day.")
    method = models.CharField(max_length=8, choices=Method.choices)
    recipient = models.JSONField(help_text="The home school as it was approved: name and address.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    given_up_why = models.TextField(blank=True)

    objects = StatementItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["attempts", "id"], name="statement_item_due", condition=Q(state="due"))]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "school", "first_day"], name="run_has_one_statement_a_school_and_period"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="statement_item_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(method__in=["journal", "bank"]), name="statement_item_method_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["due", "done", "parked", "given up"]), name="statement_item_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="given up") | ~Q(given_up_why=""),
                name="statement_item_is_given_up_for_a_reason",
                violation_error_message="Say why it is given up.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}, {self.first_day:%-d %B %Y} to {self.last_day:%-d %B %Y}"


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    """The lines …"""

    def standing(self) -> StatementLineQuerySet:
        """… that are on a statement or will be: nothing of them is owed again."""
        return self.exclude(item__state=StatementItem.State.GIVEN_UP)

    def visible_to(self, user: User) -> StatementLineQuerySet:
        """… that a person may see: the council's all, a head those of the own school, a champion the own days (A1)."""
        if user.may("schools.view_all") and user.may("reimbursing.view_statement"):
            return self
        own = Q(champion__user=user) if user.may("reimbursing.view_own_days") else Q(pk__in=[])
        if user.may("reimbursing.view_statement"):
            own |= Q(item__school__in=School.objects.visible_to(user))
        return self.filter(own)


class StatementLine(InsertOnly):
    """Some half days of one delivery at one rate, as approved; below nought where it takes back (M16).

    `source_key` is `delivery-<key>-<number of lines before>`: of any number of people who approve the same half day,
    one does. The delivery is reimbursed what its lines add up to.
    """

    item = models.ForeignKey(StatementItem, on_delete=models.PROTECT, related_name="lines")
    source_key = models.CharField(max_length=40, unique=True)
    position = models.PositiveIntegerField()
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="reimbursements")
    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, related_name="reimbursements")
    champion_name = models.CharField(max_length=120)
    champion_type = models.CharField(max_length=12)
    supported = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    supported_name = models.CharField(max_length=160)
    delivered_on = models.DateField()
    description = models.CharField(max_length=200)
    half_days = models.SmallIntegerField()
    rate = models.PositiveIntegerField(help_text="Pence a day.")
    amount = models.IntegerField(help_text="Pence.")
    reason = models.CharField(max_length=300)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        ordering = ["item", "position"]
        indexes = [models.Index(fields=["delivered_on", "champion"], name="statement_line_of_days")]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="statement_line_has_its_position"),
            models.CheckConstraint(
                condition=Q(half_days__gt=0, amount__gte=0) | Q(half_days__lt=0, amount__lte=0),
                name="statement_line_counts_some_days_one_way",
            ),
        ]

    def __str__(self) -> str:
        return self.description
