"""The pages on which an administrator edits offers, rates and people fit a small laptop's window."""

import pytest
from django.urls import reverse

from billing.models import ChargeBand
from support.models import DayRate
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH = 1200


@pytest.fixture
def office(live_server, page, client):
    """An administrator's browser."""
    make.council()
    client.force_login(make.user("administrator"))
    page.context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": live_server.url}])
    page.set_viewport_size({"width": WIDTH, "height": 900})
    return page


def test_a_person_with_a_post_is_no_wider_than_the_window(office, live_server):
    head = make.head(make.school())
    office.goto(live_server.url + reverse("admin:accounts_user_change", args=[head.pk]))
    assert office.evaluate("document.documentElement.scrollWidth") == WIDTH


def test_a_draft_offer_and_the_rates_are_no_wider_than_their_window(office, live_server):
    draft = make.offer(2023, state="draft", published_on=None)
    make.rates()
    urls = [reverse("admin:support_offer_change", args=[draft.pk])]
    for model in (ChargeBand, DayRate):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        urls += [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[model.objects.first().pk])]
    wide = {}
    for url in urls:
        office.goto(live_server.url + url)
        wide[url] = office.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(urls, WIDTH)
