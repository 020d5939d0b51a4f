"""The administration's site: our title, and open to administrators only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

# Their tables are for their own code: roles are one table of ours, and a second factor is nobody else's to edit.
CLOSED_APPS = {"auth", "account", "mfa", "socialaccount"}


class Administration(AdminSite):
    """Django's admin under our name. `User.is_staff` says who may open it."""

    site_header = "Side by Side administration"
    site_title = "Side by Side administration"
    index_title = "What would you like to change?"
    enable_nav_sidebar = True

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take a model in, unless it belongs to a library that keeps its own counsel."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        open_ones = [model for model in models if model._meta.app_label not in CLOSED_APPS]
        super().register(open_ones, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """A view for administrators, which says so like every other view of the portal.

        What a row was may be looked at, not gone back to: that would save the past over a published offer, past the
        actions and the trail.
        """
        if getattr(view, "__name__", "") == "history_form_view":
            view = require_safe(view)
        guarded = super().admin_view(view, cacheable)
        guarded.policy = ("admin.use",)  # type: ignore[attr-defined]
        return guarded

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own sign-in: Django's would ask for no second step and know no rate limit."""
        from allauth.account.decorators import secure_admin_login  # needs the models, which load after this module

        return secure_admin_login(super().login)(request, extra_context)


class AdministrationConfig(AdminConfig):
    """Puts our site in place of Django's own."""

    default_site = "sidebyside.administration.Administration"
