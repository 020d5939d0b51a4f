"""What every test may count on: a database that can be emptied, and a cast of people."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import date

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management.commands.flush import Command as Flush
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.guards import triggers
from tests import make

# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile(
    "unhurried", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def plain_settings() -> None:
    """The cheap twins of what production needs: no fingerprints on static files, a fast password hash."""
    django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.DEMO = True
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database, left by all before it is dropped.

    Once Playwright's event loop has run in this thread, Django keeps another connection beside the first, and the
    end of the tests sees only one of them: PostgreSQL would not drop a database that the other still uses.
    """
    ours = threading.get_ident()
    opened: list[BaseDatabaseWrapper] = []

    def remember(connection: BaseDatabaseWrapper, **_: object) -> None:
        if threading.get_ident() == ours:
            opened.append(connection)

    connection_created.connect(remember)
    yield
    connection_created.disconnect(remember)
    for connection in opened:
        connection.close()


@pytest.fixture(autouse=True, scope="session")
def emptying_lifts_the_guards() -> Iterator[None]:
    """A test with real transactions empties the tables afterwards, which the triggers refuse; flush puts them back."""
    handle = Flush.handle

    def lift_then_flush(self: Flush, **options: object) -> None:
        triggers.remove(options["database"])
        handle(self, **options)

    Flush.handle = lift_then_flush
    yield
    Flush.handle = handle


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No page remembers another test's council."""
    cache.clear()


@pytest.fixture
def today() -> date:
    """Today in London, read at the edge as pages do."""
    return timezone.localdate()


@pytest.fixture
def signed_in(client: Client) -> Callable[[User | str], Client]:
    """A browser in which this person (or a new one of this role) is signed in."""

    def sign_in(who: User | str) -> Client:
        client.force_login(make.user(who) if isinstance(who, str) else who)
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium, which runs as root only without its sandbox."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": [*quiet, "--disable-sync"],
    }
