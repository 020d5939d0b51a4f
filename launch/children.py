"""Processes that we start: none outlives us, however we end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from types import FrameType

from launch import ROOT

PR_SET_PDEATHSIG = 1
SECONDS_TO_END = 20
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def foreground(command: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run one program in the terminal and return its exit code. Ctrl+C is its own; SIGTERM is passed on to it."""
    parent = os.getpid()
    with subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=lambda: _end_with(parent)) as child:

        def pass_on(number: int, _frame: FrameType | None) -> None:
            if number != signal.SIGINT:  # the terminal has told it already
                child.send_signal(number)

        before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        code = child.wait()
    for number, handler in before.items():
        signal.signal(number, handler)
    return 128 - code if code < 0 else code


def background(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start one program in a group of its own: Ctrl+C in the terminal reaches only us, and we end it in order."""
    parent = os.getpid()
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: _end_with(parent),
    )


def _end_with(parent: int) -> None:
    """Ask Linux to end this child when its parent is killed, even by a signal that nobody can catch."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)


def end(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ask each to finish what it does, then make sure: nothing of theirs is left."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl+C leaves no orphans
    waiting = list(children)
    for child in waiting:
        child.terminate()
    last_moment = time.monotonic() + SECONDS_TO_END
    for child in waiting:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, last_moment - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
