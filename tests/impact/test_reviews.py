"""Writing reviews: who, when, of which outcomes, once; and who reads them."""

from datetime import date

import pytest

from impact.actions.reviews import Rated, outcomes_of, write_review
from impact.models import Review
from impact.parties import party_of
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.deployments import set_outcomes
from support.agreements import Intended
from support.models import Deployment
from tests import make
from tests.impact.cases import HALF_WAY, LAST_WEEK, MEASURE, OUTCOME, cast

pytestmark = pytest.mark.django_db
RATED = Rated(OUTCOME, MEASURE, "mostly", "41 of 50")


@pytest.fixture
def all_of_them():
    return cast()


def write(deployment, party, by, **rest):
    values = {"kind": "closing", "went_well": "Coaching", "to_change": "Begin earlier", "recommended": "yes"}
    return write_review(deployment, party=party, by=by, **values | {"ratings": [RATED], "on": LAST_WEEK} | rest)


def midpoint(deployment, party, by, **rest):
    return write(deployment, party, by, kind="midpoint", **{"recommended": "", "on": HALF_WAY} | rest)


def test_each_party_speaks_for_itself(all_of_them):
    found = {
        name: party_of(getattr(all_of_them, name), all_of_them.deployment)
        for name in ("champion", "head", "adviser", "home_head")
    }
    assert found == {"champion": "champion", "head": "supported", "adviser": "adviser", "home_head": None}
    others = {role: party_of(make.user(role), all_of_them.deployment) for role in ("lead", "finance", "auditor")}
    assert others == {"lead": "adviser", "finance": None, "auditor": None}


def test_a_review_keeps_the_outcomes_words_and_leaves_a_trail(all_of_them):
    review = write(all_of_them.deployment, "supported", all_of_them.head)
    rating = review.ratings.get()
    assert (rating.outcome, rating.measure, rating.how_far, rating.evidence) == (OUTCOME, MEASURE, "mostly", "41 of 50")
    event = Event.objects.get(verb="review.written")
    assert (event.by, event.details) == (all_of_them.head, {"kind": "closing", "party": "supported"})
    assert "Coaching" not in f"{event.details}{event.why}"


def test_new_outcomes_of_a_changed_agreement_leave_what_was_rated_as_it_was(all_of_them):
    review = midpoint(all_of_them.deployment, "champion", all_of_them.champion)
    set_outcomes(all_of_them.deployment, [Intended("More children write well")])
    assert review.ratings.get().outcome == OUTCOME
    assert outcomes_of(all_of_them.deployment) == [("More children write well", "")]


def test_the_outcomes_must_be_those_of_today(all_of_them):
    set_outcomes(all_of_them.deployment, [Intended("More children write well")])
    with pytest.raises(Refusal, match="have changed since you opened the page"):
        write(all_of_them.deployment, "champion", all_of_them.champion)
    with pytest.raises(Refusal, match="have changed"):
        write(all_of_them.deployment, "champion", all_of_them.champion, ratings=[])


def test_the_same_words_twice_are_one_outcome(all_of_them):
    set_outcomes(all_of_them.deployment, [Intended(OUTCOME, MEASURE), Intended(OUTCOME)])
    assert outcomes_of(all_of_them.deployment) == [(OUTCOME, MEASURE)]


@pytest.mark.parametrize("who", ["champion", "head", "home_head", "adviser"])
def test_nobody_writes_for_another(all_of_them, who):
    person = getattr(all_of_them, who)
    for party in {"champion", "supported", "adviser"} - {party_of(person, all_of_them.deployment)}:
        with pytest.raises(Refusal, match="somebody else’s"):
            write(all_of_them.deployment, party, person, heard_how="by telephone")


def test_the_leader_writes_down_what_a_school_told_and_says_how(all_of_them):
    lead = make.user("lead")
    with pytest.raises(Refusal, match="Say how they told you"):
        write(all_of_them.deployment, "supported", lead)
    review = write(all_of_them.deployment, "supported", lead, heard_how="by telephone on 12 July")
    assert (review.written_by, review.heard_how) == (lead, "by telephone on 12 July")


def test_a_party_writes_once(all_of_them):
    write(all_of_them.deployment, "supported", all_of_them.head)
    with pytest.raises(Refusal, match="in already"):
        write(all_of_them.deployment, "supported", make.head(all_of_them.school))
    assert Review.objects.count() == 1


def test_the_same_form_twice_is_one_review(all_of_them):
    first = write(all_of_them.deployment, "supported", all_of_them.head, request_key="k")
    assert write(all_of_them.deployment, "supported", all_of_them.head, request_key="k") == first
    assert Event.objects.filter(verb="review.written").count() == 1


@pytest.mark.parametrize(
    ("kind", "on"), [("midpoint", date(2023, 2, 13)), ("midpoint", date(2023, 7, 20)), ("closing", date(2023, 7, 4))]
)
def test_a_review_has_its_time(all_of_them, kind, on):
    with pytest.raises(Refusal, match="is not open on"):
        write(all_of_them.deployment, "champion", all_of_them.champion, kind=kind, on=on)


@pytest.mark.parametrize("state", ["proposed", "declined", "cancelled"])
def test_what_never_came_about_is_not_reviewed(all_of_them, state):
    Deployment.objects.update(state=state)
    all_of_them.deployment.refresh_from_db()
    with pytest.raises(Refusal, match="is not reviewed"):
        write(all_of_them.deployment, "champion", all_of_them.champion)


def test_what_goes_on_at_a_new_urn_is_reviewed_there(all_of_them):
    all_of_them.deployment.successor = make.deployment(make.academy())
    all_of_them.deployment.save()
    with pytest.raises(Refusal, match="goes on at another school record"):
        write(all_of_them.deployment, "champion", all_of_them.champion)


class TestWhoReads:
    """A1: a party reads the others once its own is in; the team all; the home school and finance none."""

    def read_by(self, who):
        return set(Review.objects.visible_to(who).values_list("kind", "party"))

    def test_a_party_reads_nothing_before_its_own_is_in_and_all_of_that_kind_afterwards(self, all_of_them):
        write(all_of_them.deployment, "champion", all_of_them.champion)
        write(all_of_them.deployment, "adviser", all_of_them.adviser)
        midpoint(all_of_them.deployment, "adviser", all_of_them.adviser)
        assert self.read_by(all_of_them.head) == set()
        assert self.read_by(all_of_them.champion) == {("closing", "champion"), ("closing", "adviser")}
        write(all_of_them.deployment, "supported", all_of_them.head)
        assert self.read_by(all_of_them.head) == {("closing", party) for party in ("champion", "adviser", "supported")}

    def test_what_the_team_wrote_down_for_a_school_opens_the_others_to_it(self, all_of_them):
        write(all_of_them.deployment, "champion", all_of_them.champion)
        write(all_of_them.deployment, "supported", make.user("lead"), heard_how="by letter")
        assert self.read_by(all_of_them.head) == {("closing", "champion"), ("closing", "supported")}

    def test_the_team_reads_all_and_finance_and_the_home_school_none(self, all_of_them):
        write(all_of_them.deployment, "champion", all_of_them.champion)
        write(all_of_them.deployment, "supported", all_of_them.head)
        for role in ("lead", "adviser", "auditor", "administrator"):
            assert len(self.read_by(make.user(role))) == 2
        for person in (make.user("finance"), make.user("trust_finance"), all_of_them.home_head):
            assert self.read_by(person) == set()

    def test_another_champion_and_another_school_read_none(self, all_of_them):
        write(all_of_them.deployment, "champion", all_of_them.champion)
        other = cast()
        write(other.deployment, "champion", other.champion)
        write(other.deployment, "supported", other.head)
        found = [Review.objects.visible_to(who).filter(deployment=all_of_them.deployment).count() for who in
                 (other.champion, other.head)]  # fmt: skip
        assert found == [0, 0]


def test_a_leaver_of_the_school_speaks_for_it_no_more(all_of_them):
    post = all_of_them.head.memberships.get()
    post.ended_on = date(2022, 8, 31)
    post.started_on = date(2020, 9, 1)
    post.save()
    assert party_of(all_of_them.head, all_of_them.deployment) is None
