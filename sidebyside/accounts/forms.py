"""The sign-in's forms with our labels and our words for what is missing."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from sidebyside.forms import Look


class LoginForm(Look, account.LoginForm):
    """Email address and password."""

    labels = {"login": "Email address"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the way to a new password stands beside the button


class ResetPasswordForm(Look, account.ResetPasswordForm):
    """Where to send the link for a new password."""

    labels = {"email": "Email address"}


class ResetPasswordKeyForm(Look, account.ResetPasswordKeyForm):
    """A new password, twice, from the link in the mail."""

    labels = {"password1": "New password", "password2": "New password again"}


class ChangePasswordForm(Look, account.ChangePasswordForm):
    """The current password, and a new one twice."""

    labels = {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"}


class ReauthenticateForm(Look, account.ReauthenticateForm):
    """The password, asked once more."""


class AuthenticateForm(Look, mfa.AuthenticateForm):
    """The second step's code."""


class ActivateTOTPForm(Look, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    labels = {"code": "Code from the app"}
