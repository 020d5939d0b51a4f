"""Each party is asked for its review once, when it is due; what waits, and what is overdue."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from impact import inviting
from impact.due import dues
from impact.habits import review_habits
from impact.inviting import invite_reviews
from impact.models import Kind, Party, ReviewInvitation
from sidebyside.council.models import Council
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from support.models import Deployment
from tests import make
from tests.impact.cases import ENDS, HALF_WAY, STARTS, cast

pytestmark = pytest.mark.django_db
EVERYBODY = {"champion", "supported", "adviser"}


def sweep(on):
    return invite_reviews(now=datetime.combine(on, time(9), UTC))


def asked(kind=None):
    rows = ReviewInvitation.objects.filter(kind=kind) if kind else ReviewInvitation.objects.all()
    return sorted(rows.values_list("kind", "party"))


@pytest.fixture
def all_of_them():
    make.council()
    return cast()


def test_all_three_are_asked_half_way_and_again_near_the_end(all_of_them):
    assert sweep(HALF_WAY - timedelta(days=1)) == 0
    assert sweep(HALF_WAY) == 3
    assert asked() == sorted(("midpoint", party) for party in EVERYBODY)
    assert sweep(ENDS - timedelta(days=15)) == 0
    assert sweep(ENDS - timedelta(days=14)) == 3
    assert asked("closing") == sorted(("closing", party) for party in EVERYBODY)


def test_nobody_is_asked_twice(all_of_them):
    assert [sweep(HALF_WAY + timedelta(days=days)) for days in (0, 0, 1, 30)] == [3, 0, 0, 0]
    assert Dispatch.objects.count() == 3


def test_the_mail_says_that_a_review_is_due_and_where_and_goes_to_that_party_alone(all_of_them):
    sweep(HALF_WAY)
    mails = {row.party: row.mail for row in ReviewInvitation.objects.select_related("mail")}
    people = {"champion": all_of_them.champion, "supported": all_of_them.head, "adviser": all_of_them.adviser}
    assert {party: mail.to for party, mail in mails.items()} == {party: [who.email] for party, who in people.items()}
    mail = mails["supported"]
    assert mail.subject == "Please review the support of Jo Marsh at Mill Lane Primary School"
    assert "until 19 July 2023, and half of that time is over" in mail.body
    assert "by 28 February 2023" in mail.body
    assert f"/deployments/{all_of_them.deployment.pk}/reviews/" in mail.body
    assert all_of_them.deployment.focus not in mail.body


def test_the_mail_near_the_end_and_after_it_says_so(all_of_them):
    sweep(ENDS + timedelta(days=2))
    assert "gives Mill Lane Primary School ended on 19 July 2023." in Dispatch.objects.first().body
    assert "by 16 August 2023" in Dispatch.objects.first().body


def test_who_does_not_sign_in_is_asked_without_a_mail():
    make.council()
    make.deployment(make.school(), starts_on=STARTS, ends_on=ENDS)
    assert sweep(HALF_WAY) == 3
    assert list(ReviewInvitation.objects.values_list("mail", flat=True)) == [None] * 3


def test_whose_review_is_in_gets_no_mail(all_of_them):
    make.review(all_of_them.deployment, "supported", "midpoint")
    sweep(HALF_WAY)
    assert set(ReviewInvitation.objects.filter(mail__isnull=False).values_list("party", flat=True)) == {
        "champion",
        "adviser",
    }


def test_a_short_deployment_is_asked_at_its_end_alone():
    make.council()
    cast(starts_on=STARTS, ends_on=STARTS + timedelta(days=40))
    assert sweep(STARTS + timedelta(days=25)) == 0
    assert sweep(STARTS + timedelta(days=26)) == 3
    assert {kind for kind, _ in asked()} == {"closing"}


def test_what_ended_long_ago_is_not_asked_about(all_of_them):
    assert sweep(ENDS + timedelta(days=29)) == 0


@pytest.mark.parametrize("state", ["proposed", "declined", "cancelled"])
def test_what_never_came_about_is_not_asked_about(all_of_them, state):
    Deployment.objects.update(state=state)
    assert sweep(HALF_WAY) == 0


def test_what_goes_on_at_a_new_urn_is_asked_about_there(all_of_them):
    make.deployment(make.school(), starts_on=date(2023, 9, 1), ends_on=date(2024, 7, 1))
    Deployment.objects.filter(pk=all_of_them.deployment.pk).update(successor=Deployment.objects.first())
    assert sweep(HALF_WAY) == 0


def test_a_council_chooses_its_own_days(all_of_them):
    Council.objects.update(closing_review_days_before=30, closing_review_days=7)
    assert sweep(ENDS - timedelta(days=30)) == 3
    assert ReviewInvitation.objects.first().due_by(review_habits()) == ENDS + timedelta(days=7)


def test_one_that_cannot_be_asked_stops_no_other_and_leaves_nothing_half_done(all_of_them):
    in_the_way = post(
        f"review-{all_of_them.deployment.pk}-midpoint-supported", to=["a@school.example"], subject="-", body="-"
    )
    assert sweep(HALF_WAY) == 2
    assert asked() == [("midpoint", "adviser"), ("midpoint", "champion")]
    in_the_way.delete()
    assert sweep(HALF_WAY) == 1


def test_another_sweep_that_was_first_costs_nothing(all_of_them):
    """The unique key refuses the second row, and its mail goes with it."""
    make.invitation(all_of_them.deployment, "champion", "midpoint")
    due = next(dues(STARTS, ENDS, review_habits()))
    assert inviting._try(all_of_them.deployment, due, Party.CHAMPION, HALF_WAY) == 0
    assert (ReviewInvitation.objects.count(), Dispatch.objects.count()) == (1, 0)


class TestWhatWaits:
    """What is asked at a time, whose it is, and from when on it is overdue."""

    def open_on(self, day, user=None):
        rows = ReviewInvitation.objects.all()
        rows = rows.for_party_of(user, on=day) if user else rows
        return sorted(rows.open(review_habits(), on=day).values_list("kind", "party"))

    def test_it_waits_for_its_own_party_until_the_review_is_in(self, all_of_them):
        sweep(HALF_WAY)
        for who, party in (("champion", "champion"), ("head", "supported"), ("adviser", "adviser")):
            assert self.open_on(HALF_WAY, getattr(all_of_them, who)) == [("midpoint", party)]
        assert self.open_on(HALF_WAY, all_of_them.home_head) == []
        assert self.open_on(HALF_WAY, make.user("lead")) == self.open_on(HALF_WAY, make.user("finance")) == []
        make.review(all_of_them.deployment, "supported", "midpoint")
        assert self.open_on(HALF_WAY, all_of_them.head) == []

    def test_the_mid_point_is_asked_for_until_the_closing_one_is(self, all_of_them):
        sweep(HALF_WAY)
        before, then = ENDS - timedelta(days=15), ENDS - timedelta(days=14)
        sweep(then)
        assert {kind for kind, _ in self.open_on(before)} == {"midpoint"}
        assert {kind for kind, _ in self.open_on(then)} == {"closing"}

    def test_what_is_older_than_last_academic_year_is_not_asked_for_any_more(self, all_of_them):
        sweep(ENDS)
        assert len(self.open_on(date(2024, 8, 31))) == 3
        assert self.open_on(date(2024, 9, 1)) == []

    def overdue(self, day):
        return ReviewInvitation.objects.overdue(review_habits(), on=day).count()

    def test_a_mid_point_is_overdue_two_weeks_after_it_was_asked_for(self, all_of_them):
        sweep(HALF_WAY)
        [last] = {row.due_by(review_habits()) for row in ReviewInvitation.objects.all()}
        assert last == HALF_WAY + timedelta(days=14)
        assert [self.overdue(day) for day in (last, last + timedelta(days=1))] == [0, 3]

    def test_a_closing_one_is_overdue_four_weeks_after_the_end(self, all_of_them):
        sweep(ENDS)
        [last] = {row.due_by(review_habits()) for row in ReviewInvitation.objects.filter(kind=Kind.CLOSING)}
        assert last == ENDS + timedelta(days=28)
        assert [self.overdue(day) for day in (last, last + timedelta(days=1))] == [0, 3]
        make.review(all_of_them.deployment, "champion")
        assert self.overdue(last + timedelta(days=1)) == 2


@pytest.mark.parametrize("count", [1, 20])
def test_what_is_not_due_costs_the_sweep_as_little_for_many(count, django_assert_num_queries):
    make.council()
    lead, school, champion = make.user("lead"), make.school(), make.champion()
    for _ in range(count):
        make.deployment(school, champion, made_by=lead, starts_on=STARTS, ends_on=ENDS)
    review_habits()
    with django_assert_num_queries(1):
        assert sweep(STARTS) == 0
