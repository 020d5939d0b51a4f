"""Signing in: who gets in, who needs a second step, and what nobody can do."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.auth import authenticate
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from sidebyside.accounts.models import User
from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD, NotTheDemonstrationPassword
from sidebyside.accounts.roles import COUNCIL_STAFF, Role
from tests import make
from tests.second_factor import SECRET, code_of, sign_in_with_code

pytestmark = pytest.mark.django_db
PASSWORD = "three good random words"
LOGIN = "/accounts/login/"


@pytest.fixture
def person():
    return make.user("head", email="head@school.example", password=PASSWORD)


def sign_in(client: Client, email: str = "head@school.example", password: str = PASSWORD, **extra: object):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_email_signs_in_whatever_its_capitals(client, person):
    assert sign_in(client, "Head@School.Example").status_code == 302
    assert is_in(client)


def test_the_session_changes_its_key_on_the_way_in(client, person):
    client.get(LOGIN)
    client.session["before"] = True
    planted = client.session
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in(client)
    assert (is_in(client), client.session.session_key == planted.session_key) == (True, False)


def test_signing_out_takes_a_button_and_ends_the_session(client, person):
    sign_in(client)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_who_may_not_sign_in_any_more_is_out_at_once(client, person):
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get(reverse("mfa_index")).status_code == 302
    sign_in(client)
    assert client.get(reverse("mfa_index")).status_code == 302


def test_the_demonstrations_password_opens_the_demonstration_only(client, settings):
    make.user("head", email="head@school.example", password=DEMONSTRATION_PASSWORD)
    settings.DEMO = False
    sign_in(client, password=DEMONSTRATION_PASSWORD)
    assert not is_in(client)
    assert authenticate(email="head@school.example", password=DEMONSTRATION_PASSWORD) is None
    settings.DEMO = True
    sign_in(client, password=DEMONSTRATION_PASSWORD)
    assert is_in(client)


def test_nobody_may_choose_the_demonstrations_password(client, person):
    with pytest.raises(ValidationError):
        NotTheDemonstrationPassword().validate(DEMONSTRATION_PASSWORD)
    page = follow_reset_link(client, DEMONSTRATION_PASSWORD)
    assert "This password belongs to the demonstration" in page.content.decode()
    assert not sign_in(client, password=DEMONSTRATION_PASSWORD).has_header("Location")


def follow_reset_link(client: Client, password: str):
    client.post("/accounts/password/reset/", {"email": "head@school.example"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    return client.post(form, {"password1": password, "password2": password})


def test_a_reset_link_sets_a_password_once(client, person):
    follow_reset_link(client, "four other good words")
    assert sign_in(client, password="four other good words").status_code == 302
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)
    assert "This link no longer works" in Client().get(link).content.decode()


def test_an_invited_person_sets_a_first_password_by_the_reset_page(client):
    make.user("head", email="head@school.example", password=None)
    follow_reset_link(client, PASSWORD)
    assert sign_in(client).status_code == 302


def test_the_reset_page_says_the_same_of_people_and_of_strangers(client, person):
    answers = [client.post("/accounts/password/reset/", {"email": email}) for email in (person.email, "no@one.example")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2


def test_strangers_cannot_make_the_portal_write_to_strangers(client):
    client.post("/accounts/password/reset/", {"email": "no@one.example"})
    assert mail.outbox == []


def test_the_reset_mail_says_what_it_is_and_holds_the_link(client, person):
    client.post("/accounts/password/reset/", {"email": person.email})
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Set your Side by Side password", [person.email])
    assert sent.body.startswith("Hello,\n\nsomebody has asked for a new Side by Side password for head@school.example.")


def test_a_mail_server_that_is_away_breaks_no_page_and_tells_nobody_apart(client, settings, person):
    settings.EMAIL_BACKEND = "sidebyside.mail.smtp.CandidBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answers = [client.post("/accounts/password/reset/", {"email": email}) for email in (person.email, "no@one.example")]
    assert {answer["Location"] for answer in answers} == {"/accounts/password/reset/done/"}


def test_five_wrong_passwords_close_the_door_for_a_while(client, person):
    for _ in range(5):
        sign_in(client, password="wrong")
    page = sign_in(client)
    assert not is_in(client)
    assert "Too many failed login attempts" in page.content.decode()


def test_behind_a_proxy_each_visitor_is_counted_apart(client, settings, person):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(12):
        sign_in(client, f"nobody{number}@school.example", headers={"X-Forwarded-For": "192.0.2.1"})
    assert sign_in(client, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200
    sign_in(client, headers={"X-Forwarded-For": "192.0.2.2"})
    assert is_in(client)


def test_nobody_signs_up(client):
    client.post("/accounts/signup/", {"email": "new@school.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "3rdparty/", "3rdparty/signup/", "social/connections/"])
def test_pages_that_nobody_needs_are_not_there(signed_in, path):
    assert signed_in("champion").get(f"/accounts/{path}").status_code == 404


def test_signing_in_costs_few_queries(client, person, django_assert_max_num_queries):
    client.get(LOGIN)
    with django_assert_max_num_queries(14):
        sign_in(client)


# --- The second factor ------------------------------------------------------------------------------------------------


@pytest.fixture
def real(settings):
    """Not the demonstration."""
    settings.DEMO = False


@pytest.mark.parametrize("role", sorted(COUNCIL_STAFF))
@pytest.mark.parametrize("path", ["/", "/schools/", "/admin/", "/admin/accounts/user/", "/nowhere/", "/invoices/zip/"])
def test_council_staff_set_up_a_second_factor_first(real, signed_in, role, path):
    answer = signed_in(role).get(path)
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_activate_totp"))


@pytest.mark.parametrize("forced", ["", None])
def test_a_header_that_moves_the_portal_elsewhere_opens_nothing(real, signed_in, settings, forced):
    settings.FORCE_SCRIPT_NAME = forced
    answer = signed_in("lead").get("/schools/", SCRIPT_NAME="/accounts")
    assert (answer.status_code, answer["Location"].endswith(reverse("mfa_activate_totp"))) == (302, True)


@pytest.mark.parametrize("role", sorted(set(Role) - COUNCIL_STAFF))
def test_schools_people_need_none(real, signed_in, role):
    assert signed_in(role).get("/contact/").status_code == 200


def test_the_way_to_the_second_factor_asks_for_no_password_a_moment_after_it_was_typed(real, client):
    make.user("lead", email="lead@council.example", password=PASSWORD)
    activate, codes = reverse("mfa_activate_totp"), reverse("mfa_view_recovery_codes")
    page = sign_in(client, "lead@council.example", follow=True)
    assert page.redirect_chain[-1] == (activate, 302)
    page = client.post(activate, {"code": code_of(page.context["form"].secret)}, follow=True)
    assert page.redirect_chain == [(codes, 302)]
    assert client.get("/contact/").status_code == 200


def later(client: Client, seconds: int) -> None:
    """As if the password had been typed so long ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def test_after_a_while_the_password_is_asked_for_again(real, client):
    make.user("lead", email="lead@council.example", password=PASSWORD)
    sign_in(client, "lead@council.example")
    later(client, 301)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].partition("?")[0] == reverse("account_reauthenticate")
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert page.redirect_chain == [(reverse("mfa_activate_totp"), 302)]


def test_a_session_that_typed_no_password_types_one_first(real, signed_in):
    asked = signed_in("lead").get(reverse("mfa_activate_totp"))
    assert asked["Location"].partition("?")[0] == reverse("account_reauthenticate")


def test_what_an_older_second_factor_protects_takes_the_password_or_a_code_again(real, client):
    lead = make.user("lead", email="lead@council.example", password=PASSWORD)
    TOTP.activate(lead, SECRET)
    RecoveryCodes.activate(lead)
    sign_in(client, "lead@council.example")
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        asked = client.get(reverse(name))
        assert (name, asked["Location"].partition("?")[0]) == (name, reverse("account_reauthenticate"))


def test_a_password_alone_takes_away_no_factor_that_is_newer_than_its_sign_in(real, client):
    """A thief who signed in first, and came a moment after the owner had set hers up."""
    lead = make.user("lead", email="lead@council.example", password=PASSWORD)
    sign_in(client, "lead@council.example")
    TOTP.activate(lead, SECRET)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer["Location"].partition("?")[0] == reverse("account_login")
    assert Authenticator.objects.filter(user=lead).exists()


def test_in_the_demonstration_too_a_fresh_password_is_trusted_only_while_there_is_no_factor(client, person):
    sign_in(client)
    TOTP.activate(person, SECRET)
    for name in ("mfa_deactivate_totp", "mfa_add_webauthn"):
        asked = client.post(reverse(name))
        assert (name, asked["Location"].partition("?")[0]) == (name, reverse("account_reauthenticate"))


def test_setting_up_a_factor_keeps_the_session_that_did_and_ends_the_persons_others(real, client):
    make.user("lead", email="lead@council.example", password=PASSWORD)
    thief, activate = Client(), reverse("mfa_activate_totp")
    sign_in(thief, "lead@council.example")
    page = sign_in(client, "lead@council.example", follow=True)
    client.post(activate, {"code": code_of(page.context["form"].secret)})
    assert client.get("/schools/").status_code == 200
    assert thief.get("/schools/")["Location"].partition("?")[0] == reverse("account_login")
    assert not is_in(thief)


def test_a_session_that_used_an_older_factor_ends_with_the_next_that_is_set_up(real):
    """Somebody who had the lost telephone is out once its owner has a new one."""
    lead = make.user("lead")
    TOTP.activate(lead, SECRET)
    browser = sign_in_with_code(lead)
    assert browser.get("/schools/").status_code == 200
    Authenticator.objects.all().delete()
    TOTP.activate(lead, SECRET)
    assert browser.get("/schools/")["Location"].partition("?")[0] == reverse("account_login")


def test_a_factor_of_ones_own_choice_ends_older_sessions_too(real, client, person):
    sign_in(client)
    TOTP.activate(person, SECRET)
    client.get("/contact/")
    assert not is_in(client)


def test_another_persons_factor_is_not_ones_own(real):
    """What a session holds of one person counts for no other who signs in through it."""
    first, second = make.user("lead"), make.user("lead")
    TOTP.activate(first, SECRET)
    browser = sign_in_with_code(first)
    TOTP.activate(second, SECRET)
    browser.force_login(second)
    assert browser.get("/schools/")["Location"].partition("?")[0] == reverse("account_login")


def test_who_has_a_second_factor_is_asked_for_it(real, client):
    lead = make.user("lead", email="lead@council.example", password=PASSWORD)
    TOTP.activate(lead, SECRET)
    RecoveryCodes.activate(lead)
    assert sign_in(client, "lead@council.example")["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert is_in(client)


def test_the_demonstration_asks_for_none(signed_in):
    assert signed_in("lead").get("/contact/").status_code == 200


# --- The administration -----------------------------------------------------------------------------------------------


def test_tables_of_libraries_are_not_in_the_administration():
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels & {"auth", "account", "mfa", "socialaccount", "sessions", "contenttypes"} == set()


def test_people_are_kept_from_signing_in_and_never_deleted(signed_in):
    person = make.user("head")
    administrator = signed_in("administrator")
    assert administrator.get(f"/admin/accounts/user/{person.pk}/delete/").status_code == 403
    data = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
    administrator.post("/admin/accounts/user/", data)
    assert User.objects.filter(pk=person.pk).exists()


def test_two_people_cannot_share_an_email_in_other_capitals(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="HEAD@school.example", name="Another", role="head")


def test_no_address_of_allauth_is_left_by_accident():
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
    assert resolve("/accounts/login/").url_name == "account_login"


def test_history_in_the_administration_is_read_and_not_gone_back_to(signed_in):
    draft = make.offer(state="draft", published_on=None)
    version = draft.history.first()
    client = signed_in("administrator")
    url = reverse("admin:support_offer_simple_history", args=[draft.pk, version.pk])
    assert (client.get(url).status_code, client.post(url, {"introduction": "As it was"}).status_code) == (200, 405)
