"""Publishing and cloning offers, and their data files (O1, O2, O8, O15)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from schools.models import School
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.actions.offers import clone_offer, differences, publish_offer
from support.balances import balances_of, offer_lines
from support.models import Offer, OfferLine, Pool, Service
from support.offer_files import OFFER, load_standing, make_offer, read
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 1)
YEAR = AcademicYear(2022)


@pytest.fixture
def admin():
    return make.user("administrator")


@pytest.fixture
def draft(admin):
    load_standing(admin)
    return make_offer(YEAR, read(OFFER), by=admin, on=DAY)


def test_the_seed_offer_says_what_o3_says(draft):
    said = {(line.sector, line.category, line.code): line for line in offer_lines(draft)}
    assert said["maintained", "Prevention", "HLV"].allowance == 3
    assert said["maintained", "Intervention", "HLV"].allowance == 5
    assert said["maintained", "Prevention", "SSPC/ABLE"].allowance == 18
    assert said["maintained", "Intervention", "SSPC/ABLE"].allowance == 36
    assert said["maintained", "Intervention", "SSLC"].allowance == 36
    assert said["maintained", "Enhancement", "HLV"].basis == "not limited"
    assert said["maintained", "Prevention", "SSLC"].basis == "none"


def test_loading_twice_changes_nothing(draft, admin):
    Service.objects.filter(code="HLV").update(name="Headline visit, renamed")
    assert load_standing(admin) == 0
    assert make_offer(YEAR, read(OFFER), by=admin, on=DAY) == draft
    assert (Offer.objects.count(), Service.objects.get(code="HLV").name) == (1, "Headline visit, renamed")


def test_a_published_offer_is_published_once(draft, admin):
    publish_offer(draft, by=admin, on=DAY)
    assert (draft.state, draft.published_on, draft.published_by) == ("published", DAY, admin)
    with pytest.raises(Refusal, match="published already"):
        publish_offer(draft, by=admin, on=DAY)


def test_a_new_version_replaces_the_old_one_with_a_reason(draft, admin):
    publish_offer(draft, by=admin, on=DAY)
    second = clone_offer(draft, year=YEAR, by=admin)
    second.lines.filter(allowance=3).update(allowance=4)
    assert differences(second, draft) == [
        "Headline Visit, maintained, Prevention: 3 visits, free becomes 4 visits, free"
    ]  # fmt: skip
    with pytest.raises(Refusal, match="Say why this version"):
        publish_offer(second, by=admin, on=DAY)
    publish_offer(second, by=admin, on=DAY, why="A visit was forgotten")
    draft.refresh_from_db()
    assert (draft.state, second.state, second.version, second.reason) == (
        "replaced", "published", 2, "A visit was forgotten",
    )  # fmt: skip


def test_an_older_version_does_not_come_back(draft, admin):
    second = clone_offer(draft, year=YEAR, by=admin)
    publish_offer(second, by=admin, on=DAY)
    with pytest.raises(Refusal, match="Version 2 is in force"):
        publish_offer(draft, by=admin, on=DAY, why="Back again")


def test_an_offer_without_lines_is_refused(admin):
    empty = Offer.objects.create(year_start=2022)
    with pytest.raises(Refusal, match="no lines"):
        publish_offer(empty, by=admin, on=DAY)


def test_a_pool_without_services_is_refused(draft, admin):
    draft.pools.get().services.clear()
    with pytest.raises(Refusal, match="has no service"):
        publish_offer(draft, by=admin, on=DAY)


def test_a_service_has_one_place_in_an_offer(draft, admin):
    draft.pools.get().services.add(Service.objects.get(code="SSLC"))
    with pytest.raises(Refusal, match="SSLC has two places"):
        publish_offer(draft, by=admin, on=DAY)


def test_a_pool_counts_one_thing(draft, admin):
    draft.pools.get().services.add(Service.objects.get(code="CONF"))
    with pytest.raises(Refusal, match="count different things"):
        publish_offer(draft, by=admin, on=DAY)


@transaction.atomic
def save_and_publish(line, draft, admin):
    line.save()  # PostgreSQL refuses here, SQLite has no such constraint
    publish_offer(draft, by=admin, on=DAY)


def test_two_lines_for_the_same_are_refused_on_every_database(draft, admin):
    line = draft.lines.get(sector="academy", service__code="CONF")
    line.pk = None
    with pytest.raises((IntegrityError, Refusal)):
        save_and_publish(line, draft, admin)


def test_a_clone_moves_its_late_starts_with_the_year(draft, admin):
    clone = clone_offer(draft, year=AcademicYear(2024), by=admin)
    line = clone.lines.filter(late_use_until__isnull=False).first()
    assert (clone.year_start, clone.version, clone.state) == (2024, 1, "draft")
    assert (line.late_start_after, line.late_use_until) == (date(2025, 5, 1), date(2025, 12, 31))
    assert clone.lines.count() == draft.lines.count()
    assert set(clone.lines.filter(pool__isnull=False).values_list("pool__offer", flat=True)) == {clone.pk}


def test_another_councils_offer_is_data_alone(admin):
    """O15: 2019/20 gave Intervention 18 days, Prevention 6, the rest could buy."""
    load_standing(admin)
    offer = Offer.objects.create(year_start=2019)
    pool = Pool.objects.create(offer=offer, code="DAYS", name="Champion days")
    pool.services.set(Service.objects.filter(code__in=["SSLC", "SSPC", "ABLE"]))
    for name, half_days in (("Prevention", 12), ("Intervention", 36)):
        category = make.category(name)
        OfferLine.objects.create(offer=offer, sector="maintained", category=category, pool=pool, allowance=half_days)
    publish_offer(offer, by=admin, on=date(2019, 7, 1))
    school = make.school()
    make.categorise(school, "Prevention", starts_on=date(2019, 9, 1))
    make.delivery(school, "SSLC", happens_on=date(2019, 10, 2), days="1.5")
    found = balances_of(School.objects.filter(pk=school.pk), on=date(2019, 12, 1))[school.pk]
    assert (found.balance("DAYS").left, found.balance("DAYS").delivered) == (9, 3)
