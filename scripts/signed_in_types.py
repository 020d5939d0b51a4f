"""Tells mypy what `LoginRequiredMiddleware` sees to: behind a view, `request.user` is a person of ours."""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.typeops import make_simplified_union
from mypy.types import Instance, Type, UnionType, get_proper_type

NOBODY = "django.contrib.auth.models.AnonymousUser"


def without_nobody(context: AttributeContext) -> Type:
    """The attribute's type without Django's anonymous user; a public page asks `is_authenticated` first."""
    declared = get_proper_type(context.default_attr_type)
    if not isinstance(declared, UnionType):
        return declared
    people = [get_proper_type(item) for item in declared.items]
    return make_simplified_union(
        [who for who in people if not (isinstance(who, Instance) and who.type.fullname == NOBODY)]
    )


class SignedInPlugin(Plugin):
    """Narrows one attribute of Django's request."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Called by mypy for each attribute that it meets."""
        return without_nobody if fullname == "django.http.request.HttpRequest.user" else None


def plugin(version: str) -> type[Plugin]:
    """What mypy looks for in this file."""
    return SignedInPlugin
