"""Setting up a second factor, which this sign-in has then used."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse


class _UsesWhatItSetsUp:
    """Whoever sets a factor up has proved it in this moment, so this session has used it and is not asked again.

    Every other session of this person ends with its next request (`middleware.SecondFactorMiddleware`).
    """

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        record_authentication(request, request.user, "mfa", reauthenticated=True)
        return answer


class SetUpApp(_UsesWhatItSetsUp, ActivateTOTPView):
    """An authenticator app, proved by its first code."""


class SetUpKey(_UsesWhatItSetsUp, AddWebAuthnView):
    """A passkey, proved by what it signs."""
