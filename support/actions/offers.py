"""Publishing an offer, and cloning one to edit (O1, O15)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.forms.models import model_to_dict

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.models import Offer, OfferLine, Pool
from support.offer_files import OFFER, load_standing, make_offer, read
from support.offer_words import line_words, price_words

State = Offer.State
NOT_COPIED = ("id", "offer", "category", "service", "pool", "late_start_after", "late_use_until")


@transaction.atomic
def begin_offer(year: AcademicYear, *, by: User, on: date) -> Offer:
    """The first offer of a portal: a draft of the one that comes with it, with the lists that it needs (O2).

    Raises Refusal where an offer is there already: that one is cloned.
    """
    if Offer.objects.exists():
        raise Refusal("There is an offer already. Clone it to begin another.")
    load_standing(by)
    try:
        with transaction.atomic():
            return make_offer(year, read(OFFER), by=by, on=on)
    except IntegrityError:
        raise Refusal("Somebody else has begun the offer just now. Open it under Offers.") from None


@transaction.atomic
def publish_offer(offer: Offer, *, by: User | None, on: date, why: str = "") -> Offer:
    """Put an offer in force; from now on nobody edits it (O1). A new version replaces the one before, with a reason.

    Raises Refusal for an offer with no lines, a pool that is empty or overlaps, a version that is not newer.
    """
    if Offer.objects.select_for_update().get(pk=offer.pk).state != State.DRAFT:  # who adds a line is waited for
        raise Refusal(f"{offer} has been published already.")
    check_pools(offer)
    former = Offer.objects.published().filter(year_start=offer.year_start).first()
    if former and former.version > offer.version:
        raise Refusal(f"Version {former.version} is in force already. Clone it, and publish the clone.")
    if former and not why.strip():
        raise Refusal("Say why this version replaces the one that is in force.", field="why")
    if former:
        Offer.objects.filter(pk=former.pk).update(state=State.REPLACED)
    values = {"state": State.PUBLISHED, "published_on": on, "published_by": by}
    if why.strip():
        values["reason"] = why
    if not Offer.objects.filter(pk=offer.pk, state=State.DRAFT).update(**values):
        raise Refusal("Somebody else has published this offer just now.")
    offer.refresh_from_db()
    offer.save()  # the history keeps the offer as it was published
    record("offer.published", offer, by=by, why=why, year=str(offer.year), version=offer.version)
    return offer


def check_pools(offer: Offer) -> None:
    """Raise Refusal unless each service has one place in the offer, and each pool has services of one unit (O5)."""
    lines = list(offer.lines.select_related("service", "pool"))
    if not lines:
        raise Refusal("This offer has no lines yet. Add what it gives before you publish it.")
    places = Counter((line.sector, line.category_id, line.service_id, line.pool_id) for line in lines)
    if twice := [line for line in lines if places[line.sector, line.category_id, line.service_id, line.pool_id] > 1]:
        raise Refusal(f"There are two lines for {twice[0]}. Keep one.")  # SQLite cannot hold this as a constraint
    used: Counter[str] = Counter()
    for pool in offer.pools.prefetch_related("services"):
        services = list(pool.services.all())
        if not services:
            raise Refusal(f"The pool {pool.code} has no service. Choose its services, or delete it.")
        if len({service.unit for service in services}) > 1:
            raise Refusal(f"The services of the pool {pool.code} count different things: days, visits or places.")
        used.update(service.code for service in services)
    used.update({line.service.code for line in lines if line.service})
    if shared := sorted(code for code, times in used.items() if times > 1):
        raise Refusal(f"{', '.join(shared)} has two places in this offer. Keep it in one pool, or in lines of its own.")
    if strays := [line for line in lines if line.pool and line.pool.offer_id != offer.pk]:
        raise Refusal(f"A line uses the pool {strays[0].pool} of another offer. Choose one of this offer’s pools.")


@transaction.atomic
def clone_offer(offer: Offer, *, year: AcademicYear, by: User | None) -> Offer:
    """A draft with the same pools and lines for another year, or as the next version of the same year (O1).

    The days of late starts and late use move with the year (O8).
    """
    latest = Offer.objects.for_year(year).aggregate(latest=Max("version"))["latest"] or 0
    clone = Offer.objects.create(year_start=year.start, version=latest + 1, introduction=offer.introduction)
    pools = {pool.pk: _clone_pool(pool, clone) for pool in offer.pools.prefetch_related("services")}
    years = year.start - offer.year_start
    for line in offer.lines.all():
        values = model_to_dict(line, exclude=NOT_COPIED)
        values["late_start_after"] = shifted(line.late_start_after, years)
        values["late_use_until"] = shifted(line.late_use_until, years)
        values |= {"category_id": line.category_id, "service_id": line.service_id, "pool": pools.get(line.pool_id or 0)}
        OfferLine.objects.create(offer=clone, **values)
    record("offer.cloned", clone, by=by, year=str(year), version=clone.version, came_from=offer.pk)
    return clone


def shifted(day: date | None, years: int) -> date | None:
    """The same day some years on; 29 February becomes the 28th where there is none."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def differences(new: Offer, old: Offer) -> list[str]:
    """What a new version changes, a sentence for each line; empty when they say the same."""
    now, before = _said(new), _said(old)
    sentences = [f"New: {key}: {words}" for key, words in now.items() if key not in before]
    sentences += [f"Gone: {key}: {words}" for key, words in before.items() if key not in now]
    changed = ((key, words) for key, words in now.items() if key in before and before[key] != words)
    return sentences + [f"{key}: {before[key]} becomes {words}" for key, words in changed]


def _said(offer: Offer) -> dict[str, str]:
    lines = offer.lines.select_related("service", "pool", "category").prefetch_related("pool__services")
    return {str(line): f"{line_words(line)}, {price_words(line).lower()}" for line in lines}


def _clone_pool(pool: Pool, clone: Offer) -> Pool:
    made = Pool.objects.create(offer=clone, code=pool.code, name=pool.name, position=pool.position)
    made.services.set(pool.services.all())
    return made
