"""The link by which somebody who does not sign in may agree: for one person, one version, one answer."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from agreements.models.agreements import Agreement
from agreements.models.consents import Consent
from agreements.models.parties import Party

MOST_WRONG_CODES = 5


class ConsentLinkQuerySet(models.QuerySet["ConsentLink"]):
    """The links …"""

    def newest(self) -> ConsentLinkQuerySet:
        """… that no newer one has replaced: one for each school that is asked."""
        return self.filter(replaced_at__isnull=True)

    def unanswered(self) -> ConsentLinkQuerySet:
        """… of open agreements whose party has not answered."""
        answer = Consent.objects.filter(agreement=OuterRef("agreement"), party=OuterRef("party"))
        return self.newest().filter(~Exists(answer), agreement__state=Agreement.State.OPEN)

    def good(self, at: datetime) -> ConsentLinkQuerySet:
        """… with which somebody can still answer."""
        return self.unanswered().filter(used_at__isnull=True, expires_at__gt=at, wrong_codes__lt=MOST_WRONG_CODES)

    def dead(self, at: datetime) -> ConsentLinkQuerySet:
        """… that wait for an answer and can give none any more: the broker sends a new one."""
        return self.unanswered().filter(Q(expires_at__lte=at) | Q(wrong_codes__gte=MOST_WRONG_CODES))


class ConsentLink(models.Model):
    """A link in a mail. `nonce` is signed into it; a code is kept as its keyed digest only."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="links")
    party = models.CharField(max_length=10, choices=Party.choices)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    nonce = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)

    objects = ConsentLinkQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "party", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party"],
                condition=Q(replaced_at__isnull=True),
                name="party_has_one_link_at_a_time",
            ),
            models.CheckConstraint(condition=Q(party__in=["supported", "home"]), name="link_is_of_a_school"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_is_good_for_a_while"),
            models.CheckConstraint(
                condition=Q(wrong_codes__lte=MOST_WRONG_CODES), name="link_is_spent_after_five_wrong_codes"
            ),
            models.CheckConstraint(
                condition=Q(code_digest="", code_expires_at__isnull=True)
                | ~Q(code_digest="") & Q(code_expires_at__isnull=False, code_sent_at__isnull=False),
                name="link_code_is_good_until_a_moment",
            ),
            models.CheckConstraint(condition=~Q(email=""), name="link_is_for_an_address"),
        ]

    def __str__(self) -> str:
        return f"Link for {self.name}"

    @property
    def masked(self) -> str:
        """The address so that its owner knows it and nobody else learns it: `k•••@w•••.example`."""
        name, _, domain = self.email.rpartition("@")
        host, dot, rest = domain.partition(".")
        return f"{name[:1]}•••@{host[:1]}•••{dot}{rest}"

    def is_spent(self) -> bool:
        """Whether too many wrong codes were entered."""
        return self.wrong_codes >= MOST_WRONG_CODES
