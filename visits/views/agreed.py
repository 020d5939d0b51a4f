"""Closing an agreed action."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.refusals import Refusal
from visits.actions.agreed import close_action
from visits.forms.notes import CloseForm
from visits.models import AgreedAction


@requires("visits.log_visit")
def action_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an action is done, and what has changed because of it (V5)."""
    actions = AgreedAction.objects.visible_to(request.user).select_related("school")
    action = get_object_or_404(actions, pk=pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_action(action, effect=form.cleaned_data["effect"], by=request.user, on=timezone.localdate())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "The action is done.")
            return redirect(action)
    url = action.get_absolute_url()
    context = {"action": action, "form": form, "title": "Close this action", "caption": action.school.name}
    context |= {"button": "It is done", "cancel_url": url, "back_url": url, "back_text": "Visits"}
    return render(request, "visits/action_close.html", context)
