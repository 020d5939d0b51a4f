"""A version of the terms of one deployment, as it was put to those who agree, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from agreements.models.parties import ASKED, Party
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.documents.models import Document
from sidebyside.guards.freezing import Freeze
from sidebyside.guards.models import Freezing
from support.agreements import Intended, Terms
from support.models import Deployment

SHOWN_FOR = timedelta(days=14)  # what was declined stands on the broker's home page so long

# What a version says: it never changes, whatever becomes of it.
TERMS = (
    "deployment_id", "version", "school_id", "home_school_id", "school_name", "home_school_name", "champion_name",
    "champion_type_name", "area", "focus", "outcomes", "half_days", "starts_on", "ends_on", "cost_words", "cost_least",
    "cost_most", "why", "made_by_id", "made_at",
)  # fmt: skip


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """The agreements …"""

    def visible_to(self, user: User) -> AgreementQuerySet:
        """… that a person may read: council staff all, a champion one's own, both heads their schools' (A1)."""
        if not user.may("agreements.view_agreement"):
            return self.none()
        if user.may("schools.view_all"):
            return self
        own = School.objects.visible_to(user)
        return self.filter(Q(deployment__champion__user=user) | Q(school__in=own) | Q(home_school__in=own))

    def open(self) -> AgreementQuerySet:
        """… that wait for somebody to agree."""
        return self.filter(state=Agreement.State.OPEN)

    def agreed(self) -> AgreementQuerySet:
        """… that everybody has agreed to."""
        return self.filter(state=Agreement.State.AGREED)

    def asking(self, user: User) -> AgreementQuerySet:
        """… that wait for this person, as the head of one of the two schools."""
        if not user.may("agreements.consent"):
            return self.none()
        own = School.objects.visible_to(user)
        answers = apps.get_model("agreements", "Consent").objects.filter(agreement=OuterRef("pk"))
        supported, home = (~Exists(answers.filter(party=party)) for party in ASKED)
        return self.open().filter(Q(supported, school__in=own) | Q(home, home_school__in=own))

    def needing_the_broker(self, at: datetime) -> AgreementQuerySet:
        """… that do not go on by themselves: declined of late and not proposed anew, or waiting on a dead link."""
        newer = self.model.objects.filter(deployment=OuterRef("deployment"), version__gt=OuterRef("version"))
        declined = Q(state=Agreement.State.DECLINED, decided_at__gt=at - SHOWN_FOR) & ~Exists(newer)
        links = apps.get_model("agreements", "ConsentLink").objects.dead(at).filter(agreement=OuterRef("pk"))
        return self.filter(declined | Exists(links))

    def with_facts(self) -> AgreementQuerySet:
        """… with what their pages show."""
        return self.select_related(
            "deployment__champion", "deployment__champion_type", "school", "home_school", "made_by"
        )


class Agreement(Freezing):
    """One version of the terms of one deployment. Its terms stand as they were from the start; decided, all of it."""

    class State(models.TextChoices):
        """open → agreed by all three, declined by one, withdrawn by the broker, or replaced by a newer version."""

        OPEN = "open", "Waiting for consent"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REPLACED = "replaced", "Replaced by a newer version"

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=160)
    home_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    home_school_name = models.CharField(max_length=160)
    champion_name = models.CharField(max_length=120)
    champion_type_name = models.CharField(max_length=80)
    area = models.CharField(max_length=60, blank=True)
    focus = models.CharField(max_length=200)
    outcomes = models.JSONField(default=list, help_text="Each with its text and measure.")
    half_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    cost_words = models.TextField(blank=True, help_text="What it costs the supported school, a sentence a line.")
    cost_least = models.PositiveIntegerField(null=True, blank=True, help_text="With VAT, in pence; empty if unknown.")
    cost_most = models.PositiveIntegerField(null=True, blank=True)
    why = models.TextField("why it changes", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cost_document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["home_school", "-made_at"], name="agreement_of_a_home_school")]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "version"], name="agreement_version_stands_once"),
            models.UniqueConstraint(
                fields=["deployment"], condition=Q(state="open"), name="deployment_has_one_open_agreement"
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="agreement_is_made_once_by_a_form"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "agreed", "declined", "withdrawn", "replaced"]),
                name="agreement_state_is_known",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="agreement_versions_begin_with_one"),
            models.CheckConstraint(condition=Q(half_days__gt=0), name="agreement_is_about_some_days"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="agreement_is_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(state="agreed"), name="agreement_is_kept_when_it_is_agreed"
            ),
            models.CheckConstraint(
                condition=~Q(withdrawn_why="") | ~Q(state="withdrawn"),
                name="agreement_is_withdrawn_for_a_reason",
                violation_error_message="Say why it is withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.champion_name} at {self.school_name}, version {self.version}"

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """The terms from the start; everything once it is decided. None is ever deleted."""
        table = cls._meta.db_table
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in TERMS)
        return [
            Freeze(
                table, "what was put to people stays as it was; other terms are a new version",
                update=f"OLD.state <> 'open' OR {changed}", delete="OLD.id IS NOT NULL",
                truncate=f"EXISTS (SELECT 1 FROM {table})",  # noqa: S608 - a model's own table
            )
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to agree."""
        return self.state == self.State.OPEN

    @property
    def terms(self) -> Terms:
        """What is agreed."""
        outcomes = tuple(Intended(each["text"], each["measure"]) for each in self.outcomes)
        return Terms(self.focus, self.half_days, self.starts_on, self.ends_on, outcomes)

    @property
    def cost(self) -> list[str]:
        """What it costs the supported school: a sentence each."""
        return self.cost_words.splitlines()

    def parties_of(self, user: User) -> list[Party]:
        """For which of the two schools this person may answer."""
        if not user.may("agreements.consent"):
            return []
        schools = {self.school_id: Party.SUPPORTED, self.home_school_id: Party.HOME}
        own = set(School.objects.visible_to(user).filter(pk__in=schools).values_list("pk", flat=True))
        return [party for urn, party in schools.items() if urn in own]

    def shows_cost_to(self, user: User) -> bool:
        """Whether this person reads what it costs: the team, and the supported school."""
        if not user.may("agreements.view_cost"):
            return False
        return user.may("schools.view_all") or Party.SUPPORTED in self.parties_of(user)

    def name_of(self, party: str) -> str:
        """Which school, or the council, a party is."""
        return {Party.SUPPORTED: self.school_name, Party.HOME: self.home_school_name}.get(Party(party), "The council")

    def get_absolute_url(self) -> str:
        """The agreement's page."""
        return reverse("agreement_detail", args=[self.pk])
