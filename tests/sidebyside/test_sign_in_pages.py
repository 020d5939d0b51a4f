"""Every page of the sign-in wears our look and speaks our words."""

import re

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def heading(response):
    return re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", response.content.decode(), re.DOTALL).group(1)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Sign in to Side by Side"),
        ("account_reset_password", "Choose a new password"),
        ("account_reset_password_done", "Check your email"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_signup", "Accounts are made by the council"),
        ("account_inactive", "This account is closed"),
    ],
)
def test_a_visitor_finds_each_page(client, name, title):
    assert heading(client.get(reverse(name))) == title


def test_an_old_link_says_that_it_no_longer_works(client):
    assert heading(client.get("/accounts/password/reset/key/1-old/")) == "This link no longer works"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mfa_index", "Second sign-in step"),
        ("account_change_password", "Change your password"),
        ("account_reauthenticate", "Confirm that it is you"),
        ("account_logout", "Sign out of Side by Side?"),
        ("mfa_list_webauthn", "Passkeys and security keys"),
    ],
)
def test_a_person_finds_each_page_of_their_account(signed_in, name, title):
    assert heading(signed_in("champion").get(reverse(name))) == title


def test_the_sign_in_names_the_council(client):
    make.council(name="Westmere Council")
    page = client.get(reverse("account_login")).content.decode()
    assert "Westmere Council’s portal for school-to-school support" in page


def test_signing_in_and_out_says_nothing_that_the_page_does_not_show(client):
    make.user("champion", email="champion@sidebyside.example", password="long enough to be good")
    data = {"login": "champion@sidebyside.example", "password": "long enough to be good"}
    page = client.post(reverse("account_login"), data, follow=True)
    assert [str(message) for message in page.context["messages"]] == []


def test_the_administration_has_no_sign_in_of_its_own(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next=%2Fadmin%2F"


def test_the_administration_is_closed_to_other_roles(signed_in):
    assert signed_in("head").get("/admin/", follow=True).status_code == 403
