"""Logs as JSON lines, each with the request's or the task's id, and no personal text.

A line names the route, never the address that was asked for (it may hold a name or a one-time link), and of an error
its kind and its stack, never what it says (a database's complaint quotes the row).
"""

from __future__ import annotations

import logging
import logging.config
import time
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars

log = logging.getLogger(__name__)
HEALTH = ("/healthz", "/readyz")
# What these say names programs, places and settings, never people.
SPEAKS_OF_NOBODY = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    OperationalError,
    TemplateDoesNotExist,
)
Line = MutableMapping[str, Any]


def route_of(request: HttpRequest) -> str:
    """The pattern that the request's address matched, such as `schools/<int:urn>/`; empty when there was none."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else ""


def name_the_route(_logger: object, _method: str, line: Line) -> Line:
    """Put the route in the place of a request and of its path."""
    request, words = line.pop("request", None), line.pop("positional_args", None)
    if isinstance(request, HttpRequest):
        line["method"], line["route"] = request.method, route_of(request)
        if words and request.path in words:
            line["event"] = str(line["_record"].msg) % tuple(
                line["route"] if word == request.path else word for word in words
            )
    return line


def tell_the_stack(_logger: object, _method: str, line: Line) -> Line:
    """Put an error's kind and stack in the place of the error."""
    exc_info = line.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        line["exception"] = "".join(_stack(error))
    return line


def _stack(error: BaseException) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_stack(cause), "which led to\n"] if cause else []
    said = f": {error}" if isinstance(error, SPEAKS_OF_NOBODY) else ""
    return [*before, *traceback.format_tb(error.__traceback__), f"{type(error).__name__}{said}\n"]


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    name_the_route,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: everything to standard error, at `level`, as JSON or (for people) as text."""
    renderers = [tell_the_stack, structlog.processors.JSONRenderer()] if options["json"] else [_for_people()]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "pass_foreign_args": True,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "kombu", "django.db.backends")
            },
        }
    )


def _for_people() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


class RequestIdMiddleware:
    """Gives each request an id, which its log lines and its response carry, and writes one line of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id, start = uuid.uuid4().hex, time.monotonic()
        with bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if request.path_info not in HEALTH:
                took = {"status": response.status_code, "milliseconds": round((time.monotonic() - start) * 1000)}
                log.info("answered", extra={"request": request, **took})
        response["X-Request-ID"] = request_id
        return response


@task_prerun.connect
def _name_the_task(task_id: str, **kwargs: Any) -> None:
    clear_contextvars()
    bind_contextvars(task_id=task_id)


@task_postrun.connect
def _forget_the_task(**kwargs: Any) -> None:
    clear_contextvars()
