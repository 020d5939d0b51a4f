"""What every signed-in request passes: the second factor of council staff, and no copies in caches."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from sidebyside.accounts.models import User

Respond = Callable[[HttpRequest], HttpResponse]
OPEN_WITHOUT_SECOND_FACTOR = ("/accounts/", "/static/", "/healthz", "/readyz")


class SecondFactorMiddleware:
    """Council staff set up a second factor before they see anything, and whoever has one has used it (not in the
    demonstration).

    A session that a password alone let in ends with its first request after the person has set up a factor elsewhere:
    it may be somebody else who knows the password.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if settings.DEMO or not isinstance(user, User):
            return self.get_response(request)
        if user.second_factor_set_up_at and not self.is_used(request, user):
            logout(request)
        elif self.is_missing(request, user):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def is_used(self, request: HttpRequest, user: User) -> bool:
        """Whether this session has used a second factor since the person's newest was set up."""
        used = [each["at"] for each in get_authentication_records(request, user) if each["method"] == "mfa"]
        newest = user.second_factor_set_up_at
        return bool(used and newest and max(used) >= newest.timestamp())

    def is_missing(self, request: HttpRequest, user: User) -> bool:
        """Whether this request needs a second factor that its user has not set up.

        `path_info` is what the address is resolved by; `path` begins with what a header may have put before it.
        """
        if request.path_info.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            return False
        return user.is_council_staff and not user.second_factor_set_up_at


class NoStoreMiddleware:
    """Pages behind sign-in are kept by no cache and no back button (design, section 4)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
