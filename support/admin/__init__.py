"""Support in the administration: the offers and their standing lists. What people do every day has its own pages."""

from support.admin.offers import OfferAdmin, OfferLineAdmin
from support.admin.people import PersonAndChampionAdmin
from support.admin.standing import AdjustmentAdmin, ChampionAdmin, ChampionTypeAdmin, DayRateAdmin, ServiceAdmin

__all__ = [
    "AdjustmentAdmin",
    "ChampionAdmin",
    "ChampionTypeAdmin",
    "DayRateAdmin",
    "OfferAdmin",
    "OfferLineAdmin",
    "PersonAndChampionAdmin",
    "ServiceAdmin",
]
