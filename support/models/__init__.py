"""The offer, the champions, and every dated piece of support."""

from support.models.adjustments import Adjustment
from support.models.champions import Champion, ChampionType, DayRate, Deployment
from support.models.deliveries import Delivery
from support.models.imports import ImportedRow
from support.models.offers import Offer, OfferLine, Pool, Service

__all__ = [
    "Adjustment",
    "Champion",
    "ChampionType",
    "DayRate",
    "Delivery",
    "Deployment",
    "ImportedRow",
    "Offer",
    "OfferLine",
    "Pool",
    "Service",
]
