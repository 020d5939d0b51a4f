"""What the database itself refuses of agreements, consents and links."""

from datetime import date, timedelta

import pytest

from agreements.models import Agreement, Consent, ConsentLink
from tests.agreements.cases import NOW, link, propose
from tests.refused import constraints_of, copy_of, refused_by

pytestmark = pytest.mark.django_db
DECIDED = {"state": "withdrawn", "withdrawn_why": "x", "decided_at": NOW}
NEXT = {"version": 2} | DECIDED
LATER = {"nonce": "other", "replaced_at": NOW}
AGREEMENTS = {
    "agreement_version_stands_once": DECIDED,
    "deployment_has_one_open_agreement": {"version": 2},
    "agreement_state_is_known": NEXT | {"state": "perhaps"},
    "agreement_versions_begin_with_one": NEXT | {"version": 0},
    "agreement_is_about_some_days": NEXT | {"half_days": 0},
    "agreement_ends_after_it_starts": NEXT | {"ends_on": date(2022, 1, 1)},
    "agreement_is_decided_at_a_moment": NEXT | {"decided_at": None},
    "agreement_is_kept_when_it_is_agreed": NEXT | {"state": "agreed"},
    "agreement_is_withdrawn_for_a_reason": NEXT | {"withdrawn_why": ""},
}
CONSENTS = {
    "party_answers_an_agreement_once": {"party": "broker"},
    "consent_is_of_a_known_party": {"party": "chair"},
    "consent_came_in_a_known_way": {"how": "told"},
    "consent_is_refused_for_a_reason": {"is_yes": False},
    "consent_signed_in_is_somebodys": {"user_id": None},
    "consent_names_who_gave_it": {"name": ""},
}
LINKS = {
    "party_has_one_link_at_a_time": {"nonce": "other"},
    "link_is_of_a_school": LATER | {"party": "broker"},
    "link_is_good_for_a_while": LATER | {"expires_at": NOW - timedelta(days=1)},
    "link_is_spent_after_five_wrong_codes": LATER | {"wrong_codes": 6},
    "link_code_is_good_until_a_moment": LATER | {"code_digest": "x"},
    "link_is_for_an_address": LATER | {"email": ""},
}


@pytest.fixture
def agreement():
    return propose()


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_is_refused_by_name(agreement, name):
    assert refused_by(Agreement, **copy_of(agreement, **AGREEMENTS[name])) == name


def test_a_form_makes_one_agreement(agreement):
    Agreement.objects.create(**copy_of(agreement, **NEXT, request_key="k"))
    again = copy_of(agreement, **NEXT | {"version": 3}, request_key="k")
    assert refused_by(Agreement, **again) == "agreement_is_made_once_by_a_form"


@pytest.mark.parametrize("name", CONSENTS)
def test_a_consent_is_refused_by_name(agreement, name):
    given = agreement.consents.get()
    assert refused_by(Consent, **copy_of(given, **{"party": "home"} | CONSENTS[name])) == name


@pytest.mark.parametrize("name", LINKS)
def test_a_link_is_refused_by_name(agreement, name):
    assert refused_by(ConsentLink, **copy_of(link(agreement, "home"), **LINKS[name])) == name


def test_every_constraint_has_its_test():
    assert constraints_of("agreements") == {*AGREEMENTS, *CONSENTS, *LINKS, "agreement_is_made_once_by_a_form"}
