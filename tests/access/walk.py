"""Every address of a urlconf, with its view and what is known of who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.table import SIGN_IN_OPEN, SIGN_IN_OWN


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    """Each address as (its namespace, its name or route, its view)."""
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from addresses(found, found.namespace or namespace)
        elif isinstance(found, URLPattern):
            yield namespace, found.name or str(found.pattern), found.callback


def is_the_administrations(view: Any) -> bool:
    """Whether the administration's site asks for an administrator before the view: it wraps each in its own check."""
    return hasattr(view, "admin_site") or hasattr(view, "model_admin")


def policy_of(namespace: str, name: str, view: Any) -> Any:
    """Who may open the view; None when nobody has said."""
    if hasattr(view, "policy"):
        return view.policy
    if view.__module__.startswith("allauth."):
        return "public" if name in SIGN_IN_OPEN else "signed in" if name in SIGN_IN_OWN else None
    if namespace == "admin":
        return "admin.use" if is_the_administrations(view) else "public" if name == "login" else None
    return None
