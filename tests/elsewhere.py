"""Somebody else at the same moment: on a connection of their own, which never waits, so that no test needs timing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, OperationalError, connection, connections


def elsewhere(deed: Callable[[], object]) -> str:
    """`done`, `has to wait` for a transaction that is open here, or what the database refuses."""

    def attempt() -> str:
        never_wait = "SET lock_timeout = 1" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 0"
        try:
            with connection.cursor() as cursor:
                cursor.execute(never_wait)
            deed()
        except OperationalError:
            return "has to wait"
        except DatabaseError as error:
            return str(error)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(attempt).result()
