"""The standing lists and an offer from their data files: every number of the offer is data (O2)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from schools.models import Category
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.years import AcademicYear
from support.models import ChampionType, CheckKind, Offer, OfferLine, Phase, Pool, Service, Skill

DATA: Path = settings.BASE_DIR / "data"
OFFER = DATA / "offer.json"
STANDING = DATA / "standing.json"
COPIED = ("sector", "basis", "allowance", "hlv_use", "hlv_half_days", "charge", "fixed_price", "note")
Row = dict[str, Any]


def read(path: Path) -> Row:
    """A data file's content."""
    return json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_standing(by: User | None) -> int:
    """Make the categories, services and what the register of champions goes by, where not there yet; returns how many.

    What an administrator has edited since stays as it is.
    """
    data = read(STANDING)
    made = sum(_made(Category, {"name": row["name"]}, row, by) for row in data["categories"])
    for position, row in enumerate(data["services"], start=1):
        made += _made(Service, {"code": row["code"]}, row | {"position": position}, by)
    for row in data["champion_types"]:
        values = {"name": row["name"], "service": Service.objects.get(code=row["service"])}
        made += _made(ChampionType, {"code": row["code"]}, values, by)
    for position, row in enumerate(data["check_kinds"], start=1):
        made += _made(CheckKind, {"name": row["name"]}, row | {"position": position}, by)
    for model, names in ((Phase, data["phases"]), (Skill, data["skills"])):
        for position, name in enumerate(names, start=1):
            made += _made(model, {"name": name}, {"position": position}, by)
    return made


@transaction.atomic
def make_offer(year: AcademicYear, data: Row, *, by: User | None, on: date) -> Offer:
    """A draft offer of this year from data such as `data/offer.json`; the latest that is there when there is one.

    Categories and services must exist (`load_standing`). Raises their DoesNotExist for an unknown name.
    """
    if offer := Offer.objects.for_year(year).order_by("-version").first():
        return offer
    offer = Offer.objects.create(year_start=year.start, introduction=data["introduction"])
    pools = {row["code"]: _pool(offer, position, row) for position, row in enumerate(data["pools"], start=1)}
    for position, row in enumerate(data["lines"], start=1):
        OfferLine.objects.create(offer=offer, position=position, **_line(row, data, year, pools))
    record("offer.made", offer, by=by, year=str(year), on=on.isoformat())
    return offer


def _made(model: type[models.Model], key: Row, values: Row, by: User | None) -> bool:
    row, is_new = model._default_manager.get_or_create(**key, defaults=values)
    if is_new:
        record(f"{model._meta.model_name}.made", row, by=by, **key)
    return is_new


def _pool(offer: Offer, position: int, row: Row) -> Pool:
    pool = Pool.objects.create(offer=offer, code=row["code"], name=row["name"], position=position)
    pool.services.set([Service.objects.get(code=code) for code in row["services"]])
    return pool


def _line(row: Row, data: Row, year: AcademicYear, pools: dict[str, Pool]) -> Row:
    values = {name: row[name] for name in COPIED if name in row}
    values["category"] = Category.objects.get(name=row["category"]) if "category" in row else None
    values["pool"] = pools.get(row["of"])
    values["service"] = None if values["pool"] else Service.objects.get(code=row["of"])
    if row.get("is_late_use"):
        # O8: both days fall in the calendar year in which the academic year ends.
        values["late_start_after"] = date.fromisoformat(f"{year.next.start}-{data['late_start_after']}")
        values["late_use_until"] = date.fromisoformat(f"{year.next.start}-{data['late_use_until']}")
    return values
