"""The offer, the champions, and every dated piece of support."""

from support.models.adjustments import Adjustment
from support.models.answers import ConfirmationReminder, Dispute
from support.models.champions import Availability, Champion, Lending
from support.models.deliveries import Delivery
from support.models.deployments import Deployment, Outcome
from support.models.imports import ImportedRow
from support.models.offers import Offer, OfferLine, Pool, Service
from support.models.types import ChampionType, DayRate, Phase, Skill
from support.models.vetting import ChampionCheck, CheckKind, Interest

__all__ = [
    "Adjustment",
    "Availability",
    "Champion",
    "ChampionCheck",
    "ChampionType",
    "CheckKind",
    "ConfirmationReminder",
    "DayRate",
    "Delivery",
    "Deployment",
    "Dispute",
    "ImportedRow",
    "Interest",
    "Lending",
    "Offer",
    "OfferLine",
    "Outcome",
    "Phase",
    "Pool",
    "Service",
    "Skill",
]
