"""Web, worker and beat: started together, watched, and ended together, however this program ends."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from types import FrameType
from typing import NoReturn

from launch.children import background, end
from launch.environment import page
from launch.machine import say, stop
from launch.packages import PYTHON

SECONDS_TO_START = 60

Children = dict[str, "subprocess.Popen[bytes]"]


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs, by name. Beat is a process of its own: inside a worker it outlives it (`worker -B`)."""
    # Celery warns of root, who could be made to unpickle something; we send JSON only.
    calm = ["-W", "ignore::UserWarning:celery.platforms"]
    celery = [str(PYTHON), *calm, "-m", "celery", "--quiet", "--app", "sidebyside"]
    worker = ["--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
    gunicorn = [str(PYTHON), "-m", "gunicorn", "sidebyside.wsgi", "--worker-class", "gthread", "--no-control-socket"]
    # No header says where the portal is mounted or how it was reached: of a proxy, Django alone believes BEHIND_PROXY.
    deaf = ["--forwarded-allow-ips", "", "--forwarder-headers", ""]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "worker": [*celery, "worker", *worker, "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"],
        "web": [*gunicorn, *deaf, "--bind", bind, "--workers", "1", "--threads", "4", "--log-level", "warning"],
    }


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that nobody listens on."""
    candidates = range(first, first + 50)
    port = next((candidate for candidate in candidates if _can_listen(host, candidate)), None)
    if port is None:
        stop(f"No port from {first} to {candidates[-1]} is free.")
    if port != first:
        say(f"port {first} is taken: using {port} instead")
    return port


def _can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            stop(f"Cannot listen on {host}, port {port}: {error.strerror or error}.")
    return True


def serve(host: str, port: int, environment: Mapping[str, str], when_ready: Callable[[], None]) -> int:
    """Run everything until Ctrl+C, SIGTERM, or the end of one of the processes, which is an error."""
    children: Children = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        for name, command in commands(host, port).items():
            children[name] = background(command, environment)
        if _is_ready(page(host, port), children):
            when_ready()
        return _watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        end(children.values())


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _is_ready(url: str, children: Children) -> bool:
    last_try = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last_try and all(child.poll() is None for child in children.values()):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}healthz", timeout=2):
            return True
        time.sleep(0.2)
    return False


def _watch(children: Children) -> int:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                print(f"{name} ended by itself with code {child.returncode}; stopping the rest.", file=sys.stderr)
                return 1
        time.sleep(0.5)
