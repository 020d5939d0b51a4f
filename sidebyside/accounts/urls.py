"""The sign-in's addresses: of all that allauth offers, what people here need.

People are invited and an administrator keeps their email address, so there are no pages to sign up, to change or
confirm an email address, or to connect accounts elsewhere; `signup/` stays to say so.
"""

from allauth.account import views
from django.urls import include, path, re_path

from sidebyside.accounts.access import signed_in
from sidebyside.accounts.views import SetUpApp, SetUpKey

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/totp/activate/", signed_in(SetUpApp.as_view()), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", signed_in(SetUpKey.as_view()), name="mfa_add_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]
