"""Making, ending and moving deployments. What heads agree to is `agreeing`'s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max, Sum

from schools import lineage
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.actions.adjusting import take_room_back
from support.agreements import Intended, Terms, faults_of
from support.conflicts import conflicts_of
from support.letters import tell_of_end
from support.models import Champion, ChampionType, Delivery, Deployment, Outcome, Skill

State = Deployment.State


@transaction.atomic
def make_deployment(
    champion: Champion,
    *,
    school: School,
    focus: str,
    half_days_agreed: int,
    starts_on: date,
    ends_on: date,
    by: User,
    on: date,
    outcomes: Sequence[Intended] = (),
    champion_type: ChampionType | None = None,
    skill: Skill | None = None,
    override: str = "",
    signed: str = "",
    request_key: str = "",
) -> Deployment:
    """Write down a deployment that was agreed on paper, before the portal asked anybody; the trail says so.

    `signed` says who signed it and when. What is to be agreed now is `propose`d. Refuses what `propose` refuses.
    """
    terms = Terms(focus, half_days_agreed, starts_on, ends_on, tuple(outcomes))
    deployment = _deployment(
        champion, school, terms, champion_type, skill, state=State.AGREED, made_by=by, request_key=request_key
    )
    verb = "deployment.agreed_on_paper"
    return once(deployment, lambda: _begin(deployment, terms, override, by, verb=verb, signed=signed))


@transaction.atomic
def propose(
    champion: Champion,
    *,
    school: School,
    terms: Terms,
    by: User,
    on: date,
    champion_type: ChampionType | None = None,
    skill: Skill | None = None,
    override: str = "",
    request_key: str = "",
) -> Deployment:
    """A deployment that waits for consent: it books no day and does not run. `champion_type` None is the main one.

    `override` is the reason to go on despite a conflict. Raises Refusal for the champion's own school, a school that
    is not open throughout, a type that the champion is not, days that do not fit the dates, and without a reason for
    another conflict or for a second deployment with the same focus at the same time. The same `request_key` again
    returns the deployment that it made.
    """
    deployment = _deployment(
        champion, school, terms, champion_type, skill, state=State.PROPOSED, made_by=by, request_key=request_key
    )
    return once(deployment, lambda: _begin(deployment, terms, override, by, verb="deployment.proposed"))


def _deployment(
    champion: Champion, school: School, terms: Terms, kind: ChampionType | None, skill: Skill | None, **rest: object
) -> Deployment:
    """The row to be, once all is checked that does not depend on what else there is."""
    check_terms(champion, school, terms)
    if not champion.is_active:
        raise Refusal(f"{champion} cannot be deployed at present.", field="champion")
    if kind and not champion.has_type(kind):
        raise Refusal(f"{champion} is not a {kind.code} champion. Choose another type.", field="champion_type")
    return Deployment(
        champion=champion, champion_type=kind or champion.type, school=school, skill=skill, focus=terms.focus,
        half_days_agreed=terms.half_days, starts_on=terms.starts_on, ends_on=terms.ends_on, **rest,
    )  # fmt: skip


def _begin(deployment: Deployment, terms: Terms, override: str, by: User, *, verb: str, signed: str = "") -> Deployment:
    why = ". ".join(filter(None, [signed, override if _check_conflicts(deployment, override) else ""]))
    deployment.save()
    set_outcomes(deployment, terms.outcomes)
    details = {"champion": deployment.champion.code, "half_days": deployment.half_days_agreed}
    record(verb, deployment, by=by, why=why, school_urn=deployment.school_id, **details)
    return deployment


def set_outcomes(deployment: Deployment, outcomes: Sequence[Intended]) -> None:
    """What a deployment is for from now on, in this order; what stood there before goes."""
    deployment.intended.all().delete()
    Outcome.objects.bulk_create(
        Outcome(deployment=deployment, position=place, text=each.text, measure=each.measure)
        for place, each in enumerate(outcomes)
    )


def check_terms(champion: Champion, school: School, terms: Terms) -> None:
    """Raise Refusal for days that do not fit their dates, and for a school or a lending that ends before they do."""
    for field, sentence in faults_of(
        half_days=terms.half_days, starts_on=terms.starts_on, ends_on=terms.ends_on
    ).items():
        raise Refusal(sentence, field=field)
    _check_school(school, terms.starts_on, terms.ends_on)
    _check_is_lent_throughout(champion, terms.starts_on, terms.ends_on)


def _check_conflicts(deployment: Deployment, override: str) -> bool:
    """Whether something speaks against it, which the reason overrides. Raises Refusal for what it does not."""
    conflicts = conflicts_of(deployment.champion, deployment.school, deployment.starts_on)
    for conflict in conflicts:
        if conflict.is_final:
            raise Refusal(f"{conflict.sentence} Choose another champion.", field="champion")
    against = [conflict.sentence for conflict in conflicts] + _same_again(deployment)
    if against and not override.strip():
        ways = "or choose another champion" if conflicts else "or change the focus or the dates"
        raise Refusal(f"{' '.join(against)} Say why it should go on, {ways}.", field="override")
    return bool(against)


def _same_again(deployment: Deployment) -> list[str]:
    """That the champion is deployed there already with the same focus, on some of the same days."""
    overlapping = Deployment.objects.filter(
        champion=deployment.champion, school=deployment.school, state__in=[State.PROPOSED, State.AGREED],
        focus__iexact=deployment.focus, starts_on__lte=deployment.ends_on, ends_on__gte=deployment.starts_on,
    )  # fmt: skip
    return [
        f"{same.champion} is deployed at {same.school} for {same.focus} already, from {same.starts_on:%-d %B %Y} to "
        f"{same.ends_on:%-d %B %Y}."
        for same in overlapping.select_related("champion", "school").order_by("starts_on", "pk")[:1]
    ]


@transaction.atomic
def end_deployment(deployment: Deployment, *, why: str, by: User, on: date) -> Deployment:
    """End it today, or cancel it when nothing has been delivered. Days still planned after today are cancelled."""
    if not why.strip():
        raise Refusal("Say why it ends.", field="why")
    _check_is_not_waiting(deployment)
    planned = deployment.deliveries.filter(state=Delivery.State.PLANNED, service__is_visit=False)
    called_off = list(planned.order_by("happens_on", "pk"))
    made_room = list(planned.filter(adjustments__isnull=False).select_related("service").distinct())
    values = {"cancelled_why": f"The deployment ended: {why}", "cancelled_on": on}
    cancelled = planned.update(state=Delivery.State.CANCELLED, **values)
    last = deployment.deliveries.delivered().aggregate(day=Max("happens_on"))["day"]
    state = State.ENDED if last else State.CANCELLED
    ends_on = max(day for day in (min(deployment.ends_on, on), last, deployment.starts_on) if day)
    _leave(deployment, state=state, end_reason=why, ends_on=ends_on)
    record("deployment.ended", deployment, by=by, why=why, school_urn=deployment.school_id, days_cancelled=cancelled)
    for delivery in made_room:
        take_room_back(delivery, why=f"The deployment ended: {why}", by=by)
    tell_of_end(deployment, called_off, on=on)
    return deployment


@transaction.atomic
def move_deployment(deployment: Deployment, *, to: School, by: User, on: date) -> Deployment:
    """S7: take a deployment over to the school's new URN, with the days that are left and those planned there."""
    old = deployment.school
    starts_on = _opening_of(old, to, deployment)
    used = deployment.deliveries.delivered().aggregate(used=Sum("half_days", default=0))["used"]
    if deployment.half_days_agreed <= used:
        raise Refusal("Every agreed day has been delivered, so there is nothing to move. End the deployment instead.")
    moved = Deployment.objects.create(
        champion=deployment.champion, champion_type=deployment.champion_type, school=to, focus=deployment.focus,
        skill=deployment.skill, half_days_agreed=deployment.half_days_agreed - used,
        starts_on=starts_on, ends_on=deployment.ends_on, made_by=by,
    )  # fmt: skip
    set_outcomes(moved, [Intended(each.text, each.measure) for each in deployment.intended.all()])
    why = f"{old} became {to} (URN {to.pk})"
    _leave(deployment, state=State.ENDED, end_reason=why, ends_on=old.closed_on, successor=moved)
    planned = deployment.deliveries.filter(state=Delivery.State.PLANNED, happens_on__gte=starts_on)
    count = planned.update(school=to, deployment=moved, funding=Delivery.Funding.OFFER)
    for urn in (old.pk, to.pk):
        record("deployment.moved", moved, by=by, why=why, school_urn=urn, came_from=deployment.pk, days_planned=count)
    return moved


def successors_of(school: School) -> list[School]:
    """The schools in this portal that carry a closed one on, the earliest first (S7)."""
    return [relative.school for relative in lineage.successors_of(school) if relative.school]


def _opening_of(old: School, to: School, deployment: Deployment) -> date:
    """The first day at the new URN. Raises Refusal when this is no conversion or nothing is left to move."""
    _check_is_not_waiting(deployment)
    if deployment.state != State.AGREED:
        raise Refusal("This deployment has ended already. Nothing was changed.")
    if to not in successors_of(old):
        raise Refusal(f"The register does not name {to} as the successor of {old}.", field="to")
    if old.closed_on is None or deployment.ends_on <= old.closed_on:
        raise Refusal("The deployment ends before the school closes, so there is nothing to move.")
    starts_on = to.opened_on
    if starts_on is None or not old.closed_on < starts_on <= deployment.ends_on:
        raise Refusal(f"{to} does not open within the deployment’s dates.", field="to")
    return starts_on


def _check_school(school: School, starts_on: date, ends_on: date) -> None:
    if school.sector is None:
        raise Refusal(f"{school} is neither maintained nor an academy, so the offer does not reach it.", field="school")
    if not school.is_open_on(starts_on):
        raise Refusal(f"{school} is not open on {starts_on:%-d %B %Y}.", field="school")
    if not school.is_open_on(ends_on):
        raise Refusal(f"{school} closes before {ends_on:%-d %B %Y}. End the deployment earlier.", field="ends_on")


def _check_is_not_waiting(deployment: Deployment) -> None:
    if deployment.state == State.PROPOSED:
        raise Refusal("Nobody has agreed this deployment yet. Withdraw its agreement instead.")


def _check_is_lent_throughout(champion: Champion, starts_on: date, ends_on: date) -> None:
    """M16: on the last day a school lends the champion too; whoever lends nobody on the first is a conflict."""
    first = champion.lending_on(starts_on)
    if first and first.ends_on and first.ends_on < ends_on and not champion.lending_on(ends_on):
        raise Refusal(
            f"{first.school} lends {champion} until {first.ends_on:%-d %B %Y}. End the deployment by then, or have the "
            "home school agree to lend for longer.",
            field="ends_on",
        )


def _leave(deployment: Deployment, **values: object) -> None:
    """Leave the agreed state by compare-and-set: of two people at once one succeeds."""
    if not Deployment.objects.filter(pk=deployment.pk, state=State.AGREED).update(**values):
        raise Refusal("This deployment has ended already. Nothing was changed.")
    deployment.refresh_from_db()
