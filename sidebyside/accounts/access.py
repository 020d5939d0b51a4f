"""The keys: every view says who may open it. A view that says nothing fails the walk over all addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def requires(*permissions: str) -> Callable[[View], View]:
    """Let in who holds any of the permissions; everybody else who is signed in gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.may(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.policy = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who is signed in."""
    view.policy = "signed in"  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Let in everybody."""
    open_view = login_not_required(view)
    open_view.policy = "public"  # type: ignore[attr-defined]
    return open_view
