"""`python -m benchmarks [names]`: runs every benchmark, or those whose module or NAME holds one of the words.

Exits with 1 when a goal is missed.
"""

from __future__ import annotations

import atexit
import importlib
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Sequence
from types import ModuleType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.settings")
os.environ.setdefault("SECRET_KEY", "only for benchmarks")
if "SIDEBYSIDE_VAR" not in os.environ:
    os.environ["SIDEBYSIDE_VAR"] = tempfile.mkdtemp(prefix="side-by-side-benchmarks-")
    atexit.register(shutil.rmtree, os.environ["SIDEBYSIDE_VAR"], ignore_errors=True)

import django

import benchmarks
from benchmarks.harness import Harness


def found(words: Sequence[str]) -> list[ModuleType]:
    """The modules in this folder that have a NAME and a run(), by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_")
    modules = [importlib.import_module(f"benchmarks.{name}") for name in names]
    chosen = [module for module in modules if hasattr(module, "NAME") and hasattr(module, "run")]
    if not words:
        return chosen
    return [
        module for module in chosen if any(word.lower() in f"{module.__name__} {module.NAME}".lower() for word in words)
    ]


def main(words: Sequence[str]) -> int:
    """Run what was asked for; 1 when a goal is missed, 2 when nothing has such a name."""
    django.setup()
    modules = found(words)
    if not modules:
        print(f"No benchmark is called {' or '.join(words)}.", file=sys.stderr)
        return 2
    harness = Harness(sys.stdout)
    for module in modules:
        harness.title(module.NAME)
        module.run(harness)
    total, missed = len(harness.results), harness.missed
    print(f"\n{total - len(missed)} of {total} goals met")
    for result in missed:
        print(f"missed: {result.name}: {result.ratio} ({result.ours}) where {result.goal} was wanted")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
