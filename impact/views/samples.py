"""Quality assurance: samples, their draw, what was picked, and what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from impact import drawing
from impact.actions.sampling import draw_sample, new_seed, pick_for_sample, record_finding
from impact.forms.samples import DrawForm, FindingForm, PickForm, PopulationForm
from impact.models import Finding, Sample, SampledDeployment
from impact.populations import population, years_with_deployments
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from support.views.acting import done

SHOWN = 200  # deployments of a population that its preview lists by name


@requires("impact.view_impact")
def sample_list(request: HttpRequest) -> HttpResponse:
    """Every sample, the latest first, with how many of its deployments were looked at."""
    counted = {"all": Count("deployments"), "found": Count("deployments", filter=Q(deployments__finding__isnull=False))}
    samples = Sample.objects.visible_to(request.user).annotate(**counted).select_related("drawn_by")
    context = {
        "title": "Quality assurance",
        "page": page_of(samples.order_by("-drawn_on", "-id"), request),
        "noun": "sample",
        "empty_text": "No sample has been drawn yet.",
        "may_draw": request.user.may("impact.assure_quality"),
    }
    return render(request, "impact/sample_list.html", context)


@requires("impact.assure_quality")
def sample_new(request: HttpRequest) -> HttpResponse:
    """What to draw from, with the deployments that this means; then how many, and the draw."""
    today = timezone.localdate()
    years = years_with_deployments(on=today)
    chosen = PopulationForm(request.GET or {"year": str(years[0].start)}, years=years)
    context: dict[str, Any] = {"title": "Draw a sample", "chosen": chosen, "back_url": reverse("sample_list")}
    if not chosen.is_valid():
        return render(request, "impact/sample_new.html", context)
    found = population(**chosen.cleaned_data, on=today)
    rows = list(found.select_related("champion", "school").order_by("school__name", "pk"))
    seen = drawing.fingerprint([row.pk for row in rows])
    form = DrawForm(request.POST or None, request=request, initial={"seen": seen})
    if form.is_valid() and done(form, lambda: draw(request, chosen, form)) and form.sample:
        messages.success(request, "The sample is drawn.")
        return redirect(form.sample)
    context |= {"form": form, "rows": rows[:SHOWN], "count": len(rows), "back_text": "Quality assurance"}
    return render(request, "impact/sample_new.html", context)


def draw(request: HttpRequest, chosen: PopulationForm, form: DrawForm) -> None:
    """Draw, and leave the sample on the form."""
    values = dict(chosen.cleaned_data) | form.cleaned_data | {"seed": new_seed()}
    form.sample = draw_sample(values.pop("year"), **values, by=request.user, on=timezone.localdate())


@requires("impact.view_impact")
def sample_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was drawn and picked, what was found, and the draw made again."""
    samples = Sample.objects.select_related("drawn_by", "champion_type", "category")
    sample = sample_of(request, pk, samples)
    rows = list(
        sample.deployments.select_related(
            "deployment__champion", "deployment__school", "finding__found_by", "picked_by"
        )
    )
    drawn = [row.deployment_id for row in rows if row.how == SampledDeployment.How.DRAWN]
    again = drawing.draw(sample.population, size=sample.size, seed=sample.seed)
    context = {
        "title": str(sample),
        "caption": "Quality assurance",
        "sample": sample,
        "rows": rows,
        "is_same_again": drawn == list(again),
        "may_assure": request.user.may("impact.assure_quality"),
        "back_url": reverse("sample_list"),
        "back_text": "Quality assurance",
    }
    return render(request, "impact/sample_detail.html", context)


@requires("impact.assure_quality")
def sample_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a deployment of the same year on purpose, with the reason."""
    sample, today = sample_of(request, pk), timezone.localdate()
    others = population(sample.year, champion_type=None, category=None, on=today).exclude(samples__sample=sample)
    others = others.select_related("champion", "school").order_by("school__name", "pk")
    form = PickForm(request.POST or None, deployments=others)
    if form.is_valid() and done(form, lambda: pick_for_sample(sample, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is in the sample.")
        return redirect(sample)
    context = {"form": form, "title": "Pick a deployment", "caption": str(sample), "button": "Add it to the sample"}
    return render(request, "layouts/form.html", context | {"cancel_url": sample.get_absolute_url()})


@requires("impact.assure_quality")
def finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was found about one deployment of a sample."""
    known = SampledDeployment.objects.visible_to(request.user)
    known = known.select_related("sample", "deployment__champion", "deployment__school")
    sampled, today = get_object_or_404(known, pk=pk), timezone.localdate()
    if request.method != "POST" and Finding.objects.filter(sampled=sampled).exists():
        messages.info(request, f"The finding about {sampled.deployment} is in already.")
        return redirect(sampled.sample)
    form = FindingForm(request.POST or None)
    if form.is_valid() and done(form, lambda: record_finding(sampled, **form.cleaned_data, by=request.user, on=today)):
        messages.success(request, f"The finding about {sampled.deployment} is recorded.")
        return redirect(sampled.sample)
    context = {"form": form, "title": "Record a finding", "caption": str(sampled.deployment), "sampled": sampled}
    context |= {"button": "Record the finding", "cancel_url": sampled.sample.get_absolute_url()}
    return render(request, "impact/finding_new.html", context)


def sample_of(request: HttpRequest, pk: int, among: Any = None) -> Sample:
    """The sample, for those who may see samples at all; 404 for an absent one."""
    samples = Sample.objects.all() if among is None else among
    return get_object_or_404(samples.visible_to(request.user), pk=pk)
