"""What every signed-in request passes: the second factor of council staff, and no copies in caches."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from sidebyside.accounts.models import User

Respond = Callable[[HttpRequest], HttpResponse]
OPEN_WITHOUT_SECOND_FACTOR = ("/accounts/", "/static/", "/healthz", "/readyz")


class SecondFactorMiddleware:
    """Council staff set up a second factor before they see anything (not in the demonstration)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_missing(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def is_missing(self, request: HttpRequest) -> bool:
        """Whether this request needs a second factor that its user has not set up."""
        if settings.DEMO or request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            return False
        user = request.user
        return isinstance(user, User) and user.is_council_staff and not user.has_second_factor


class NoStoreMiddleware:
    """Pages behind sign-in are kept by no cache and no back button (design, section 4)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
