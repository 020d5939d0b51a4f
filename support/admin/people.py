"""People in the administration, once champions are known: whoever is invited is joined to the register's entry."""

from __future__ import annotations

from django.contrib import admin, messages
from django.forms import BaseModelForm
from django.http import HttpRequest

from schools.admin.people import PersonAdmin
from sidebyside.accounts.models import User
from support.actions.champions import join_champion


class PersonAndChampionAdmin(PersonAdmin):
    """The same page. It stands here because champions lie above people and schools."""

    def save_model(self, request: HttpRequest, obj: User, form: BaseModelForm, change: bool) -> None:
        """Also join the champion with the same email, whoever of the two was there first."""
        super().save_model(request, obj, form, change)
        if champion := join_champion(obj, by=request.user):
            messages.info(request, f"{obj.name} sees the deployments of the champion {champion.code}, {champion.name}.")


admin.site.unregister(User)
admin.site.register(User, PersonAndChampionAdmin)
