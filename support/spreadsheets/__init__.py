"""Spreadsheets about support: the champions, and what was planned and delivered."""

from support.spreadsheets.champions import CHAMPIONS
from support.spreadsheets.deliveries import DELIVERIES

__all__ = ["CHAMPIONS", "DELIVERIES"]
