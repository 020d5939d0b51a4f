"""What the environment says to the tests. pytest loads it (`-p`, in pyproject.toml) before it loads the settings."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("SECRET_KEY", "only for tests")
os.environ.setdefault("SIDEBYSIDE_VAR", tempfile.mkdtemp(prefix="side-by-side-tests-"))
os.environ["LOG_JSON"] = "0"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the test's thread


def own_redis(url: str, place: int) -> str:
    """The Redis database of a process that runs side by side with others: so many places after the given one."""
    path = urlsplit(url).path
    return f"{url.removesuffix(path)}/{int(path.strip('/') or 0) + place}"


# Tests that run side by side must not find each other's mails, documents or cached pages.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["SIDEBYSIDE_VAR"] = f"{os.environ['SIDEBYSIDE_VAR']}/{worker}"
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"], int(worker.removeprefix("gw")) + 1)
