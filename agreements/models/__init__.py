"""What the supported head, the home school's head and the broker agree to, and their consent."""

from agreements.models.agreements import Agreement
from agreements.models.consents import Consent
from agreements.models.links import ConsentLink
from agreements.models.parties import ASKED, Party

__all__ = ["ASKED", "Agreement", "Consent", "ConsentLink", "Party"]
