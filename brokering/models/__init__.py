"""The tables of `brokering`."""

from brokering.models.needs import Need
from brokering.models.weights import MatchWeight

__all__ = ["MatchWeight", "Need"]
