"""A real mail server for tests, which can refuse, falter and fall silent as real ones do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


class PostOffice:
    """What the server does at each step; `mails` holds what it took, as (recipients, bytes)."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []
        self.answers: dict[str, str] = {}
        self.drops_at = ""
        self.is_silent = False
        self.waits_for = 0
        self.callers = 0
        self.all_are_here = asyncio.Event()

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list) -> list:  # noqa: N802 - aiosmtpd calls it so
        """Greet; first wait until so many have called."""
        session.host_name = hostname
        self.callers += 1
        if self.callers >= self.waits_for:
            self.all_are_here.set()
        await self.all_are_here.wait()
        return lines

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Take a recipient, unless told otherwise of that one or of all."""
        if self.drops_at == "RCPT":
            server.transport.abort()
        answer = self.answers.get(address) or self.answers.get("RCPT", ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Take the mail, unless told otherwise."""
        answer = self.answers.get("DATA", ACCEPTED)
        if answer == ACCEPTED:
            self.mails.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        if self.drops_at == "the last dot":
            server.transport.abort()
        if self.is_silent:
            await asyncio.Event().wait()
        return answer


class FalteringSMTP(SMTP):
    """Drops the line when the word DATA comes, where told to."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it so
        """Before any of the mail has been handed over."""
        if self.event_handler.drops_at == "DATA":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Door(Controller):
    """The server on a port of its own, in a thread."""

    def factory(self) -> SMTP:
        """One caller's connection."""
        return FalteringSMTP(self.handler, hostname="mail.example", loop=self.loop)


def open_post_office(port: int) -> tuple[PostOffice, Callable[[], Any]]:
    """A server that listens on this port, and how to close it."""
    office = PostOffice()
    door = Door(office, hostname="127.0.0.1", port=port)
    door.start()
    return office, door.stop
