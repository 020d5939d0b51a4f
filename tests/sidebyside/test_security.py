"""What every answer carries, in production above all."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from django.test import Client, override_settings

from launch.processes import commands, free_port
from tests.sidebyside.processes import ROOT, database_url, python

POLICY = [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
]
PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://portal.example.gov.uk",
    "ALLOWED_HOSTS": "portal.example.gov.uk",
    "BEHIND_PROXY": "1",
    "DEMO": "0",
    "DEBUG": "0",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # the tests set it for Playwright
}


WEB = {
    "run.py": commands("127.0.0.1", 0)["web"][3:],
    "the image": json.loads(re.search(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE).group(1))[1:],
}


def directives(answer) -> list[str]:
    return sorted(answer["Content-Security-Policy"].split("; "))


@pytest.mark.django_db
@pytest.mark.urls("tests.sidebyside.breaking_pages")
def test_one_constant_policy_stands_on_every_answer_errors_too():
    client = Client(raise_request_exception=False)
    answers = [client.get(path) for path in ("/contact/", "/nowhere/", "/breaks/x/", "/", "/admin/", "/healthz")]
    answers.append(Client(enforce_csrf_checks=True).post("/accounts/login/"))
    assert [answer.status_code for answer in answers] == [200, 404, 500, 302, 302, 200, 403]
    for answer in answers:
        assert directives(answer) == POLICY
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused():
    answer = Client(raise_request_exception=False).get("/contact/", headers={"host": "evil.example"})
    assert (answer.status_code, directives(answer)) == (400, POLICY)


@pytest.mark.django_db
def test_pages_behind_the_sign_in_are_kept_by_no_cache(signed_in):
    assert "no-store" in signed_in("champion").get("/")["Cache-Control"]


@pytest.mark.django_db
def test_a_page_that_reads_a_session_is_not_kept_for_others(client):
    assert "Cookie" in client.get("/contact/")["Vary"]


@pytest.mark.django_db
def test_the_second_factor_and_the_error_pages_are_kept_by_no_cache(signed_in):
    lead = signed_in("lead")
    with override_settings(DEMO=False):
        assert "no-store" in lead.get("/")["Cache-Control"]
    assert "no-store" in lead.get("/nowhere/")["Cache-Control"]


@pytest.mark.process
def test_the_deployment_check_finds_nothing_in_production():
    check = "from django.core.management import call_command; call_command('check', deploy=True, fail_level='INFO')"
    process = python(check, **PRODUCTION)
    said, _ = process.communicate(timeout=90)
    assert (process.returncode, said) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.process
def test_production_speaks_https_only_and_its_cookies_too():
    ask = """
import json
from django.conf import settings
from django.test import Client
over_http = Client().get("/contact/", headers={"host": "portal.example.gov.uk"})
health = Client().get("/healthz", headers={"host": "portal.example.gov.uk"})
over_https = Client().get("/healthz", headers={"host": "portal.example.gov.uk", "x-forwarded-proto": "https"})
print(json.dumps({
    "moved": [over_http.status_code, over_http["Location"]],
    "health": health.status_code,
    "hsts": over_https["Strict-Transport-Security"],
    "session": [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
    "csrf": [settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_SAMESITE],
    "debug": settings.DEBUG, "demo": settings.DEMO, "json": settings.LOGGING["json"],
}))
"""
    said, _ = python(ask, **PRODUCTION).communicate(timeout=90)
    assert json.loads(said.splitlines()[-1]) == {
        "moved": [301, "https://portal.example.gov.uk/contact/"],
        "health": 200,
        "hsts": "max-age=31536000; includeSubDomains; preload",
        "session": [True, True, "Lax"],
        "csrf": [True, "Lax"],
        "debug": False,
        "demo": False,
        "json": False,  # the tests ask for text
    }


@contextmanager
def web(arguments: list[str]):
    """gunicorn on a free port, started with these arguments, and how to ask it for a page."""
    port = free_port("127.0.0.1", 18100)
    own = {"DATABASE_URL": database_url(), "LOG_LEVEL": "ERROR", "DEBUG": "1"}
    place = re.compile(r"^[\d.]+:\d+$")
    command = [sys.executable, "-m", "gunicorn", *(place.sub(f"127.0.0.1:{port}", word) for word in arguments)]

    def ask(path: str, **headers: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as caller:
            caller.request("GET", path, headers=headers)
            answer = caller.getresponse()
            answer.read()
            return answer.status

    def is_up() -> bool:
        try:
            return ask("/healthz") == 200
        except ConnectionRefusedError:
            return False

    with subprocess.Popen(command, cwd=ROOT, env=os.environ | own) as process:
        try:
            while not is_up():
                assert process.poll() is None
                time.sleep(0.1)
            yield ask
        finally:
            process.terminate()


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WEB)
def test_no_header_moves_the_portal_to_another_path(name):
    with web(WEB[name]) as ask:
        assert ask("/accounts/healthz", SCRIPT_NAME="/accounts") == 404


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_gunicorn_left_to_itself_would_believe_such_a_header():
    """The control: what the arguments are for."""
    with web(["sidebyside.wsgi", "--bind", "127.0.0.1:0"]) as ask:
        assert ask("/accounts/healthz", SCRIPT_NAME="/accounts") == 200
