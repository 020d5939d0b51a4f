"""What is left to set up of a new portal, on the administrator's home page until it is done."""

from __future__ import annotations

from django.db.models import Exists
from django.urls import reverse

from billing.models import ChargeBand
from schools.models import CategoryEntry, School
from sidebyside.accounts.models import User
from sidebyside.council.models import HalfTerm
from sidebyside.home.parts import Task
from support.models import DayRate, Offer


def left_to_set_up(user: User) -> list[Task]:
    """The steps that nobody has taken yet, in their order; in one query."""
    there = (
        User.objects.filter(pk=user.pk)
        .annotate(
            schools=Exists(School.objects.all()),
            rates=Exists(DayRate.objects.all()),
            bands=Exists(ChargeBand.objects.all()),
            offers=Exists(Offer.objects.all()),
            published=Exists(Offer.objects.published()),
            entries=Exists(CategoryEntry.objects.all()),
            terms=Exists(HalfTerm.objects.all()),
            others=Exists(User.objects.exclude(pk=user.pk)),
        )
        .values("schools", "rates", "bands", "offers", "published", "entries", "terms", "others")
        .get()
    )
    steps = (
        (there["schools"], "Import the register of schools", reverse("imports"), "Whose schools the portal is about"),
        (there["rates"], "Enter the day rates", reverse("admin:support_dayrate_changelist"), "What a day costs"),
        (
            there["bands"],
            "Enter the charge bands",
            reverse("admin:billing_chargeband_changelist"),
            "Which share of a day rate academies pay, from a day on",
        ),
        (there["published"], *_offer(has_draft=there["offers"])),
        (there["entries"], "Import the schools’ categories", reverse("imports"), "They decide what each is offered"),
        (
            there["terms"],
            "Enter the term dates",
            reverse("admin:council_halfterm_changelist"),
            "The half terms of the year, in which champions say how many days they have",
        ),
        (
            there["others"],
            "Invite people",
            reverse("admin:accounts_user_changelist"),
            "The team first, then heads. Council staff need an authenticator app",
        ),
    )
    return [Task(label, url, hint, "To do", "blue") for is_done, label, url, hint in steps if not is_done]


def _offer(*, has_draft: bool) -> tuple[str, str, str]:
    if has_draft:
        return "Publish the offer", reverse("admin:support_offer_changelist"), "It is a draft: edit it first"
    hint = "A draft of this academic year, which you edit and publish"
    return "Begin with the offer that comes with the portal", reverse("offer_begin"), hint
