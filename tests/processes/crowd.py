"""Many processes that do one thing at the same moment, and what each of them said.

They are forked from one process that has set up Django: fifty take hardly longer to start than one.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from tests.sidebyside.processes import python

SECONDS = 240  # for everybody together, on a slow machine
Act = Callable[..., str]


def crowd(size: int, act: str, **given: Any) -> list[str]:
    """What `size` processes said, in no order, after each did `tests.processes.acts.<act>(place, barrier, **given)`."""
    code = f"from tests.processes.crowd import gather; gather({size}, {act!r}, **{given!r})"
    process = python(code, LOG_LEVEL="CRITICAL")
    said = process.communicate(timeout=SECONDS + 60)[0]
    assert process.returncode == 0, said
    return json.loads(said.splitlines()[-1])


def gather(size: int, name: str, **given: Any) -> None:
    """The process that forks the others; prints what they said."""
    from billing.pdf import render_invoice  # noqa: F401 - imported once, before the others are forked
    from tests.processes import acts

    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(size, timeout=SECONDS), fork.Queue()
    act = getattr(acts, name)
    people = [fork.Process(target=_take_part, args=(act, place, barrier, answers, given)) for place in range(size)]
    for person in people:
        person.start()
    said = [answers.get(timeout=SECONDS) for _ in people]
    for person in people:
        person.join(SECONDS)
    print(json.dumps(said))  # noqa: T201 - the parent reads it
    sys.stdout.flush()


def _take_part(act: Act, place: int, barrier: Barrier, answers: Any, given: dict[str, Any]) -> None:
    from django.db import connection

    connection.ensure_connection()
    barrier.wait()
    try:
        answers.put(act(place, barrier, **given))
    except Exception as problem:  # noqa: BLE001 - what went wrong is the answer
        answers.put(f"{type(problem).__name__}: {problem}")
    finally:
        connection.close()
