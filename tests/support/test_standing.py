"""O1: a service or champion type that is used keeps what a published offer goes by; A3: each change leaves a trail."""

import pytest
from django.urls import reverse

from sidebyside.audit.models import Event
from support.models import ChampionType, Service
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in):
    make.council()
    return signed_in("administrator")


def save(client, row, **data):
    """Post a row's page of the administration."""
    return client.post(reverse(f"admin:support_{row._meta.model_name}_change", args=[row.pk]), data)


def said_of(row: Service) -> dict[str, object]:
    return {"name": row.name, "description": "", "position": row.position}


def test_o1_a_service_of_a_published_offer_keeps_its_meaning(client):
    make.offer_2022()
    service = Service.objects.get(code="NTH")
    before = Service.objects.filter(pk=service.pk).values("code", "unit", "is_visit", "is_for_new_heads").get()
    save(client, service, **said_of(service) | {"code": "XXX", "unit": "days", "name": "New heads"})
    service.refresh_from_db()
    assert {name: getattr(service, name) for name in before} == before
    assert service.name == "New heads"


@pytest.mark.parametrize("use", ["a pool of a published offer", "a delivery"])
def test_o1_so_does_one_of_a_pool_or_of_a_delivery(client, use):
    service = make.service("SSPC")
    if use == "a delivery":
        make.delivery(make.school(), "SSPC")
    else:
        make.offer_2022()
    page = client.get(reverse("admin:support_service_change", args=[service.pk])).content.decode()
    assert ("is fixed, because a published offer" in page, 'name="unit"' in page) == (True, False)
    assert client.post(reverse("admin:support_service_delete", args=[service.pk]), {"post": "yes"}).status_code == 403


def test_o1_one_of_a_draft_is_still_edited(client):
    make.offer(state="draft", published_on=None)
    service = Service.objects.get(code="HLV")
    save(client, service, **said_of(service) | {"code": "HLX", "unit": "visits", "is_visit": "on"})
    service.refresh_from_db()
    assert service.code == "HLX"


def test_o1_a_champion_type_keeps_its_service_once_somebody_is_one(client):
    kind, other = make.champion("SSLC").type, make.service("BESST")
    save(client, kind, code="XX", name="Leaders", service=other.pk)
    kind.refresh_from_db()
    assert (kind.code, kind.service.code, kind.name) == ("SSLC", "SSLC", "Leaders")


def test_o1_and_once_a_published_offer_has_its_service(client):
    kind = make.champion_type("ABLE")
    make.offer_2022()
    save(client, kind, code="XX", name=kind.name, service=make.service("BESST").pk)
    assert ChampionType.objects.get(pk=kind.pk).code == "ABLE"


def test_a3_each_change_leaves_who_and_what(client):
    kind, service = make.champion("SSLC").type, make.service("BESST")
    save(client, kind, name="Leaders")
    save(client, service, code="BESST", unit="days", name="Bought", description="", position=1, is_visit="on")
    save(client, kind, name="Leaders")
    events = Event.objects.order_by("pk").values_list("verb", "by__role", "subject")
    assert list(events) == [
        ("champion_type.changed", "administrator", f"championtype:{kind.pk}"),
        ("service.changed", "administrator", f"service:{service.pk}"),
    ]
    assert Event.objects.order_by("pk")[0].details == {"now": {"name": "Leaders"}}
