"""What every page says of the council."""

from django.conf import settings
from django.http import HttpRequest

from sidebyside.council.models import displayed_council


def council(request: HttpRequest) -> dict[str, object]:
    """`council` (None before set-up) and `demo` for templates."""
    return {"council": displayed_council(), "demo": settings.DEMO}
