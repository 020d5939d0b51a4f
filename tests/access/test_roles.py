"""Role × address × {mine, theirs, absent}, by real requests: what is not yours looks like what does not exist (A1)."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from sidebyside.accounts.roles import Role
from tests.access.table import OBJECTS, ROWS, SCOPED, SIGN_IN_OPEN, SIGN_IN_OWN, Row

pytestmark = pytest.mark.django_db  # each test inside the world's transaction, and rolled back to it
WHICH = ("mine", "theirs", "absent")
NONCE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture(scope="module")
def clients(world):
    """A browser for everybody."""
    found = {"visitor": Client()}
    for role, person in world.people.items():
        found[role] = Client()
        found[role].force_login(person)
    return found


def url_of(row: Row, which: str, world) -> str:
    named = dict(row.named)
    if row.of:
        of_a_side, absent = OBJECTS[row.of]
        named = absent if which == "absent" else of_a_side(world.sides[which])
    return reverse(row.name, kwargs=named)


def expected(row: Row, role: str, which: str) -> int:
    """What the table says: 302 to the sign-in, 403, the row's own status, or 404."""
    if role == "visitor":
        return row.status if row.is_public else 302
    if role not in row.roles:
        return 403
    if row.of and (which == "absent" or role in row.blind.split()):
        return 404
    if role in row.refused.split():
        return 403
    is_scoped = role in SCOPED or row.own_only
    return 404 if which == "theirs" and is_scoped else row.status


def differences(world, clients, roles) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Every answer that is not the table's, as (expected, found)."""
    found = {}
    for row in ROWS:
        for which in WHICH if row.of else ("mine",):
            url = url_of(row, which, world)
            for role in roles:
                answer = getattr(clients[role], row.method)(url)
                if answer.streaming:
                    list(answer)  # to the end, so that it closes its files
                if answer.status_code != expected(row, role, which):
                    found[row.name, role, which] = (expected(row, role, which), answer.status_code)
    return found


@pytest.mark.parametrize("role", ["visitor", *Role])
def test_everybody_gets_the_answers_of_the_table(world, clients, role):
    assert differences(world, clients, [role]) == {}


def test_a_visitor_is_sent_to_the_sign_in(world, clients):
    closed = [row for row in ROWS if not row.is_public]
    urls = [url_of(row, which, world) for row in closed for which in (WHICH if row.of else ("mine",))]
    places = {clients["visitor"].get(url)["Location"].partition("?")[0] for url in urls}
    assert places == {reverse("account_login")}


@pytest.mark.parametrize("role", sorted(SCOPED))
def test_what_is_theirs_and_what_is_not_there_look_the_same(world, clients, role):
    compared = 0
    for row in ROWS:
        if row.of and role in row.roles:
            answers = [getattr(clients[role], row.method)(url_of(row, which, world)) for which in WHICH[1:]]
            (theirs, absent) = ({**answer.headers} for answer in answers)
            assert theirs.keys() == absent.keys(), row.name
            bodies = [NONCE.sub(b"", answer.content) for answer in answers]
            assert bodies[0] == bodies[1], row.name
            compared += 1
    assert compared >= {"trust_finance": 6, "champion": 7, "head": 15}[role]


def test_without_the_scope_every_page_about_something_would_be_open(world, clients, monkeypatch):
    """The control: the tests above see it when `visible_to` lets everything through."""
    for model in apps.get_models():
        if hasattr(model.objects, "visible_to"):
            monkeypatch.setattr(type(model.objects.all()), "visible_to", lambda rows, user: rows)
    found = differences(world, clients, sorted(SCOPED))
    opened = {(name, role) for (name, role, which), answer in found.items() if which == "theirs" and answer[0] == 404}
    assert opened == {(row.name, role) for row in ROWS if row.of for role in row.roles & SCOPED}


@pytest.mark.parametrize("name", sorted(SIGN_IN_OWN))
def test_pages_of_ones_own_account_are_for_those_who_are_signed_in(clients, name):
    url = reverse(name, kwargs={"pk": 1} if name in {"mfa_remove_webauthn", "mfa_edit_webauthn"} else {})
    answer = clients["visitor"].get(url)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", sorted(SIGN_IN_OPEN - {"account_reset_password_from_key"}))
def test_pages_of_the_sign_in_are_for_everybody(clients, name):
    assert clients["visitor"].get(reverse(name)).status_code in (200, 302)


def administration() -> list[str]:
    """A list, a new one, and the first row's pages, of everything that the administration holds."""
    urls = [reverse("admin:index"), reverse("admin:jsi18n"), reverse("admin:autocomplete"), "/admin/nowhere/"]
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        urls += [reverse(f"{names}_changelist"), reverse(f"{names}_add")]
        if row := model._default_manager.first():
            urls += [reverse(f"{names}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    return urls


def test_the_administration_is_for_administrators(world, clients):
    urls = administration()
    assert len(urls) > 60
    for role, client in clients.items():
        answers = {client.get(url).status_code for url in urls}
        allowed = {"administrator": {200, 403, 404}, "visitor": {302}}.get(role, {302})
        assert answers <= allowed, role
