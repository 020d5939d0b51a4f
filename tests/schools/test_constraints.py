"""What the database refuses of schools, whoever asks: each rule by its name."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schools.models import (
    AdviserAssignment,
    Appointment,
    Category,
    CategoryEntry,
    Correction,
    Membership,
    School,
    SchoolLink,
    TrustMembership,
)
from tests import make

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2022, 9, 1), date(2022, 8, 31)


def refused_by(model, **values):
    """The constraint that refuses this row; SQLite names a unique one by its columns alone."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.create(**values)
    message = str(refused.value)
    names = [rule.name for rule in model._meta.constraints if rule.name in message]
    if names or connection.vendor == "postgresql":
        return names[0]
    columns = message.removeprefix("UNIQUE constraint failed: ").replace(f"{model._meta.db_table}.", "").split(", ")
    unique = [rule for rule in model._meta.constraints if getattr(rule, "fields", ())]
    return next(rule.name for rule in unique if [model._meta.get_field(name).column for name in rule.fields] == columns)


def school_values(**rest):
    values = {"urn": 123456, "name": "Alder", "authority_code": "825", "type_code": "01", "status": "open"}
    return values | rest


def entry_values(**rest):
    values = {"school": make.school(), "category": make.category(), "starts_on": DAY, "reason": "Agreed"}
    return values | rest


@pytest.mark.parametrize("urn", [99999, 1000000])
def test_a_urn_has_six_digits(urn):
    assert refused_by(School, **school_values(urn=urn)) == "school_urn_has_six_digits"


def test_a_school_has_one_of_the_registers_states():
    assert refused_by(School, **school_values(status="lost")) == "school_status_is_known"


def test_a_school_closes_after_it_opens():
    values = school_values(opened_on=DAY, closed_on=BEFORE)
    assert refused_by(School, **values) == "school_closes_after_it_opens"


def test_s8_a_school_is_in_one_trust_at_a_time():
    school = make.academy()
    make.trust(school)
    values = {"school": school, "trust": make.trust(), "joined_on": DAY}
    assert refused_by(TrustMembership, **values) == "school_is_in_one_trust_at_a_time"


def test_a_trust_membership_ends_after_it_begins():
    values = {"school": make.academy(), "trust": make.trust(), "joined_on": DAY, "left_on": BEFORE}
    assert refused_by(TrustMembership, **values) == "trust_membership_ends_after_it_begins"


def test_s7_a_link_stands_once():
    values = {"urn": 100001, "linked_urn": 100002, "kind": "successor"}
    SchoolLink.objects.create(**values)
    assert refused_by(SchoolLink, **values) == "school_link_stands_once"


def test_a_link_has_a_direction():
    values = {"urn": 100001, "linked_urn": 100002, "kind": "sideways"}
    assert refused_by(SchoolLink, **values) == "school_link_kind_is_known"


def test_s9_a_field_is_corrected_once():
    values = {"school": make.school(), "field": "name", "reason": "Misspelt", "corrected_by": make.user()}
    Correction.objects.create(**values)
    assert refused_by(Correction, **values) == "field_is_corrected_once"


def test_s1_a_day_has_one_confirmed_category():
    values = entry_values(state="confirmed", confirmed_at=timezone.now())
    CategoryEntry.objects.create(**values)
    assert refused_by(CategoryEntry, **values) == "one_category_is_confirmed_for_a_day"


def test_s1_a_withdrawn_category_leaves_room_for_another():
    values = entry_values(confirmed_at=timezone.now())
    CategoryEntry.objects.create(**values, state="withdrawn")
    assert CategoryEntry.objects.create(**values, state="confirmed").pk


def test_a_category_entry_has_a_known_state():
    assert refused_by(CategoryEntry, **entry_values(state="guessed")) == "category_entry_state_is_known"


def test_a_category_is_confirmed_at_a_moment():
    assert refused_by(CategoryEntry, **entry_values(state="confirmed")) == "category_entry_is_confirmed_at_a_moment"


def test_a_category_entry_has_a_reason():
    assert refused_by(CategoryEntry, **entry_values(reason="")) == "category_entry_has_a_reason"


@pytest.mark.parametrize("values", [{"name": "Prevention", "rank": 9}, {"name": "Other", "rank": 2}])
def test_a_category_has_a_name_and_a_rank_of_its_own(values):
    make.category("Prevention")
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.create(**values, meaning="Something")


@pytest.mark.parametrize("model", [Appointment, Membership, AdviserAssignment])
def test_what_is_dated_ends_after_it_starts(model):
    own = {
        Appointment: {"head_name": "Ann Lee", "kind": "permanent"},
        Membership: {"user": make.user("head"), "post": "head"},
        AdviserAssignment: {"adviser": make.user()},
    }
    values = {"school": make.school(), "started_on": DAY, "ended_on": BEFORE, **own[model]}
    assert refused_by(model, **values) == f"{model._meta.model_name}_ends_after_it_starts"


def test_an_appointment_starts_once_a_day():
    school = make.school()
    make.appointment(school, DAY)
    values = {"school": school, "started_on": DAY, "head_name": "Ann Lee", "kind": "permanent"}
    assert refused_by(Appointment, **values) == "appointment_starts_once_a_day"


def test_an_appointment_has_a_known_kind():
    values = {"school": make.school(), "started_on": DAY, "head_name": "Ann Lee", "kind": "acting"}
    assert refused_by(Appointment, **values) == "appointment_kind_is_known"


@pytest.mark.parametrize("is_both", [True, False])
def test_a_membership_is_of_a_school_or_a_trust(is_both):
    where = {"school": make.school(), "trust": make.trust()} if is_both else {}
    values = {"user": make.user("head"), "post": "head", "started_on": DAY, **where}
    assert refused_by(Membership, **values) == "membership_is_of_a_school_or_a_trust"


def test_a_membership_has_a_known_post():
    values = {"user": make.user("head"), "post": "friend", "started_on": DAY, "school": make.school()}
    assert refused_by(Membership, **values) == "membership_post_is_known"


def test_a_school_has_one_adviser_at_a_time():
    school = make.school()
    make.adviser_of(school)
    values = {"school": school, "adviser": make.user(), "started_on": DAY}
    assert refused_by(AdviserAssignment, **values) == "school_has_one_adviser_at_a_time"
