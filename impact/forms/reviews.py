"""Writing a review: each outcome, then what is to be learnt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from impact.actions.reviews import Rated
from impact.models import Kind, OutcomeRating, Review
from sidebyside.govuk.wording import use_friendly_messages
from sidebyside.once import OnceForm

LONG = 3000


class ReviewForm(OnceForm):
    """A review of one kind. `outcomes` are (outcome, measure) in order; `is_told` when the team writes it down."""

    went_well = forms.CharField(label="What went well", max_length=LONG, widget=forms.Textarea)
    to_change = forms.CharField(label="What to change", max_length=LONG, widget=forms.Textarea)
    next_step = forms.CharField(label="What happens next", required=False, max_length=LONG, widget=forms.Textarea)
    recommended = forms.ChoiceField(
        label="Would you recommend this support to another school?",
        choices=Review.Advice.choices,
        widget=forms.RadioSelect,
    )
    heard_how = forms.CharField(
        label="How they told you",
        max_length=200,
        help_text="Such as by telephone on 3 July. It stands with the review.",
    )

    def __init__(
        self, *args: Any, kind: str, outcomes: Sequence[tuple[str, str]], is_told: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes = list(outcomes)
        self.fields = self._outcome_fields() | self.fields
        if kind == Kind.CLOSING:
            self.fields["to_change"].label = "What you would change another time"
        else:
            del self.fields["recommended"]
        if not is_told:
            del self.fields["heard_how"]

    def _outcome_fields(self) -> dict[str, forms.Field]:
        """For each outcome how far it has been reached, and what shows it."""
        found: dict[str, forms.Field] = {}
        for place, (outcome, measure) in enumerate(self.outcomes):
            found[f"how_far_{place}"] = forms.ChoiceField(
                label=outcome,
                choices=OutcomeRating.HowFar.choices,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
                help_text="How far has this been reached?",
                error_messages={"required": f"Select how far “{outcome}” has been reached"},
            )
            found[f"evidence_{place}"] = evidence = forms.CharField(
                label=f"What shows it (outcome {place + 1})" if len(self.outcomes) > 1 else "What shows it",
                required=False,
                max_length=LONG,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=f"The measure agreed: {measure}" if measure else "",
            )
            use_friendly_messages(evidence, evidence.label)
        return found

    def ratings(self) -> list[Rated]:
        """What was said of each outcome."""
        said = self.cleaned_data
        return [
            Rated(outcome, measure, said[f"how_far_{place}"], said[f"evidence_{place}"])
            for place, (outcome, measure) in enumerate(self.outcomes)
        ]

    def words(self) -> dict[str, Any]:
        """What `write_review` takes."""
        names = ("went_well", "to_change", "next_step", "recommended", "heard_how", "request_key")
        given = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return given | {"ratings": self.ratings()}
