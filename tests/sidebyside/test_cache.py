"""While Redis is away nothing is remembered, and every page still answers."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.urls import reverse

from tests import make
from tests.second_factor import SECRET, code_of


@pytest.fixture
def away(settings):
    """A cache that nobody answers for."""
    settings.CACHES = {
        "default": {"BACKEND": "sidebyside.cache.PatientRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }


def test_a_cache_that_is_away_is_empty(away):
    assert cache.add("a", 1) is True
    cache.set("a", 1)
    cache.set_many({"a": 1})
    assert (cache.get("a"), cache.get("a", 2), cache.get_many(["a"]), "a" in cache) == (None, 2, {}, False)
    assert (cache.get_or_set("a", lambda: 3), cache.incr("a"), cache.delete("a"), cache.touch("a")) == (
        3,
        1,
        False,
        False,
    )
    cache.delete_many(["a"])
    assert cache.clear() is False


@pytest.mark.django_db
def test_pages_answer_and_people_sign_in_without_it(away, client):
    make.council(name="Westmere Council")
    lead = make.user("lead", email="lead@council.example", password="three good random words")
    TOTP.activate(lead, SECRET)
    assert "Westmere Council" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/", {"login": lead.email, "password": "three good random words"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.get("/").status_code == 200
