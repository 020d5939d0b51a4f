"""What `run.py` is made of. Standard library only: all of this runs before anything is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
