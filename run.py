#!/usr/bin/env python3
"""Sets up Side by Side and runs it, with nothing but Python 3.11.

  python3 run.py                  the demonstration council: web, worker and beat
  python3 run.py --empty          a council's own portal, with nothing in it
  python3 run.py test [...]       every test, or what pytest is told after it
  python3 run.py manage ...       a Django command, for example: manage import_schools --help
  python3 run.py bench [names]    measure ours against the naive way
  python3 run.py setup [--dev]    set up only; --dev for tests and checks too

SQLite and a broker in files below var/ are the default; DATABASE_URL and REDIS_URL choose PostgreSQL and Redis.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from launch import ROOT, children, environment, machine, packages, processes, testing

PASSED_ON = ("test", "manage", "bench")
INTERRUPTED = 130  # what a shell says after Ctrl+C


def arguments(given: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """What this program understands, and what it passes on to pytest, Django or the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="?", default="up", choices=["up", "setup", *PASSED_ON])
    parser.add_argument("--empty", action="store_true", help="a council's own portal, in var/empty")
    parser.add_argument("--dev", action="store_true", help="with setup: what tests and checks need, too")
    parser.add_argument("--host", default="127.0.0.1", help="listen on this address (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="listen on this port, or the next free one")
    at = next((position for position, word in enumerate(given) if word in PASSED_ON), len(given))
    return parser.parse_args(given[: at + 1]), list(given[at + 1 :])


def manage(settings: Mapping[str, str], *words: str) -> int:
    """Run one Django command; its exit code."""
    return python(settings, "manage.py", *words)


def python(settings: Mapping[str, str], *words: str) -> int:
    """Run the environment's Python in the project's folder; its exit code."""
    return children.foreground([str(packages.PYTHON), *words], settings)


def require(settings: Mapping[str, str], *words: str) -> None:
    """Run one Django command that has to succeed."""
    code = manage(settings, *words)
    if code == INTERRUPTED:
        sys.exit(code)
    if code:
        machine.stop(f"`manage.py {' '.join(words)}` failed with code {code}; the reason stands above.")


def prepare(settings: Mapping[str, str], *, demo: bool) -> None:
    """Bring database and static files up to date; the demonstration council is made unless one is there."""
    machine.say("preparing the database and the static files")
    require(settings, "migrate", "--verbosity", "0")
    require(settings, "collectstatic", "--noinput", "--verbosity", "0")
    if demo:
        require(settings, "demo")


def setup(settings: Mapping[str, str], options: argparse.Namespace) -> int:
    """Everything but the serving."""
    if options.dev:
        machine.get_chromium()
    else:
        prepare(settings, demo=not options.empty)
    machine.say("everything is set up")
    return 0


def printed(settings: Mapping[str, str], *words: str) -> str:
    """What one Django command says, or why it refuses."""
    command = [str(packages.PYTHON), "manage.py", *words]
    told = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    return (told.stderr if told.returncode else told.stdout).strip()


def first_run(settings: Mapping[str, str], url: str) -> str:
    """Where a council sets up its portal, as long as it has none."""
    path = printed(settings, "first_run_token")
    return f"Set up the portal here; the address works once:\n  {urljoin(url, path)}" if path.startswith("/") else path


def up(settings: dict[str, str], options: argparse.Namespace) -> int:
    """Set up and serve, until somebody stops it."""
    demo = not options.empty
    port = processes.free_port(options.host, options.port)
    settings |= environment.address(os.environ, options.host, port, demo=demo)
    prepare(settings, demo=demo)

    def greet() -> None:
        url = environment.page(options.host, port)
        words = printed(settings, "demo", "--sign-ins") if demo else first_run(settings, url)
        print(f"\nSide by Side is running: {url}\n\n{words}\n\nPress Ctrl+C to stop.\n", flush=True)

    return processes.serve(options.host, port, settings, greet)


def main(given: Sequence[str]) -> int:
    """One command, from a machine with nothing on it to its exit code."""
    machine.require_python()
    options, rest = arguments(given)
    dev = options.dev or options.command in {"test", "bench"}
    packages.install(dev=dev)
    machine.require_pango(packages.PYTHON)
    if options.command == "test":
        return testing.run(rest)
    demo = not options.empty
    settings = environment.settings(os.environ, demo=demo, empty=options.empty)
    if options.command == "manage":
        return manage(settings, *rest)
    if options.command == "bench":
        return python(settings, "-m", "benchmarks", *rest)
    if options.command == "setup":
        return setup(settings, options)
    return up(settings, options)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
