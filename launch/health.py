"""Is this container doing its work? `python -m launch.health web|worker|beat` exits 0 when it is.

The worker's answer comes over the broker, beat's from the file that it writes every few minutes.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BEAT_SECONDS = 600  # beat writes its schedule every three minutes


def web() -> bool:
    """`/healthz` answers, asked under a name that this portal goes by."""
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".").replace("*", "localhost")
    question = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": name})
    try:
        return urllib.request.urlopen(question, timeout=3).status == 200
    except OSError:
        return False


def worker() -> bool:
    """The worker in this container answers a ping."""
    ping = ["celery", "--app", "sidebyside", "inspect", "ping", "--destination", f"celery@{socket.gethostname()}"]
    return subprocess.run([sys.executable, "-m", *ping], capture_output=True, check=False).returncode == 0


def beat() -> bool:
    """Beat has written its schedule lately."""
    written = [path.stat().st_mtime for path in Path(os.environ["SIDEBYSIDE_VAR"]).glob("beat-schedule*")]
    return bool(written) and time.time() - max(written) < BEAT_SECONDS


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
