"""Is the process alive; is the portal ready."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from sidebyside.accounts.access import public
from sidebyside.health.checks import problems


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: answers without touching anything."""
    return JsonResponse({"status": "ok"})


@public
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: database, migrations, triggers, broker and last sweep; 503 with the names of what is not."""
    found = problems(now=timezone.now())
    return JsonResponse({"status": "ok" if not found else "not ready", "problems": found}, status=503 if found else 200)
