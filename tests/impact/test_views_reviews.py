"""The pages of reviews: who opens and reads what, what the form keeps, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from impact.models import Review
from tests import make
from tests.impact.cases import MEASURE, OUTCOME, half_over, just_over, sent

pytestmark = pytest.mark.django_db
SCHOOLS_WORDS, CHAMPIONS_WORDS, ADVISERS_WORDS = "Staff ask for more", "Leaders were always there", "Seen in lessons"


@pytest.fixture
def over(today):
    make.council()
    return just_over(today)


def page_of(client, deployment) -> str:
    return client.get(reverse("deployment_reviews", args=[deployment.pk])).content.decode()


def new(deployment, kind="closing") -> str:
    return reverse("review_new", args=[deployment.pk, kind])


def all_in(deployment, parties=("champion", "supported", "adviser"), kind="closing"):
    words = {"champion": CHAMPIONS_WORDS, "supported": SCHOOLS_WORDS, "adviser": ADVISERS_WORDS}
    for party in parties:
        make.review(deployment, party, kind, went_well=words[party], ratings={OUTCOME: "mostly"})


def read(page) -> set[str]:
    return {words for words in (SCHOOLS_WORDS, CHAMPIONS_WORDS, ADVISERS_WORDS) if words in page}


def test_a_champion_writes_the_closing_evaluation(signed_in, over):
    client = signed_in(over.champion)
    asked = client.get(new(over.deployment)).content.decode()
    assert (OUTCOME in asked, f"The measure agreed: {MEASURE}" in asked) == (True, True)
    answer = client.post(new(over.deployment), sent(), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("deployment_reviews", args=[over.deployment.pk])
    assert "The closing evaluation is in." in answer.content.decode()
    review = Review.objects.get()
    assert (review.party, review.written_by, review.ratings.get().how_far) == ("champion", over.champion, "mostly")


def test_the_school_and_the_adviser_write_theirs(signed_in, over):
    for who in (over.head, over.adviser):
        signed_in(who).post(new(over.deployment), sent())
    assert sorted(Review.objects.values_list("party", flat=True)) == ["adviser", "supported"]


def test_a_mid_point_review_asks_for_no_recommendation(signed_in, today):
    all_of_them = half_over(today)
    client = signed_in(all_of_them.head)
    assert "recommend" not in client.get(new(all_of_them.deployment, "midpoint")).content.decode()
    client.post(new(all_of_them.deployment, "midpoint"), sent())
    assert (Review.objects.get().kind, Review.objects.get().recommended) == ("midpoint", "")


def test_what_is_missing_is_said_and_what_was_typed_is_kept(signed_in, over):
    page = signed_in(over.head).post(new(over.deployment), sent(how_far_0="", to_change="", recommended=""))
    text = page.content.decode()
    for sentence in (
        f"Select how far “{OUTCOME}” has been reached",
        "Enter what to change",
        "Select",
    ):
        assert sentence in text
    assert (text.count("41 of 50"), "Coaching" in text) == (1, True)
    assert not Review.objects.exists()


def test_outcomes_that_changed_meanwhile_are_asked_again_and_the_words_kept(signed_in, over):
    client = signed_in(over.head)
    over.deployment.intended.create(text="More children write well", position=1)
    page = client.post(new(over.deployment), sent()).content.decode()
    assert "Select how far “More children write well” has been reached" in page
    assert "41 of 50" in page


def test_before_its_time_one_is_sent_back_and_told(signed_in, today):
    all_of_them = half_over(today)
    page = signed_in(all_of_them.champion).get(new(all_of_them.deployment), follow=True)
    assert "The closing evaluation is not open today." in page.content.decode()


def test_who_comes_again_is_told_that_it_is_in(signed_in, over):
    all_in(over.deployment, ["champion"])
    page = signed_in(over.champion).get(new(over.deployment), follow=True)
    assert "This review is in already" in page.content.decode()


def test_a_late_post_is_refused_on_the_page(signed_in, over):
    all_in(over.deployment, ["supported"])
    page = signed_in(over.head).post(new(over.deployment), sent()).content.decode()
    assert "This review is in already" in page


def test_pressing_twice_makes_one_review(signed_in, over):
    client = signed_in(over.head)
    for _ in range(2):
        answer = client.post(new(over.deployment), sent(request_key="k"))
        assert answer.status_code == 302
    assert Review.objects.count() == 1


def test_another_kind_is_not_there(signed_in, over):
    assert signed_in(over.head).get(new(over.deployment, "quarterly")).status_code == 404


class TestWhoReads:
    """A1: each reads the others once the own review is in."""

    def test_before_and_after_the_own(self, signed_in, over):
        all_in(over.deployment, ["champion", "adviser"])
        client = signed_in(over.head)
        page = page_of(client, over.deployment)
        assert (read(page), page.count("You can read it once yours is in.")) == (set(), 2)
        client.post(new(over.deployment), sent(went_well=SCHOOLS_WORDS))
        assert len(read(page_of(client, over.deployment))) == 3

    def test_the_team_reads_all_with_the_category_and_a_school_reads_no_category(self, signed_in, over):
        make.categorise(over.school, "Prevention", over.deployment.starts_on)
        make.categorise(over.school, "Enhancement", over.deployment.ends_on)
        all_in(over.deployment)
        page = page_of(signed_in("auditor"), over.deployment)
        assert len(read(page)) == 3
        assert "Prevention on the first day" in page
        assert "lower, it needs less support" in page
        assert "on the first day" not in page_of(signed_in(over.head), over.deployment)

    @pytest.mark.parametrize("who", ["home_head", "finance"])
    def test_the_home_school_and_finance_read_nothing(self, signed_in, over, who):
        all_in(over.deployment)
        person = over.home_head if who == "home_head" else make.user("finance")
        client, status = signed_in(person), 404 if who == "home_head" else 403
        url = reverse("deployment_reviews", args=[over.deployment.pk])
        assert client.get(url).status_code == status
        assert client.get(new(over.deployment)).status_code == status
        assert client.post(new(over.deployment), sent()).status_code == status

    def test_only_the_leader_writes_down_what_somebody_told(self, signed_in, over):
        told = f"{new(over.deployment)}?for=supported"
        client = signed_in("lead")
        assert told.replace("&", "&amp;") in page_of(client, over.deployment)
        page = client.post(told, sent()).content.decode()
        assert "Enter how they told you" in page
        client.post(told, sent(heard_how="by telephone"))
        assert (Review.objects.get().party, Review.objects.get().heard_how) == ("supported", "by telephone")
        signed_in(make.user("adviser")).post(f"{new(over.deployment)}?for=champion", sent())
        assert Review.objects.filter(party="champion").count() == 0


class TestOnTheDeploymentsPage:
    def shown(self, client, deployment):
        page = client.get(deployment.get_absolute_url()).content.decode()
        return page.partition("Reviews</h2>")[2].partition("</section>")[0]

    def test_it_says_what_is_in_and_what_to_write(self, signed_in, over):
        all_in(over.deployment, ["champion"])
        shown = self.shown(signed_in(over.head), over.deployment)
        assert "Closing evaluation: 1 of 3 in" in shown
        assert new(over.deployment) in shown
        assert new(over.deployment) not in self.shown(signed_in(over.champion), over.deployment)

    def test_finance_reads_nothing_of_it(self, signed_in, over):
        all_in(over.deployment)
        assert self.shown(signed_in("finance"), over.deployment) == ""

    @pytest.mark.parametrize("reviews", [0, 3])
    def test_it_costs_as_little_with_reviews_as_without(self, signed_in, over, reviews, django_assert_max_num_queries):
        all_in(over.deployment, ["champion", "supported", "adviser"][:reviews])
        client = signed_in("lead")
        client.get(over.deployment.get_absolute_url())
        with django_assert_max_num_queries(8):
            client.get(over.deployment.get_absolute_url())


class TestAtHome:
    def test_what_is_asked_for_stands_on_the_home_page_of_each(self, signed_in, over):
        for party, who in (("champion", over.champion), ("supported", over.head), ("adviser", over.adviser)):
            make.invitation(over.deployment, party)
            assert new(over.deployment) in signed_in(who).get(reverse("home")).content.decode()
            make.review(over.deployment, party)
            assert new(over.deployment) not in signed_in(who).get(reverse("home")).content.decode()

    def test_a_leader_sees_how_many_are_overdue_and_which(self, signed_in, today):
        make.council()
        late = just_over(today - timedelta(days=29))
        make.invitation(late.deployment, "supported")
        client = signed_in("lead")
        cards = {card.label: card.number for card in client.get(reverse("home")).context["home"].cards}
        assert cards["review is overdue"] == "1"
        page = client.get(reverse("review_overdue")).content.decode()
        assert ("Jo Marsh at Mill Lane Primary School" in page, "Nobody signs in" in page) == (True, True)


class TestQueries:
    """The same number for one row and fifty."""

    @pytest.mark.parametrize("count", [1, 50])
    @pytest.mark.parametrize("who", ["head", "champion", "adviser"])
    def test_the_page_and_the_form(self, signed_in, over, count, who, django_assert_max_num_queries):
        for place in range(count):
            over.deployment.intended.create(text=f"Outcome {place}", position=place + 1)
        ratings = {f"Outcome {place}": "mostly" for place in range(count)}
        for party in ("champion", "supported", "adviser"):
            make.review(over.deployment, party, "midpoint", ratings=ratings)
        client = signed_in(getattr(over, who))
        urls = [reverse("deployment_reviews", args=[over.deployment.pk]), new(over.deployment)]
        client.get(urls[0])
        for url in urls:
            with django_assert_max_num_queries(6):
                assert client.get(url).status_code == 200

    @pytest.mark.parametrize("count", [1, 50])
    def test_the_overdue(self, signed_in, today, count, django_assert_num_queries):
        make.council()
        lead, champion, school = make.user("lead"), make.champion(), make.school()
        days = {"starts_on": today - timedelta(days=200), "ends_on": today - timedelta(days=60), "made_by": lead}
        for _ in range(count):
            make.invitation(make.deployment(school, champion, **days))
        client = signed_in(lead)
        client.get(reverse("review_overdue"))
        with django_assert_num_queries(4):
            client.get(reverse("review_overdue"))
