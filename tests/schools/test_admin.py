"""The administration of schools and people: what it changes, records and refuses to delete."""

from datetime import date

import pytest
from django.contrib import admin
from django.core import mail
from django.urls import reverse

from schools.models import Appointment, Correction, Membership, School
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from tests import make

pytestmark = pytest.mark.django_db
OWN = [model for model in admin.site._registry if model._meta.app_label in ("schools", "accounts", "audit")]


@pytest.fixture
def office(signed_in):
    """An administrator's browser."""
    make.council()
    return signed_in(make.user("administrator", name="Ada Min"))


def form_of(response):
    """What the page of an admin form would post as it stands, formsets included."""
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: "" if value is None else value for name, value in values.items() if value is not False}


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.model_name)
def test_every_list_and_search_opens(office, model):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert [office.get(url, query).status_code for query in ({}, {"q": "123"})] == [200, 200]


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.model_name)
def test_nothing_with_a_history_is_deleted(rf, model):
    request = rf.get("/")
    request.user = make.user("administrator")
    assert admin.site._registry[model].has_delete_permission(request) is False


@pytest.mark.parametrize("role", ["lead", "adviser", "champion", "head", "trust_finance", "finance", "auditor"])
def test_only_administrators_open_it(signed_in, role):
    response = signed_in(role).get(reverse("admin:schools_school_changelist"))
    assert response.status_code != 200


def test_s9_a_school_corrected_by_hand_keeps_the_correction(office):
    school = make.school(name="Mill Lane Schol")
    url = reverse("admin:schools_school_change", args=[school.urn])
    data = form_of(office.get(url)) | {"name": "Mill Lane School", "why": "Misspelt in the register"}
    assert office.post(url, data).status_code == 302
    correction = Correction.objects.get()
    assert (correction.field, correction.reason) == ("name", "Misspelt in the register")
    assert School.objects.get().name == "Mill Lane School"


def test_a_correction_needs_its_reason(office):
    school = make.school(name="Mill Lane Schol")
    url = reverse("admin:schools_school_change", args=[school.urn])
    response = office.post(url, form_of(office.get(url)) | {"name": "Mill Lane School"})
    assert response.context["adminform"].form.errors == {"why": ["Say why the school’s entry is corrected."]}
    assert School.objects.get().name == "Mill Lane Schol"


def test_saving_a_school_as_it_is_corrects_nothing(office):
    school = make.school()
    url = reverse("admin:schools_school_change", args=[school.urn])
    assert office.post(url, form_of(office.get(url))).status_code == 302
    assert [Correction.objects.count(), Event.objects.count()] == [0, 0]


def invite_head(office, school, email="Head@Mill.example"):
    url = reverse("admin:accounts_user_add")
    data = form_of(office.get(url)) | {"name": "Bob Ray", "email": email, "role": "head"}
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-0-school": school.urn, "memberships-0-post": "head"}
    return office.post(url, data | {"memberships-0-started_on": "01/09/2022"})


def test_a_person_is_invited_with_a_role_and_a_post(office):
    school = make.school()
    assert invite_head(office, school).status_code == 302
    person = User.objects.get(email="head@mill.example")
    assert (person.role, person.has_usable_password()) == ("head", False)
    membership = Membership.objects.get(user=person)
    assert (membership.school, membership.post, membership.started_on) == (school, "head", date(2022, 9, 1))


def test_an_invited_person_sets_the_first_password_by_a_reset_mail(office, client):
    invite_head(office, make.school())
    invitation = Dispatch.objects.get()
    assert invitation.to == ["head@mill.example"]
    assert reverse("account_reset_password") in invitation.body
    office.logout()
    office.post(reverse("account_reset_password"), {"email": "head@mill.example"})
    assert mail.outbox[-1].to == ["head@mill.example"]
    link = next(word for word in mail.outbox[-1].body.split() if "/reset/key/" in word)
    form = office.get(link, follow=True)
    data = {"password1": "a long new secret", "password2": "a long new secret"}
    office.post(form.redirect_chain[-1][0], data)
    assert User.objects.get(email="head@mill.example").check_password("a long new secret")


def test_a3_an_invitation_and_a_post_leave_their_trail(office):
    school = make.school()
    invite_head(office, school)
    trail = Event.objects.order_by("id").values_list("verb", "by__name", "school_urn")
    assert list(trail) == [
        ("admin.person_added", "Ada Min", None),
        ("user.invited", "Ada Min", None),
        ("admin.membership_added", "Ada Min", school.urn),
    ]


def test_an_invitation_can_be_sent_again(office):
    invite_head(office, make.school())
    person = User.objects.get(email="head@mill.example")
    url = reverse("admin:accounts_user_changelist")
    office.post(url, {"action": "invite_again", "_selected_action": [person.pk]})
    assert Dispatch.objects.filter(to=["head@mill.example"]).count() == 2


def test_a_person_who_is_kept_from_signing_in_is_signed_out_and_stays_on_record(office, client):
    person = make.user("adviser")
    url = reverse("admin:accounts_user_change", args=[person.pk])
    data = form_of(office.get(url))
    data.pop("is_active")
    assert office.post(url, data).status_code == 302
    person.refresh_from_db()
    assert person.is_active is False
    assert Event.objects.get().details == {"fields": ["is_active"], "now": {"is_active": "False"}}


def test_two_people_do_not_share_an_address_whatever_its_capitals(office):
    make.user("head", email="head@mill.example")
    response = invite_head(office, make.school())
    assert list(response.context["adminform"].form.errors) == ["__all__", "email"]


def test_a_post_is_at_a_school_or_a_trust(office):
    url = reverse("admin:accounts_user_add")
    data = form_of(office.get(url)) | {"name": "Bob Ray", "email": "b@mill.example", "role": "head"}
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-0-post": "head", "memberships-0-started_on": "01/09/2022"}
    response = office.post(url, data)
    [errors] = response.context["inline_admin_formsets"][0].formset.errors
    assert errors == {"__all__": ["Choose a school or a trust, not both."]}


def test_o8_a_new_appointment_ends_the_former_one(office):
    school = make.school()
    former = make.appointment(school, date(2020, 9, 1))
    data = {"school": school.urn, "head_name": "Bob Ray", "kind": "new to post", "started_on": "17/04/2023"}
    assert office.post(reverse("admin:schools_appointment_add"), data).status_code == 302
    former.refresh_from_db()
    assert former.ended_on == date(2023, 4, 16)
    assert Appointment.objects.get(head_name="Bob Ray").ended_on is None


def test_an_appointment_at_a_closed_school_is_refused_in_the_form(office):
    school = make.school(closed_on=date(2022, 12, 31), status="closed")
    data = {"school": school.urn, "head_name": "Bob Ray", "kind": "new to post", "started_on": "17/04/2023"}
    response = office.post(reverse("admin:schools_appointment_add"), data)
    assert list(response.context["adminform"].form.errors) == ["started_on"]


@pytest.mark.parametrize("name", ["schools_school", "schools_categoryentry", "schools_appointment", "accounts_user"])
def test_the_lists_ask_the_database_as_often_for_thirty_rows_as_for_one(office, django_assert_max_num_queries, name):
    def add(number):
        for _ in range(number):
            school = make.school()
            make.head(school)
            make.categorise(school, proposed_by=make.user(), confirmed_by=make.user())
            make.appointment(school, date(2020, 9, 1))

    add(1)
    url = reverse(f"admin:{name}_changelist")
    with django_assert_max_num_queries(20) as one:
        office.get(url)
    add(30)
    with django_assert_max_num_queries(len(one)):
        office.get(url)
