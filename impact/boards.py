"""What a person comes to see of a deployment's reviews: who has written, what they wrote, what is still to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, prefetch_related_objects

from impact.category_moves import CategoryMove, category_move
from impact.due import Due, dues, may_be_written
from impact.habits import category_months, review_habits
from impact.models import Kind, OutcomeRating, Party, Review
from impact.parties import is_reviewed
from schools.models import CategoryEntry
from schools.risk import Confirmed
from sidebyside.accounts.models import User
from support.models import Deployment


@dataclass
class Line:
    """One outcome with what each party that one may read said of it; None where a party did not rate it."""

    outcome: str
    measure: str
    ratings: list[OutcomeRating | None]


@dataclass
class Voice:
    """One party: whether its review is in, the review where this person may read it, and whether it can be written."""

    party: Party
    is_in: bool = False
    review: Review | None = None
    may_write: bool = False
    may_be_told: bool = False


@dataclass
class Board:
    """One of the two reviews of a deployment, as one person sees it."""

    kind: Kind
    due: Due | None
    voices: list[Voice]
    is_open: bool
    is_overdue: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def read(self) -> list[Voice]:
        """The voices that this person may read."""
        return [voice for voice in self.voices if voice.review]

    @property
    def is_complete(self) -> bool:
        """Whether everybody's review is in."""
        return all(voice.is_in for voice in self.voices)


def boards_of(deployment: Deployment, user: User, party: Party | None, *, on: date) -> list[Board]:
    """The mid-point review and the closing evaluation, in two queries; a short deployment has the latter alone."""
    readable = Review.objects.visible_to(user).filter(pk=OuterRef("pk"))
    reviews = list(deployment.reviews.annotate(is_readable=Exists(readable)).select_related("written_by"))
    prefetch_related_objects([review for review in reviews if review.is_readable], "ratings")
    habits = review_habits()
    is_asked, days = is_reviewed(deployment), (deployment.starts_on, deployment.ends_on)
    due_by_kind = {str(due.kind): due for due in dues(*days, habits)} if is_asked else {}
    found = []
    for kind in Kind:
        due, of_kind = due_by_kind.get(kind), [review for review in reviews if review.kind == kind]
        is_open = is_asked and may_be_written(kind, *days, habits, on=on)
        voices = [_voice(each, of_kind, user, party, is_open=is_open) for each in Party]
        is_late = due is not None and due.due_by < on and not all(voice.is_in for voice in voices)
        if due or of_kind:
            found.append(Board(kind, due, voices, is_open, is_late and is_open, _lines(voices)))
    return found


def _voice(which: Party, reviews: Sequence[Review], user: User, party: Party | None, *, is_open: bool) -> Voice:
    review = next((review for review in reviews if review.party == which), None)
    voice = Voice(which, is_in=review is not None)
    if review is not None and review.is_readable:  # type: ignore[attr-defined]
        voice.review = review
    if is_open and review is None:
        voice.may_write = which == party
        voice.may_be_told = which != Party.ADVISER and user.may("impact.assure_quality")
    return voice


def _lines(voices: list[Voice]) -> list[Line]:
    found: dict[str, Line] = {}
    heard = [voice.review for voice in voices if voice.review]
    for place, review in enumerate(heard):
        for rating in review.ratings.all():
            line = found.setdefault(rating.outcome, Line(rating.outcome, rating.measure, [None] * len(heard)))
            line.ratings[place] = rating
    return list(found.values())


def category_move_of(deployment: Deployment, *, on: date) -> CategoryMove:
    """How the school's category moved, in one query; across a conversion the entries of the deployment's own URN."""
    rows = CategoryEntry.objects.confirmed().filter(school=deployment.school_id)
    entries = [Confirmed(*row) for row in rows.values_list("category__name", "category__rank", "starts_on")]
    days = {"starts_on": deployment.starts_on, "ends_on": deployment.ends_on}
    return category_move(entries, **days, months=category_months(), on=on)
