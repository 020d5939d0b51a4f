"""Reviews: those of one deployment, the form, and the list of those that are overdue."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from impact.actions.reviews import IN_ALREADY, outcomes_of, write_review
from impact.boards import boards_of, category_move_of
from impact.due import may_be_written
from impact.forms.reviews import ReviewForm
from impact.habits import review_habits
from impact.models import Kind, Party, Review, ReviewInvitation
from impact.parties import is_reviewed, party_of
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from support.models import Deployment
from support.views.acting import done


@requires("impact.review", "impact.view_impact")
def deployment_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody says of a deployment, as far as this person may read it, and what is still to be written."""
    deployment, user, today = deployment_of(request, pk), request.user, timezone.localdate()
    party = party_of(user, deployment)
    if party is None and not user.may("impact.view_impact"):
        raise Http404
    context = {
        "title": "Reviews",
        "caption": f"{deployment.champion} at {deployment.school}",
        "deployment": deployment,
        "is_reviewed": is_reviewed(deployment),
        "boards": boards_of(deployment, user, party, on=today),
        "today": today,
        "is_party": party is not None,
        "category_move": category_move_of(deployment, on=today) if user.may("impact.view_impact") else None,
        "back_url": deployment.get_absolute_url(),
        "back_text": "The deployment",
    }
    return render(request, "impact/deployment_reviews.html", context)


@requires("impact.review")
def review_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The form of a review: one's own, or what a champion or school told the team (`?for=champion`)."""
    deployment, today, which = deployment_of(request, pk), timezone.localdate(), known_kind(kind)
    own = party_of(request.user, deployment)
    party = told_party(request) or own
    if party is None:
        raise Http404
    if request.method != "POST" and (why := closed_because(deployment, which, party, on=today)):
        messages.info(request, why)
        return redirect("deployment_reviews", pk=pk)
    form = ReviewForm(
        request.POST or None, request=request, kind=which, outcomes=outcomes_of(deployment), is_told=party != own
    )
    if form.is_valid() and done(form, lambda: write(request, deployment, form, kind=which, party=party)):
        messages.success(request, f"The {which.label.lower()} is in. Thank you.")
        return redirect("deployment_reviews", pk=pk)
    context = {"form": form, "title": which.label, "caption": f"{deployment.champion} at {deployment.school}"}
    context |= {"deployment": deployment, "party": party, "is_told": party != own, "button": "Send the review"}
    return render(request, "impact/review_new.html", context | {"cancel_url": back_to(deployment)})


def write(request: HttpRequest, deployment: Deployment, form: ReviewForm, *, kind: Kind, party: Party) -> None:
    """Write the review down as the form has it."""
    write_review(deployment, kind=kind, party=party, **form.words(), by=request.user, on=timezone.localdate())


@requires("impact.view_impact")
def review_overdue(request: HttpRequest) -> HttpResponse:
    """The reviews that were asked for and are late, the longest first."""
    today, habits = timezone.localdate(), review_habits()
    late = ReviewInvitation.objects.visible_to(request.user).overdue(habits, on=today)
    rows = late.select_related("deployment__champion", "deployment__school").order_by("deployment__ends_on", "pk")
    page = page_of(rows, request)
    page.object_list = [(row, row.due_by(habits)) for row in page.object_list]
    context = {"title": "Overdue reviews", "page": page, "noun": "review", "empty_text": "No review is overdue."}
    return render(request, "impact/review_overdue.html", context)


def closed_because(deployment: Deployment, kind: Kind, party: Party, *, on: date) -> str:
    """Why a review cannot be written; empty when it can."""
    if Review.objects.filter(deployment=deployment, kind=kind, party=party).exists():
        return IN_ALREADY
    dates = (deployment.starts_on, deployment.ends_on)
    is_open = is_reviewed(deployment) and may_be_written(kind, *dates, review_habits(), on=on)
    return "" if is_open else f"The {kind.label.lower()} is not open today."


def known_kind(kind: str) -> Kind:
    """The kind that an address names; 404 for another word."""
    if kind not in Kind.values:
        raise Http404
    return Kind(kind)


def told_party(request: HttpRequest) -> Party | None:
    """The party for whom the team writes down what it was told: for those who may."""
    party = request.GET.get("for", "")
    may = request.user.may("impact.assure_quality") and party in {Party.CHAMPION, Party.SUPPORTED}
    return Party(party) if may else None


def back_to(deployment: Deployment) -> str:
    """The page of the deployment's reviews."""
    return reverse("deployment_reviews", args=[deployment.pk])


def deployment_of(request: HttpRequest, pk: int) -> Deployment:
    """The deployment, if this person may see it; 404 alike for foreign and absent (A1)."""
    wanted = Deployment.objects.visible_to(request.user).select_related("champion", "champion_type", "school")
    return get_object_or_404(wanted, pk=pk)
