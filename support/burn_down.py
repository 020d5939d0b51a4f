"""Days used against days agreed, of one deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.models import Delivery, Deployment

State = Delivery.State


@dataclass(frozen=True)
class BurnDown:
    """All in half days; `delivered` counts the confirmed ones too."""

    agreed: int
    booked: int
    delivered: int
    confirmed: int

    @property
    def left(self) -> int:
        """What can still be booked, never below nought."""
        return max(0, self.agreed - self.booked - self.delivered)

    @property
    def over(self) -> int:
        """How far the days go beyond those agreed."""
        return max(0, self.booked + self.delivered - self.agreed)


def burn_down_of(deployment: Deployment, deliveries: Sequence[Delivery]) -> BurnDown:
    """The sums over a deployment's deliveries."""

    def total(*states: str) -> int:
        return sum(delivery.half_days for delivery in deliveries if delivery.state in states)

    return BurnDown(
        agreed=deployment.half_days_agreed,
        booked=total(State.PLANNED),
        delivered=total(State.DELIVERED, State.CONFIRMED),
        confirmed=total(State.CONFIRMED),
    )
