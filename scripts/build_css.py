"""Rebuilds static/vendor/govuk-frontend with the council's palette. For a maintainer, after changing a version below.

Needs Node and npm; works in a temporary folder, so that nothing of Node stays here. The portal itself needs neither.
"""

import re
import subprocess
import tempfile
from pathlib import Path

GOVUK_FRONTEND = "6.6.0"
SASS = "1.108.2"
ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "scripts" / "look"
VENDOR = ROOT / "static" / "vendor" / "govuk-frontend"


def run(*command: str, folder: Path) -> None:
    """Run one program in `folder`; a failure ends the build."""
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  every program is named below


def without_source_map(text: str) -> str:
    """The text less its sourceMappingURL comment, which would name a file that we do not ship."""
    return re.sub(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/)", "", text)


def build(folder: Path) -> None:
    """Fetch the pinned packages into `folder`, compile, and write CSS and JavaScript to static/vendor."""
    packages = (f"govuk-frontend@{GOVUK_FRONTEND}", f"sass@{SASS}")
    run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", *packages, folder=folder)
    run(
        "node_modules/.bin/sass",
        "--no-source-map",
        "--style=compressed",
        "--quiet-deps",
        "--load-path=node_modules",
        f"{SOURCES / 'govuk-frontend.scss'}:govuk-frontend.min.css",
        folder=folder,
    )
    script = folder / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source in (folder / "govuk-frontend.min.css", script):
        (VENDOR / source.name).write_text(without_source_map(source.read_text(encoding="utf-8")), encoding="utf-8")
    (VENDOR / "VERSION").write_text(f"govuk-frontend {GOVUK_FRONTEND}, compiled by sass {SASS}\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch))
