"""Saying which adviser looks after a school."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from schools.actions import assign_adviser
from schools.forms import AdviserForm
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.refusals import Refusal


@requires("schools.assign_adviser")
def adviser_assign(request: HttpRequest, urn: int) -> HttpResponse:
    """Choose the adviser, from a day on."""
    school, today = school_page(request, urn), timezone.localdate()
    form = AdviserForm(
        request.POST if request.method == "POST" else None, initial={"adviser": school.adviser_id, "on": today}
    )
    if form.is_valid():
        try:
            assignment = assign_adviser(school, **form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{assignment.adviser} looks after {school}.")
            return redirect(school)
    context = {"school": school, "form": form, "title": "Assign an adviser", "caption": school.name}
    context |= {"button": "Assign the adviser", "cancel_url": school.get_absolute_url()}
    return render(request, "layouts/form.html", context)
