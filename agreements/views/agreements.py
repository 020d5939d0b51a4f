"""The agreements that a person may read, each with its terms, who has agreed, and its paper."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from agreements.differences import differences_of
from agreements.models import Agreement, Consent, ConsentLink, Party
from agreements.standing import standing_of
from sidebyside.accounts.access import requires
from sidebyside.documents.models import Document
from sidebyside.paging import page_of


@requires("agreements.view_agreement")
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Every version that this person may read, the newest first."""
    agreements = Agreement.objects.visible_to(request.user).order_by("-made_at", "-id")
    context = {"title": "Agreements", "page": page_of(agreements, request), "noun": "agreement"}
    context |= {"back_url": reverse("deployment_list"), "back_text": "Deployments"}
    context |= {"empty_text": "No agreement has been proposed yet."}
    return render(request, "agreements/agreement_list.html", context)


@requires("agreements.view_agreement")
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms, what is different from those that hold, who has agreed, and the other versions."""
    agreement, user = agreement_with_answers(request, pk), request.user
    versions = list(agreement.deployment.agreements.order_by("-version"))
    own = agreement.parties_of(user)
    is_team, is_champion = user.may("schools.view_all"), agreement.deployment.champion.user_id == user.pk
    context = {
        "title": f"{agreement.champion_name} at {agreement.school_name}",
        "caption": f"Agreement, version {agreement.version}",
        "agreement": agreement,
        "terms": agreement.terms,
        "versions": versions,
        "differences": differences_from_before(agreement, versions),
        "standing": standing_of(agreement, own=own, is_team=is_team, at=timezone.now()),
        "shows_cost": is_team or Party.SUPPORTED in own,
        "shows_home": is_team or Party.HOME in own or is_champion,
        "may_change": agreement.is_open and user.may("agreements.propose"),
        "sees_deployment": is_team or is_champion or Party.SUPPORTED in own,
        "back_url": reverse("agreement_list"),
        "back_text": "Agreements",
    }
    return render(request, "agreements/agreement_detail.html", context)


def differences_from_before(agreement: Agreement, versions: list[Agreement]) -> list[object]:
    """How it differs from the terms that held when it was proposed; nothing where there were none."""
    agreed = [each for each in versions if each.version < agreement.version and each.state == Agreement.State.AGREED]
    return list(differences_of(agreed[0].terms, agreement.terms)) if agreed else []


@requires("agreements.view_agreement")
def agreement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement as it was kept, byte for byte."""
    return paper(agreement_of(request, pk).document)


@requires("agreements.view_cost")
def agreement_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """The supported school's page of costs, for that school and the team: for everybody else there is none."""
    agreement = agreement_of(request, pk)
    return paper(agreement.cost_document if agreement.shows_cost_to(request.user) else None)


def paper(document: Document | None) -> HttpResponse:
    """A stored PDF. Raises Http404 where there is none."""
    if document is None:
        raise Http404
    disposition = f'inline; filename="{document.name}"'
    return HttpResponse(
        document.read(), content_type=document.content_type, headers={"Content-Disposition": disposition}
    )


def agreement_of(request: HttpRequest, pk: int) -> Agreement:
    """The agreement, if this person may read it; 404 alike for foreign and absent (A1)."""
    return get_object_or_404(Agreement.objects.visible_to(request.user).with_facts(), pk=pk)


def agreement_with_answers(request: HttpRequest, pk: int) -> Agreement:
    """`agreement_of` with the answers that were given and the newest links."""
    answers = Prefetch("consents", Consent.objects.order_by("at", "pk"))
    wanted = Agreement.objects.visible_to(request.user).with_facts()
    return get_object_or_404(wanted.prefetch_related(answers, Prefetch("links", ConsentLink.objects.newest())), pk=pk)
