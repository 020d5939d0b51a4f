"""What the rule of warnings is told of deployments, councils and pools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sidebyside.council.models import Council
from support.balances import SchoolBalances
from support.beyond import has_a_price
from support.entitlements import lines_for
from support.models import Delivery, Deployment
from support.warnings import Caution, Limits, Running, by_urgency, of_deployment, of_pool

State = Delivery.State
GIVEN = (State.DELIVERED, State.CONFIRMED)


def limits_of(council: Council) -> Limits:
    """From where on this council wants to be warned."""
    return Limits(council.warn_at_percent, council.warn_days_before_end, council.warn_after_idle_weeks)


def warnings_of(deployment: Deployment, deliveries: Iterable[Delivery], limits: Limits, *, on: date) -> list[Caution]:
    """What to say of a deployment that is agreed, from all its deliveries."""
    counting = [each for each in deliveries if each.state != State.CANCELLED]
    running = Running(
        deployment.starts_on,
        deployment.ends_on,
        agreed=deployment.half_days_agreed,
        delivered=sum(each.half_days for each in counting if each.state in GIVEN),
        booked=sum(each.half_days for each in counting if each.state == State.PLANNED),
        last_day_of_it=max((each.happens_on for each in counting), default=None),
    )
    return of_deployment(running, limits, on=on)


def pool_warnings(found: SchoolBalances, limits: Limits) -> list[Caution]:
    """What to say of a school's allowances of days, the most pressing first; nothing of what is bought (O14)."""
    sector, category = found.school.sector, found.category.name if found.category else None
    lines = lines_for(found.lines, sector.value, category) if sector else []
    priced = {line.code for line in lines if has_a_price(line)}
    warnings = (of_pool(balance, limits) for balance in found.balances if balance.code not in priced)
    return list(by_urgency(warning for warning in warnings if warning))
