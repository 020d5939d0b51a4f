"""What the tests of the portal’s own machinery share."""

from __future__ import annotations

import pytest
from kombu import pools

from sidebyside.celery import app


@pytest.fixture
def broker(monkeypatch):
    """`broker(url, **transport_options)` points the portal at another one for as long as a test lasts."""

    def point(url: str, **options: object) -> None:
        _forget_connections()
        monkeypatch.setitem(app.conf, "broker_url", url)
        monkeypatch.setitem(app.conf, "broker_write_url", url)
        monkeypatch.setitem(app.conf, "broker_transport_options", options)

    yield point
    _forget_connections()


def _forget_connections() -> None:
    pools.reset()
    app.__dict__.pop("amqp", None)
    app._pool = None
