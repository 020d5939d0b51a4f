"""What becomes of a deployment when people agree to its terms, or do not. `agreements` calls this with their consent.

Only here does a deployment leave the state in which it waits.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max, Min, Sum

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.actions.deployments import check_terms, set_outcomes
from support.agreements import Terms
from support.models import Delivery, Deployment

State = Deployment.State
OPEN = (State.PROPOSED, State.AGREED)


@transaction.atomic
def agree_to_terms(deployment: Deployment, terms: Terms, *, by: User | None, version: int) -> Deployment:
    """Everybody has agreed: the deployment takes these terms and runs by them.

    Raises Refusal when it has ended meanwhile, and when days stand outside the new terms.
    """
    check_new_terms(deployment, terms)
    verb = "deployment.agreed" if deployment.state == State.PROPOSED else "deployment.changed"
    _write(deployment, terms, OPEN, state=State.AGREED)
    record(verb, deployment, by=by, school_urn=deployment.school_id, version=version, half_days=terms.half_days)
    return deployment


@transaction.atomic
def propose_anew(deployment: Deployment, terms: Terms) -> Deployment:
    """Other terms for a deployment that nobody has agreed yet."""
    check_new_terms(deployment, terms)
    return _write(deployment, terms, (State.PROPOSED,), state=State.PROPOSED)


@transaction.atomic
def drop_proposal(deployment: Deployment, *, state: Deployment.State, why: str, by: User | None) -> bool:
    """A proposal that comes to nothing, declined or cancelled; False for a deployment that was agreed before."""
    waiting = Deployment.objects.filter(pk=deployment.pk, state=State.PROPOSED)
    if not waiting.update(state=state, end_reason=why):
        return False
    deployment.refresh_from_db()
    record(f"deployment.{state}", deployment, by=by, why=why, school_urn=deployment.school_id)
    return True


def check_new_terms(deployment: Deployment, terms: Terms) -> None:
    """Raise Refusal unless these terms can take the place of those that hold: what was delivered is not undercut."""
    if deployment.state not in OPEN:
        raise Refusal("This deployment has ended, so nothing about it can be agreed any more.")
    check_terms(deployment.champion, deployment.school, terms)
    delivered = deployment.deliveries.delivered().aggregate(days=Sum("half_days", default=0))["days"]
    if terms.half_days < delivered:
        raise Refusal(
            f"{days_text(delivered)} days have been delivered already. Agree at least so many.",
            field="half_days_agreed",
        )
    counting = deployment.deliveries.counting().aggregate(first=Min("happens_on"), last=Max("happens_on"))
    first, last = counting["first"], counting["last"]
    if first and first < terms.starts_on:
        raise Refusal(_outside(deployment, first, "Begin by then"), field="starts_on")
    if last and last > terms.ends_on:
        raise Refusal(_outside(deployment, last, "End no earlier"), field="ends_on")


def _outside(deployment: Deployment, day: date, instead: str) -> str:
    planned = deployment.deliveries.filter(happens_on=day, state=Delivery.State.PLANNED).exists()
    ways = ", or move or cancel that day first." if planned else "."
    return f"There is a day on {day:%-d %B %Y} in the record. {instead}{ways}"


def _write(deployment: Deployment, terms: Terms, states: tuple[str, ...], *, state: str) -> Deployment:
    """By compare-and-set: a deployment that ended in this moment takes nothing on."""
    values = {"focus": terms.focus, "half_days_agreed": terms.half_days, "state": state}
    values |= {"starts_on": terms.starts_on, "ends_on": terms.ends_on}
    if not Deployment.objects.filter(pk=deployment.pk, state__in=states).update(**values):
        raise Refusal("This deployment has ended meanwhile. Nothing was changed.")
    set_outcomes(deployment, terms.outcomes)
    deployment.refresh_from_db()
    return deployment
