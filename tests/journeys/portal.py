"""A council's own portal, started as run.py starts it: a new database, web, worker and beat; and its mail."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from launch import ROOT, environment, packages, processes

SECONDS = 120  # for anything that one waits for, on a slow machine
Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None], what: str) -> Found:
    """What `find` finds, once it does."""
    last_moment = time.monotonic() + SECONDS
    while not (found := find()):
        assert time.monotonic() < last_moment, f"Waited in vain for {what}"
        time.sleep(0.2)
    return found


class Portal:
    """The running portal: its address, its commands, its outbox."""

    def __init__(self, var: Path, database: str, port: int) -> None:
        given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
        given |= {"SIDEBYSIDE_VAR": str(var)} | ({"DATABASE_URL": database} if database else {})
        self.var, self.port = var, port
        self.url = environment.page("127.0.0.1", port).rstrip("/")
        self.settings = environment.settings(given, demo=True)
        self.settings |= environment.address(given, "127.0.0.1", port, demo=False)
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *words: str) -> str:
        """What a Django command says."""
        command = [str(packages.PYTHON), "manage.py", *words]
        told = subprocess.run(command, cwd=ROOT, env=self.settings, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    def shell(self, code: str) -> str:
        """What a few lines of Python print, in the portal's own surroundings."""
        return self.manage("shell", "--verbosity", "0", "-c", code)

    def prepare(self) -> None:
        """The database's tables and the static files."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def start(self, *names: str) -> None:
        """Web, worker and beat as run.py starts them, or only those that are named."""
        commands = processes.commands("127.0.0.1", self.port)
        with (self.var / "processes.log").open("wb") as log:
            for name, command in commands.items():
                if names and name not in names:
                    continue
                self.children[name] = subprocess.Popen(
                    command, cwd=ROOT, env=self.settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
        wait_for(self._answers, "the portal’s first answer")

    def _answers(self) -> bool:
        for name, child in self.children.items():
            assert child.poll() is None, f"{name} ended: {(self.var / 'processes.log').read_text()}"
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            return answer.status == 200
        return False

    def stop(self) -> None:
        """End them in order; none is left."""
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(20)
            child.kill()
            child.wait()

    # --- Mail ---------------------------------------------------------------------------------------------------------
    def mails(self, to: str, subject: str) -> list[EmailMessage]:
        """The mails to somebody whose subject begins so."""
        files = sorted((self.var / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [mail for mail in mails if to in str(mail["to"]) and str(mail["subject"]).lstrip().startswith(subject)]

    def mail(self, to: str, subject: str) -> EmailMessage:
        """The newest such mail, waited for."""
        return wait_for(lambda: self.mails(to, subject), f"a mail “{subject}” to {to}")[-1]


@contextmanager
def new_portal(var: Path) -> Iterator[Portal]:
    """A portal with an empty database; whatever of it was started is stopped afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with database() as address:
        portal = Portal(var, address, port)
        try:
            portal.prepare()
            yield portal
        finally:
            portal.stop()


@contextmanager
def database() -> Iterator[str]:
    """The address of a new database on the engine of DATABASE_URL, dropped afterwards; empty for SQLite below `var`."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"journey_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def attached(mail: EmailMessage) -> bytes:
    """The one file that a mail brings."""
    [part] = mail.iter_attachments()
    return part.get_content()


def text_of(mail: EmailMessage) -> str:
    """What a mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
