"""A rate that has begun is history (M3, M8): neither the administration nor the database changes it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from billing.models import BrokerageRate, ChargeBand, VatRate
from support.models import DayRate
from tests import make

pytestmark = pytest.mark.django_db
BEGUN = date(2022, 4, 1)
PERCENT = {"percent": 50}
MODELS = pytest.mark.parametrize("model", [ChargeBand, BrokerageRate, VatRate, DayRate])


def rate(model, starts_on):
    if model is DayRate:
        return model.objects.create(champion_type=make.champion_type("SSLC"), starts_on=starts_on, rate=55000)
    rest = {"treatment": "standard"} if model is VatRate else {}
    return model.objects.create(starts_on=starts_on, **PERCENT, **rest)


def posted(row) -> dict[str, object]:
    if isinstance(row, DayRate):
        return {"champion_type": row.champion_type_id, "starts_on": row.starts_on, "rate": "10"}
    return {"starts_on": row.starts_on, "percent": "10", "treatment": "standard"}


def value(row) -> int:
    row.refresh_from_db()
    return row.rate if isinstance(row, DayRate) else int(row.percent)


def address(row, verb: str) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{verb}", args=[row.pk])


@MODELS
def test_one_that_has_begun_is_read_in_the_administration(signed_in, model):
    make.council()
    row, client = rate(model, BEGUN), signed_in("administrator")
    before = value(row)
    assert 'name="_save"' not in client.get(address(row, "change")).content.decode()
    assert client.post(address(row, "change"), posted(row)).status_code == 403
    assert client.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    assert value(row) == before


@MODELS
def test_one_that_is_to_come_is_changed_and_deleted(signed_in, model):
    make.council()
    row, client = rate(model, timezone.localdate() + timedelta(days=9)), signed_in("administrator")
    client.post(address(row, "change"), posted(row))
    assert value(row) == (1000 if model is DayRate else 10)
    client.post(address(row, "delete"), {"post": "yes"})
    assert not model.objects.filter(pk=row.pk).exists()


@MODELS
@pytest.mark.parametrize("deed", ["update", "delete", "empty"])
def test_the_database_refuses_it_too(model, deed):
    row = rate(model, BEGUN)
    table = model._meta.db_table
    empty = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    connection.check_constraints()  # PostgreSQL truncates nothing while it has still to look at references
    deeds = {
        "update": f"UPDATE {table} SET starts_on = '2022-05-01' WHERE id = {row.pk}",
        "delete": f"DELETE FROM {table} WHERE id = {row.pk}",
        "empty": empty,
    }
    with (
        pytest.raises(DatabaseError, match="is frozen: what has begun is history"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deeds[deed])
    row.refresh_from_db()
    assert row.starts_on == BEGUN
