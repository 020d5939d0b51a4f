"""A way to run an import command on a few lines of text."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@dataclass
class Result:
    """What a command printed, and how it ended."""

    lines: list[str]
    error: str = ""
    code: int = 0


@pytest.fixture
def import_file(tmp_path: Path) -> Callable[..., Result]:
    """`import_file("deliveries", "urn,service,…")` runs the command on a file of that name."""

    def run(kind: str, content: str | bytes, *options: str) -> Result:
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        try:
            call_command(f"import_{kind}", str(path), *options, stdout=out)
        except CommandError as error:
            return Result(out.getvalue().splitlines(), str(error), error.returncode)
        return Result(out.getvalue().splitlines())

    return run
