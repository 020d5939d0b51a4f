"""Feeds the entitlement rule from the database: any number of schools in five queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import CharField, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from schools.models import Appointment, CategoryEntry, School
from schools.models.register import SchoolQuerySet
from sidebyside.years import AcademicYear
from support.entitlements import DAYS, Adjusted, Balance, CategoryInForce, Line, Tally, amount_text, balances
from support.models import Adjustment, Delivery, Offer, OfferLine, Service
from support.models.deliveries import DeliveryQuerySet
from support.new_heads import Appointed, LateUse, Use, new_heads


@dataclass(frozen=True)
class SchoolBalances:
    """Everything one school is entitled to on a day; no balances when its year has no published offer."""

    school: School
    category: CategoryInForce | None
    offer: Offer | None
    lines: tuple[Line, ...]
    balances: tuple[Balance, ...]

    def balance(self, code: str) -> Balance | None:
        """The balance with this code, such as `SSPC/ABLE`; None when the offer has no such line."""
        return next((balance for balance in self.balances if balance.code == code), None)

    def balance_of(self, service: Service) -> Balance | None:
        """The balance that a service's deliveries draw on: its own or its pool's."""
        codes = (
            {line.code for line in offer_lines(self.offer) if service.code in line.services} if self.offer else set()
        )
        return next((balance for balance in self.balances if balance.code in codes), None)


def balances_of(schools: SchoolQuerySet, *, on: date, without: Delivery | None = None) -> dict[int, SchoolBalances]:
    """Each school's balances on a day, by URN and in the order of `schools`. Five queries: sums, no row for each.

    Pass schools through `visible_to(user)` first; those outside both sectors have no balances (S6). `without` a
    delivery: as if neither it nor the room that was made for it stood.
    """
    facts = _Facts(schools, on, without)
    tallies = _tallies(schools, on, without)
    return {school.urn: facts.answer(school, tallies.get(school.urn, ())) for school in schools}


def balances_in_detail(school: School, *, on: date) -> SchoolBalances:
    """One school's balances on a day, with a reason for each delivery. Four queries."""
    one = School.objects.filter(pk=school.pk)
    deliveries = _counting(one, on).select_related("service", "champion", "champion_type__service")
    return _Facts(one, on).answer(school, [_labelled(delivery) for delivery in deliveries.order_by("happens_on", "id")])


class _Facts:
    """What the rule needs of many schools."""

    def __init__(self, schools: SchoolQuerySet, on: date, without: Delivery | None = None) -> None:
        self.on = on
        self.year = AcademicYear.containing(on)
        rows = _published_lines(self.year)
        this_year = [row for row in rows if row.offer.year_start == self.year.start]
        self.offer = this_year[0].offer if this_year else None
        self.lines = [_line(row) for row in this_year]
        self.late_use = {
            row.offer.year: LateUse(row.late_start_after, row.late_use_until)
            for row in rows
            if row.late_start_after and row.late_use_until
        }
        self.categories: dict[int, CategoryInForce] = {}
        self.appointed: dict[int, list[Appointed]] = defaultdict(list)
        self.adjustments: dict[int, list[Adjusted]] = defaultdict(list)
        self.uses: dict[int, list[Use]] = defaultdict(list)
        for fact in _facts(schools.order_by().values("pk"), self.year, on, without):
            self._take(*fact)

    def _take(self, kind: str, urn: int, day: date, first: str, second: str, amount: int) -> None:
        match kind:
            case "category":  # in the order of their days: the last one stands
                self.categories[urn] = CategoryInForce(first, day, is_provisional=day < self.year.first_day)
            case "appointment":
                self.appointed[urn].append(Appointed(first, day, second))
            case "adjustment":
                self.adjustments[urn].append(Adjusted(first, amount, second))
            case "use":
                self.uses[urn].append(Use(day, is_booked=first == Delivery.State.PLANNED))

    def answer(self, school: School, tallies: Sequence[Tally]) -> SchoolBalances:
        """One school's part."""
        category = self.categories.get(school.urn)
        if category and school.has_closed(self.on):  # nothing more will be confirmed for it
            category = replace(category, is_provisional=False)
        if not self.offer or not school.sector or not self._is_for(school):
            return SchoolBalances(school, category, self.offer, tuple(self.lines), ())
        found = balances(
            self.lines,
            sector=school.sector.value,
            category=category,
            tallies=tallies,
            adjustments=self.adjustments.get(school.urn, ()),
            new_heads=new_heads(self.appointed.get(school.urn, ()), self.late_use),
            new_head_uses=self.uses.get(school.urn, ()),
            on=self.on,
            closed_on=school.closed_on,
        )
        return SchoolBalances(school, category, self.offer, tuple(self.lines), tuple(found))

    def _is_for(self, school: School) -> bool:
        """Whether the year offers the school anything by the day: it is open, or closed in this year (S7)."""
        return school.is_open_on(self.on) or bool(
            school.closed_on and self.year.first_day <= school.closed_on < self.on
        )


def _published_lines(year: AcademicYear) -> list[OfferLine]:
    """The lines of the year's published offer, and of the year before, whose late starts reach into it (O8)."""
    rows = OfferLine.objects.filter(
        offer__state=Offer.State.PUBLISHED, offer__year_start__in=[year.start, year.previous.start]
    )
    ordered = rows.order_by("position", "id").select_related("offer", "service", "category", "pool")
    return list(ordered.prefetch_related("pool__services"))


def offer_lines(offer: Offer) -> list[Line]:
    """The offer's lines as the rule wants them, published or not."""
    rows = offer.lines.select_related("offer", "service", "category", "pool").prefetch_related("pool__services")
    return [_line(row) for row in rows.order_by("position", "id")]


def _line(row: OfferLine) -> Line:
    target, services, offer = row.target, row.covered(), row.offer
    return Line(
        code=target.code,
        name=target.name,
        unit=services[0].unit if services else Service.Unit.DAYS,
        services=frozenset(service.code for service in services),
        sector=row.sector,
        category=row.category.name if row.category else None,
        basis=row.basis,
        allowance=row.allowance,
        hlv_use=row.hlv_use,
        hlv_half_days=row.hlv_half_days,
        offer=f"Offer {offer.year}" + (f", version {offer.version}" if offer.version > 1 else ""),
        note=row.note,
        charge=row.charge,
    )


def _facts(ids: QuerySet, year: AcademicYear, on: date, without: Delivery | None) -> QuerySet:
    """Everything small and dated in one query, as (kind, URN, day, text, text, amount), ordered by day.

    Categories and appointments that have begun, adjustments in force, and New to Headship visits of two years.
    """
    nothing, none = Value("", CharField()), Value(0, IntegerField())
    categories = CategoryEntry.objects.confirmed().filter(school__in=ids, starts_on__lte=on)
    appointments = Appointment.objects.filter(school__in=ids, started_on__lte=on)
    adjustments = Adjustment.objects.filter(school__in=ids, starts_on__lte=on, ends_on__gte=on)
    uses = Delivery.objects.counting().filter(
        Q(state=Delivery.State.PLANNED) | Q(happens_on__lte=on),
        school__in=ids,
        funding=Delivery.Funding.OFFER,
        service__is_for_new_heads=True,
        happens_on__range=(year.previous.first_day, year.last_day),
    )
    if without:
        adjustments, uses = adjustments.exclude(delivery=without), uses.exclude(pk=without.pk)

    def columns(rows: QuerySet, kind: str, *fields: str | Combinable) -> QuerySet:
        return rows.order_by().values_list(Value(kind, CharField()), "school", *fields)

    return (
        columns(categories, "category", "starts_on", "category__name", nothing, none)
        .union(
            columns(appointments, "appointment", "started_on", "head_name", "kind", none),
            columns(adjustments, "adjustment", "starts_on", "service__code", "reason", "amount"),
            columns(uses, "use", "happens_on", "state", nothing, none),
            all=True,
        )
        .order_by("starts_on")
    )


def _counting(schools: SchoolQuerySet, on: date) -> DeliveryQuerySet:
    """What uses an allowance on a day: all that is booked in its year, and what had happened by then.

    Never what the school buys (O13).
    """
    counting = Delivery.objects.in_year(AcademicYear.containing(on)).counting().filter(funding=Delivery.Funding.OFFER)
    happened = Q(state=Delivery.State.PLANNED) | Q(happens_on__lte=on)
    return counting.filter(happened, school__in=schools.order_by().values("pk"))


def _tallies(schools: SchoolQuerySet, on: date, without: Delivery | None) -> dict[int, list[Tally]]:
    """Sums by school and kind, in one query."""
    kind = ("service__code", "service__is_visit", "service__is_for_new_heads", "champion_type__service__code")
    counting = _counting(schools, on)
    if without:
        counting = counting.exclude(pk=without.pk)
    rows = counting.order_by().values_list("school", "state", *kind)
    found: dict[int, list[Tally]] = defaultdict(list)
    for urn, state, code, is_visit, is_for_new_heads, champion_service, half_days, units in rows.annotate(
        Sum("half_days"), Sum("units")
    ):
        found[urn].append(
            Tally(
                service=code,
                half_days=half_days,
                units=units,
                is_booked=state == Delivery.State.PLANNED,
                champion_service=champion_service,
                is_headline_visit=is_visit and not is_for_new_heads,
                is_visit=is_visit,
            )
        )
    return found


def _labelled(delivery: Delivery) -> Tally:
    """One delivery, with the words that name it."""
    who = f", {delivery.champion}" if delivery.champion else ""
    length = f", {amount_text(delivery.half_days, DAYS)}" if delivery.half_days else ""
    kind = delivery.service
    return Tally(
        service=kind.code,
        half_days=delivery.half_days,
        units=delivery.units,
        is_booked=delivery.state == Delivery.State.PLANNED,
        champion_service=delivery.champion_type.service.code if delivery.champion_type else None,
        is_headline_visit=kind.is_visit and not kind.is_for_new_heads,
        is_visit=kind.is_visit,
        label=f"{kind}{who}{length}, {delivery.get_state_display().lower()}",
        happens_on=delivery.happens_on,
    )
