"""Log lines: JSON, with the request's or task's id, and nothing about people."""

import io
import json
import logging

import pytest
from django.test import Client

from sidebyside.celery import app
from sidebyside.logs import configure
from sidebyside.mail.actions import post
from tests import make

NAME, EMAIL = "Nightingale", "nightingale@school.example"


@pytest.fixture
def lines(settings):
    """What has been logged as JSON, line by line."""
    configure({"level": "INFO", "json": True})
    written = io.StringIO()
    handler = next(handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler)
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    configure(settings.LOGGING)


def is_about_somebody(logged: list[dict]) -> bool:
    return any(word in json.dumps(logged).lower() for word in (NAME.lower(), EMAIL))


@pytest.mark.django_db
def test_each_request_is_one_line_with_the_id_that_its_answer_carries(client, lines):
    answer = client.get("/contact/?q=" + NAME)
    (line,) = lines()
    del line["timestamp"], line["milliseconds"]
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "sidebyside.logs",
        "method": "GET",
        "request_id": answer["X-Request-ID"],
        "route": "contact/",
        "status": 200,
    }


def test_the_health_pages_write_nothing(client, lines):
    client.get("/healthz")
    assert lines() == []


@pytest.mark.django_db
def test_what_is_asked_for_and_typed_stays_out_of_the_log(client, lines):
    client.get(f"/nobody/{NAME}/?email={EMAIL}")
    client.get(f"/first-run/{NAME}/")
    client.get("/accounts/password/reset/key/1-NIGHTINGALE/")
    client.post("/accounts/login/", {"login": EMAIL, "password": NAME})
    client.post("/accounts/password/reset/", {"email": EMAIL})
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": EMAIL}, query_params={"next": NAME})
    logged = lines()
    assert {line["event"] for line in logged} == {
        "answered",
        "Not Found: ",
        "Not Found: first-run/<str:token>/",
        "Forbidden (CSRF cookie not set.): accounts/login/",
    }
    assert not is_about_somebody(logged)


@pytest.mark.django_db
@pytest.mark.urls("tests.sidebyside.breaking_pages")
def test_an_error_is_logged_with_its_stack_and_without_its_words(lines, settings):
    page = Client(raise_request_exception=False).post(f"/breaks/{NAME}/", {"email": EMAIL})
    error = next(line for line in lines() if line["level"] == "error")
    assert page.status_code == 500
    assert error["event"] == "Internal Server Error: breaks/<str:name>/"
    assert (error["request_id"], error["method"]) == (page["X-Request-ID"], "POST")
    assert 'breaking_pages.py", line' in error["exception"]
    assert [line for line in error["exception"].splitlines() if "Error" in line and not line.startswith(" ")] == [
        "LookupError",
        "ValueError",
    ]
    assert not is_about_somebody([error])


@pytest.mark.django_db
@pytest.mark.urls("tests.sidebyside.breaking_pages")
def test_the_page_of_an_error_says_what_to_do_and_nothing_of_the_error():
    page = Client(raise_request_exception=False).get(f"/breaks/{NAME}/").content.decode()
    assert "Sorry, something went wrong" in page
    assert not is_about_somebody([{"page": page}])


def test_errors_that_speak_of_nobody_say_what_is_wrong(lines):
    try:
        import nowhere  # noqa: F401 - not there
    except ImportError:
        logging.getLogger("x").exception("broken")
    assert lines()[0]["exception"].endswith("ModuleNotFoundError: No module named 'nowhere'\n")


@pytest.mark.django_db
def test_a_task_carries_its_id(lines):
    task = app.tasks["sidebyside.sweep"].apply()
    assert [(line["event"], line["task_id"]) for line in lines() if line["event"] == "swept"] == [("swept", task.id)]


@pytest.mark.django_db
def test_a_mail_that_fails_is_not_quoted(lines, settings):
    settings.EMAIL_BACKEND = "sidebyside.mail.smtp.CandidBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post("a", to=[EMAIL], subject=NAME, body=NAME)
    make.user("head", name=NAME, email=EMAIL)
    app.tasks["sidebyside.sweep"].apply()
    logged = lines()
    assert "the mail server is away" in [line["event"] for line in logged]
    assert not is_about_somebody(logged)
