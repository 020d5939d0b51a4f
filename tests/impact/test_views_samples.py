"""The pages of quality assurance: preview, draw, the draw made again, picks, findings."""

from datetime import date

import pytest
from django.urls import reverse

from impact import drawing
from impact.models import Finding, Sample
from sidebyside.govuk.dates import posted
from sidebyside.years import AcademicYear
from tests import make

pytestmark = pytest.mark.django_db
NEW = reverse("sample_new")


@pytest.fixture(autouse=True)
def council():
    return make.council()


def deployments(count, **rest):
    lead, champion = make.user("lead"), make.champion(name="Jo Marsh")
    return [
        make.deployment(make.school(name=f"School {place}"), champion, made_by=lead, **rest) for place in range(count)
    ]


def draw(client, query="?year=2022", **rest):
    seen = client.get(f"{NEW}{query}").context["form"].initial["seen"]
    return client.post(f"{NEW}{query}", {"size": "2", "reason": "Summer checks", "seen": seen} | rest)


def test_a_leader_sees_what_is_drawn_from_then_draws(signed_in):
    there = deployments(5)
    client = signed_in("lead")
    page = client.get(f"{NEW}?year=2022")
    assert page.context["count"] == 5
    assert "Jo Marsh at School 4" in page.content.decode()
    answer = draw(client)
    sample = Sample.objects.get()
    assert answer.url == sample.get_absolute_url()
    assert (sample.size, sample.reason, sample.population) == (2, "Summer checks", [each.pk for each in there])
    shown = client.get(answer.url).content.decode()
    assert "Drawn again just now with the same seed, it gives the same deployments." in shown
    assert sample.seed in shown


def test_the_population_is_narrowed_before_the_draw(signed_in):
    [mine, *_] = deployments(3)
    make.categorise(mine.school, "Intervention", date(2022, 9, 1))
    query = f"?year=2022&category={make.category('Intervention').pk}&champion_type={mine.champion_type_id}"
    client = signed_in("lead")
    assert client.get(f"{NEW}{query}").context["count"] == 1
    draw(client, query, size="1")
    sample = Sample.objects.get()
    assert (sample.population, sample.category, sample.champion_type) == (
        [mine.pk], make.category("Intervention"), mine.champion_type,
    )  # fmt: skip
    shown = client.get(sample.get_absolute_url()).content.decode()
    assert "at schools in Intervention on the first day" in shown


def test_two_presses_draw_once(signed_in):
    deployments(4)
    client = signed_in("lead")
    first, second = draw(client, request_key="k"), draw(client, request_key="k")
    assert (first.url, Sample.objects.count()) == (second.url, 1)


def test_too_many_are_refused_beside_the_box(signed_in):
    deployments(1)
    page = draw(signed_in("lead")).content.decode()
    assert "Choose a number from 1 to 1." in page


def test_a_population_that_changed_meanwhile_is_looked_at_again(signed_in):
    deployments(2)
    client = signed_in("lead")
    seen = client.get(f"{NEW}?year=2022").context["form"].initial["seen"]
    deployments(1)
    page = client.post(f"{NEW}?year=2022", {"size": "1", "reason": "Checks", "seen": seen}).content.decode()
    assert "have changed since you opened the page" in page
    assert not Sample.objects.exists()


def test_nothing_to_draw_from_is_said(signed_in):
    deployments(1)
    page = signed_in("lead").get(NEW).content.decode()
    assert "0 deployments</strong> to draw from: none of this kind has begun." in " ".join(page.split())


def test_a_draw_that_gives_others_is_shown_as_such(signed_in):
    """The control: a sample that was not drawn as it says."""
    [first, second] = deployments(2)
    sample = make.sample(first, population=[first.pk, second.pk], seed=seed_that_draws(second.pk, first.pk))
    page = signed_in("auditor").get(sample.get_absolute_url()).content.decode()
    assert "it gives other deployments" in page


def seed_that_draws(wanted: int, other: int) -> str:
    drawn = ((f"{seed}", drawing.draw([wanted, other], size=1, seed=f"{seed}")) for seed in range(99))
    return next(seed for seed, found in drawn if found == (wanted,))


def test_a_leader_picks_another_with_a_reason(signed_in):
    [drawn, other] = deployments(2)
    sample = make.sample(drawn)
    client, url = signed_in("lead"), reverse("sample_pick", args=[sample.pk])
    choices = list(client.get(url).context["form"].fields["deployment"].queryset)
    assert choices == [other]
    assert "Enter why you pick it" in client.post(url, {"deployment": other.pk, "why": ""}).content.decode()
    client.post(url, {"deployment": other.pk, "why": "A new champion"})
    page = client.get(sample.get_absolute_url()).content.decode()
    assert "Picked by Lead" in page
    assert ": A new champion" in page


def test_a_finding_is_recorded_and_read_in_the_report(signed_in):
    [drawn] = deployments(1)
    sampled = make.sample(drawn).deployments.get()
    client, url = signed_in("lead"), reverse("finding_new", args=[sampled.pk])
    values = {"grade": "needs work", "text": "The focus was lost", **posted("visited_on", date(2023, 6, 14))}
    assert client.post(url, values).url == sampled.sample.get_absolute_url()
    assert Finding.objects.get().visited_on == date(2023, 6, 14)
    report = client.get(reverse("finding_list")).content.decode()
    assert "The focus was lost" in report
    assert "<strong>1</strong> needs work" in report
    assert "in already" in client.post(url, values).content.decode()


def test_a_visit_to_come_is_refused_and_the_words_are_kept(signed_in, today):
    sampled = make.sample(*deployments(1)).deployments.get()
    values = {"grade": "strong", "text": "Good coaching", **posted("visited_on", today.replace(year=today.year + 1))}
    page = signed_in("lead").post(reverse("finding_new", args=[sampled.pk]), values).content.decode()
    assert ("The visit must be today or in the past." in page, "Good coaching" in page) == (True, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [("grade=strong", 1), ("grade=secure", 0), ("year={now}", 1), ("year={before}", 0), ("type={type}", 1)],
)
def test_findings_are_narrowed(signed_in, today, query, found):
    [drawn] = deployments(1, starts_on=today, ends_on=today)
    make.finding(make.sample(drawn).deployments.get(), grade="strong")
    now = AcademicYear.containing(today).start
    words = {"now": now, "before": now - 1, "type": drawn.champion_type_id}
    url = f"{reverse('finding_list')}?{query.format(**words)}"
    assert signed_in("adviser").get(url).context["page"].paginator.count == found


@pytest.mark.parametrize("role", ["adviser", "auditor", "administrator"])
def test_the_rest_of_the_team_reads_and_does_not_draw(signed_in, role):
    [drawn] = deployments(1)
    sample = make.sample(drawn)
    client = signed_in(role)
    assert client.get(sample.get_absolute_url()).status_code == 200
    page = client.get(reverse("sample_list")).content.decode()
    assert (sample.reason in page, NEW in page) == (True, False)
    closed = [NEW, reverse("sample_pick", args=[sample.pk]), reverse("finding_new", args=[sample.deployments.get().pk])]
    assert [client.post(url, {}).status_code for url in closed] == [403] * 3


@pytest.mark.parametrize("role", ["head", "champion", "finance", "trust_finance"])
def test_nobody_else_reads_of_it(signed_in, role):
    sample = make.sample(*deployments(1))
    urls = [sample.get_absolute_url(), reverse("sample_list"), reverse("finding_list"), reverse("worked_report")]
    client = signed_in(role)
    assert [client.get(url).status_code for url in urls] == [403] * 4


@pytest.mark.parametrize("count", [1, 50])
def test_pages_take_as_many_queries_for_one_as_for_fifty(signed_in, count, django_assert_max_num_queries):
    there = deployments(count)
    sample = make.sample(*there)
    for sampled in sample.deployments.all():
        make.finding(sampled)
    for _ in range(count - 1):
        make.sample(there[0], drawn_by=sample.drawn_by)
    client = signed_in(sample.drawn_by)
    urls = [reverse("sample_list"), sample.get_absolute_url(), reverse("finding_list"), f"{NEW}?year=2022",
            reverse("sample_pick", args=[sample.pk])]  # fmt: skip
    client.get(urls[0])
    for url in urls:
        with django_assert_max_num_queries(6):
            assert client.get(url).status_code == 200
