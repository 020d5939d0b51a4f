"""How the checks of champions stand on a day: for a list in the same query, for one champion in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from support.models import Champion, ChampionCheck, CheckKind
from support.models.champions import ChampionQuerySet
from support.vetting import SOON, Done, Standing, longest, standing_of

COLOURS = {Standing.IN_DATE: "green", Standing.SOON: "yellow", Standing.EXPIRED: "red", Standing.MISSING: "red"}


@dataclass(frozen=True)
class KindChecked:
    """One kind of check of one champion: how it stands, and every entry of it, the latest first."""

    kind: CheckKind
    standing: Standing
    expires_on: date | None
    entries: tuple[ChampionCheck, ...]

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return COLOURS[self.standing]


def checks_of(champion: Champion, on: date) -> list[KindChecked]:
    """Every kind that is required or was done, with how it stands on a day: two queries."""
    done: dict[int, list[ChampionCheck]] = {}
    for check in champion.checks.select_related("recorded_by").order_by("-done_on"):
        done.setdefault(check.kind_id, []).append(check)
    kinds = CheckKind.objects.filter(Q(is_required=True) | Q(pk__in=list(done)))
    return [_checked(kind, done.get(kind.pk, []), on) for kind in kinds]


def _checked(kind: CheckKind, entries: list[ChampionCheck], on: date) -> KindChecked:
    said = [Done(each.done_on, each.expires_on) for each in entries]
    last = longest(said, on)
    return KindChecked(kind, standing_of(said, on), last.expires_on if last else None, tuple(entries))


def with_checks(champions: ChampionQuerySet, *, on: date) -> ChampionQuerySet:
    """… each with `lacks_check`, where a required one does not hold, and `check_expires_soon`, where one ends soon."""
    required = CheckKind.objects.filter(is_required=True)
    lacking = required.filter(~Exists(_held(on)))
    ending = required.filter(Exists(_held(on)), ~Exists(_held(on, until=on + SOON)))
    return champions.noting(lacks_check=Exists(lacking), check_expires_soon=Exists(ending))


def _held(on: date, *, until: date | None = None) -> QuerySet[ChampionCheck]:
    """The checks of a kind that a champion has done by a day and that hold until another."""
    lasts = Q(expires_on__isnull=True) | Q(expires_on__gte=until or on)
    of_both = {"kind": OuterRef("pk"), "champion": OuterRef(OuterRef("pk"))}
    return ChampionCheck.objects.filter(lasts, done_on__lte=on, **of_both)
