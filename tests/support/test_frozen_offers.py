"""O1: a published offer is never edited. Triggers refuse it on both engines, whoever writes and however."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, models, transaction

from sidebyside.guards import triggers
from sidebyside.guards.apps import install_after_migrate, lift_before_migrate
from support.actions.offers import clone_offer, publish_offer
from support.models import Offer, OfferLine, Pool, Service
from tests import make
from tests.elsewhere import elsewhere
from tests.refused import copy_of

DAY = date(2022, 7, 1)
TABLES = ["support_offer", "support_offerline", "support_pool", "support_pool_services"]


def first_line(offer: Offer) -> OfferLine:
    return offer.lines.get(service__code="HLV", sector="maintained", category__name="Prevention")


def save(row: models.Model, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def in_bulk(row: models.Model, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    type(row).objects.bulk_update([row], list(values))


def raw(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def add_line(offer: Offer) -> None:
    OfferLine.objects.create(offer=offer, sector="academy", service=make.service("BESST"), allowance=1)


def add_lines(offer: Offer) -> None:
    values = copy_of(first_line(offer), sector="academy", category_id=None, service_id=make.service("BESST").pk)
    OfferLine.objects.bulk_create([OfferLine(**values)])


def move_a_line_there(offer: Offer) -> None:
    line = first_line(clone_offer(offer, year=offer.year.next, by=None))
    OfferLine.objects.filter(pk=line.pk).update(service=make.service("BESST"), offer=offer)


def add_pool(offer: Offer) -> None:
    Pool.objects.create(offer=offer, code="MORE", name="More")


def put_a_drafts_line_in_the_place_of_one(offer: Offer) -> None:
    line = first_line(clone_offer(offer, year=offer.year.next, by=None))
    raw("UPDATE OR REPLACE support_offerline SET id = %s WHERE id = %s", first_line(offer).pk, line.pk)


WAYS = {
    "a line is saved": lambda offer: save(first_line(offer), allowance=4),
    "a line is saved as it is": lambda offer: save(first_line(offer)),
    "a line's price is saved": lambda offer: save(first_line(offer), charge="fixed price", fixed_price=100),
    "lines are updated": lambda offer: offer.lines.update(note="More"),
    "lines are updated in bulk": lambda offer: in_bulk(first_line(offer), allowance=4),
    "a line is deleted": lambda offer: first_line(offer).delete(),
    "lines are deleted": lambda offer: offer.lines.filter(note="").delete(),
    "a line is added": add_line,
    "lines are added in bulk": add_lines,
    "a line is moved there": move_a_line_there,
    "a line is changed in SQL": lambda offer: raw("UPDATE support_offerline SET allowance = 4 WHERE allowance = 3"),
    "a line is deleted in SQL": lambda offer: raw("DELETE FROM support_offerline WHERE offer_id = %s", offer.pk),
    "a pool is saved": lambda offer: save(offer.pools.get(), name="Another"),
    "pools are updated": lambda offer: offer.pools.update(code="ANOTHER"),
    "a pool is deleted with its lines": lambda offer: offer.pools.get().delete(),
    "a pool is deleted in SQL": lambda offer: raw("DELETE FROM support_pool WHERE offer_id = %s", offer.pk),
    "a pool is added": add_pool,
    "a pool gets a service": lambda offer: offer.pools.get().services.add(make.service("BESST")),
    "a pool loses a service": lambda offer: offer.pools.get().services.clear(),
    "a pool's service is changed": lambda offer: Pool.services.through.objects.filter(service__code="SSPC").update(
        service=make.service("BESST")
    ),
    "a service goes with its places in pools": lambda offer: Pool.services.through.objects.filter(
        service=Service.objects.get(code="ABLE")
    ).delete(),
    "the offer is saved": lambda offer: save(offer, introduction="Another"),
    "the offer is updated": lambda offer: Offer.objects.update(year_start=2031),
    "its day goes": lambda offer: Offer.objects.update(published_on=date(2022, 8, 1)),
    "the offer is a draft again": lambda offer: Offer.objects.update(state="draft"),
    "the offer is deleted with all of it": lambda offer: offer.delete(),
    "the offer is deleted in SQL": lambda offer: raw("DELETE FROM support_offer"),
}
if connection.vendor == "sqlite":  # which alone knows REPLACE: it deletes a row to write another in its place
    WAYS |= {
        "the offer is replaced in SQL": lambda offer: raw("REPLACE INTO support_offer SELECT * FROM support_offer"),
        "a line is replaced in SQL": lambda offer: raw(
            "REPLACE INTO support_offerline SELECT * FROM support_offerline"
        ),
        "a draft's line takes the place of one": put_a_drafts_line_in_the_place_of_one,
    }
EACH_WAY = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


def as_it_stands() -> list[list[dict]]:
    places = Pool.services.through.objects.filter(pool__offer__state="published")
    parts = [part.objects.filter(offer__state="published") for part in (OfferLine, Pool)]
    return [list(rows.order_by("pk").values()) for rows in (Offer.objects.exclude(state="draft"), *parts, places)]


@EACH_WAY
@pytest.mark.django_db
def test_the_database_refuses_that(way):
    offer = make.offer_2022()
    before = as_it_stands()
    with pytest.raises(DatabaseError, match="is frozen: its offer is published"), transaction.atomic():
        way(offer)
    assert as_it_stands() == before


@EACH_WAY
@pytest.mark.django_db
def test_an_offer_that_was_replaced_is_as_frozen(way):
    offer = make.offer_2022()
    Offer.objects.update(state="replaced")
    offer.refresh_from_db()
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        way(offer)


@EACH_WAY
@pytest.mark.django_db
def test_without_the_triggers_the_same_goes_through(way):
    """The control."""
    offer = make.offer_2022()
    triggers.remove()
    with transaction.atomic():
        way(offer)
        transaction.set_rollback(True)  # what it leaves behind belongs to nobody


@pytest.mark.django_db
def test_a_draft_beside_it_is_edited_published_and_deleted():
    published = make.offer_2022()
    second, third = (clone_offer(published, year=published.year, by=None) for _ in range(2))
    save(first_line(second), allowance=4)
    second.pools.get().services.add(make.service("BESST"))
    second.pools.get().services.remove(make.service("BESST"))
    third.delete()
    publish_offer(second, by=make.user("administrator"), on=DAY, why="A visit more")
    published.refresh_from_db()
    assert (published.state, second.state, first_line(second).allowance) == ("replaced", "published", 4)
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        save(first_line(second), allowance=5)


@pytest.mark.django_db
def test_a_replaced_offer_does_not_come_back_into_force():
    make.offer_2022()
    Offer.objects.update(state="replaced")
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        Offer.objects.update(state="published")


@pytest.mark.django_db(transaction=True)
def test_who_adds_a_line_while_somebody_publishes_waits_and_is_refused():
    draft = make.offer(state="draft", published_on=None)
    line = {"offer": draft, "sector": "academy", "service": make.service("BESST"), "allowance": 1}
    with transaction.atomic():
        Offer.objects.update(state="published", published_on=DAY)
        meanwhile = elsewhere(lambda: OfferLine.objects.create(**line))
    afterwards = elsewhere(lambda: OfferLine.objects.create(**line))
    assert (meanwhile, "is frozen" in afterwards) == ("has to wait", True)
    assert not OfferLine.objects.filter(**line).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_it_is_emptied(table):
    make.offer_2022()
    everything = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    connection.check_constraints()  # PostgreSQL truncates nothing while it has still to look at references
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        raw(everything)


@pytest.fixture
def scratch(tmp_path):
    """A database of its own, an SQLite file, whose tables a test may rebuild."""
    connections.databases["scratch"] = connections.databases["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "scratch.sqlite3"),
        "OPTIONS": {},
        "ATOMIC_REQUESTS": False,
    }
    yield connections["scratch"]
    connections["scratch"].close()
    del connections["scratch"], connections.databases["scratch"]


def rebuild(database) -> None:
    """As a migration of the offer's table would."""
    longer = models.CharField(max_length=20)
    longer.set_attributes_from_name("state")
    longer.model = Offer
    with database.schema_editor() as editor:
        editor.alter_field(Offer, Offer._meta.get_field("state"), longer, strict=True)


def test_a_migration_lifts_the_triggers_that_sqlite_would_stumble_over(scratch, django_db_blocker):
    with django_db_blocker.unblock():
        with scratch.schema_editor() as editor:
            for model in (Offer, Pool, OfferLine):
                editor.create_model(model)
        ours = {name for name in triggers.missing("scratch") if name.rpartition("_refuses_")[0] in TABLES}
        install_after_migrate(using="scratch")
        with pytest.raises(DatabaseError, match="error in trigger"):
            rebuild(scratch)
        lift_before_migrate(using="scratch")
        rebuild(scratch)
        assert triggers.missing("scratch") & ours == ours
        install_after_migrate(using="scratch")
        assert (len(ours), triggers.missing("scratch") & ours) == (11, set())
