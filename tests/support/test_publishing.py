"""O1: what is published was checked, also what somebody adds in the same moment."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, connections, transaction

from sidebyside.refusals import Refusal
from support.actions.offers import check_pools, publish_offer
from support.models import Offer, OfferLine
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2022, 7, 1)


@pytest.fixture
def draft():
    """An offer whose pool has the service SSPC already."""
    return make.offer(state="draft", published_on=None)


def add_a_second_place(draft: Offer) -> None:
    OfferLine.objects.create(offer=draft, sector="academy", service=make.service("SSPC"), basis="number", allowance=1)


def beside(draft: Offer, publish: Callable[[], object], has_begun: Callable[[Future], object]) -> str:
    """What becomes of a publication that begins while a line is added, and ends once it has been."""

    def attempt() -> str:
        try:
            publish()
        except Refusal as refusal:
            return refusal.sentence
        finally:
            connections.close_all()
        return "published"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add_a_second_place(draft)
            answer = pool.submit(attempt)
            has_begun(answer)
        return answer.result()


def it_waits(answer: Future) -> None:
    """PostgreSQL: until it waits for a lock. SQLite lets nobody begin while somebody writes."""
    with connection.cursor() as cursor:
        while connection.vendor == "postgresql" and not answer.done():
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return


def test_o1_a_line_that_is_added_while_somebody_publishes_is_checked(draft):
    def publish() -> None:
        publish_offer(Offer.objects.get(pk=draft.pk), by=None, on=DAY)

    assert beside(draft, publish, it_waits) == (
        "SSPC has two places in this offer. Keep it in one pool, or in lines of its own."
    )
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_without_the_lock_it_would_be_published_unchecked(draft):
    """The control."""
    is_checked = Event()

    def publish() -> None:
        check_pools(draft)
        is_checked.set()
        Offer.objects.filter(pk=draft.pk, state="draft").update(state="published", published_on=DAY)

    assert beside(draft, publish, lambda _: is_checked.wait()) == "published"
