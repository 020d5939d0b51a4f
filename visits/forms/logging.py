"""The log of a visit: one page, filled in at the school, often on a telephone (V1, V2, V5, O7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from support.models import Champion, Deployment
from visits.forms.notes import NoteForm
from visits.forms.planning import DefaultChoiceField, ModeField
from visits.logs import AgreedText, VisitLog
from visits.models import AgreedAction, Visit
from visits.models.visits import LONGEST, SHORTEST

MOST_ACTIONS = 30
A_DAY = 2  # half days
LENGTHS = [("1", "Half a day"), ("2", "A whole day")]
HELD_FACTS = ("happens_on", "champion", "half_days")  # of the delivery; a visit held already keeps them
STATES = [("open", "Still open"), ("done", "Done")]


class ChampionField(forms.ModelChoiceField):
    """A champion who can be deployed; those deployed at the school on the visit's day come first."""

    def label_from_instance(self, obj: Champion) -> str:
        """The name, the type, and whether the champion works here."""
        return f"{obj.name}, {obj.type.code}" + (" – deployed here" if obj.is_here else "")  # type: ignore[attr-defined]


class LogForm(NoteForm):
    """Everything but the agreed actions; for a visit held already without its `HELD_FACTS`.

    `carried` are the open actions of the school's earlier visits (V5).
    """

    happens_on = DateField(label="Date of the visit")
    minutes = forms.IntegerField(
        label="Length",
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"data-suffix": "minutes", "class": "govuk-input--width-3"}),
    )
    mode = ModeField()
    champion = ChampionField(
        label="Did a champion attend?", queryset=Champion.objects.none(), required=False, empty_label="No champion"
    )
    half_days = DefaultChoiceField(
        label="How long the champion was there",
        choices=LENGTHS,
        initial="1",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        help_text="Only when one attended: it counts as that champion’s time.",
    )

    field_order = ["happens_on", "minutes", "mode", "people_met", "champion", "half_days"]

    def __init__(self, *args: Any, visit: Visit, carried: Sequence[AgreedAction], **kwargs: Any) -> None:
        self.carried = carried
        self.reveals = {f"carried_{each.pk}": {"done": [f"effect_{each.pk}"]} for each in carried}
        super().__init__(*args, **kwargs)
        if visit.is_held:
            for name in HELD_FACTS:
                del self.fields[name]
        else:
            self._offer_champions(visit)
        for each in carried:
            self.fields[f"carried_{each.pk}"] = DefaultChoiceField(
                label=each.what, choices=STATES, initial="open", widget=forms.RadioSelect,
                help_text=f"{each.owner}, due {each.due_on:%-d %B %Y}",
            )  # fmt: skip
            self.fields[f"effect_{each.pk}"] = forms.CharField(
                label="What effect has it had?", required=False, max_length=2000
            )

    def _offer_champions(self, visit: Visit) -> None:
        delivery = visit.delivery
        here = Deployment.objects.covering(delivery.happens_on).filter(school=delivery.school_id)
        offered = Champion.objects.filter(Q(is_active=True) | Q(pk=delivery.champion_id))
        champions = offered.select_related("type").annotate(is_here=Exists(here.filter(champion=OuterRef("pk"))))
        self.fields["champion"].queryset = champions.order_by("-is_here", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """V5: what is done has had an effect, and somebody says which."""
        values = super().clean() or self.cleaned_data
        for each in self.carried:
            if values.get(f"carried_{each.pk}") == "done" and not values.get(f"effect_{each.pk}"):
                self.add_error(f"effect_{each.pk}", f"Say what effect “{each.what}” has had")
        return values

    def carried_fields(self) -> list[forms.BoundField]:
        """The questions about earlier actions."""
        return [self[f"carried_{each.pk}"] for each in self.carried]

    def done(self) -> dict[int, str]:
        """The earlier actions that are done, each with its effect."""
        values = self.cleaned_data
        done = [each.pk for each in self.carried if values[f"carried_{each.pk}"] == "done"]
        return {pk: values[f"effect_{pk}"] for pk in done}


class ActionForm(Form):
    """One agreed action."""

    shows_optional = False

    what = forms.CharField(label="What will be done", max_length=300)
    owner = forms.CharField(label="Who will do it", max_length=120)
    due_on = DateField(label="By when")


class BaseActionRows(forms.BaseFormSet):
    """The rows of agreed actions. An empty row is no action, whether it was empty from the start or was emptied."""

    item_name = "Action"

    def initial_form_count(self) -> int:
        """None: each row may be left empty."""
        return 0

    def agreed(self) -> tuple[AgreedText, ...]:
        """The actions that were entered, in their order."""
        return tuple(AgreedText(**row) for row in self.cleaned_data if row)


ActionRows = forms.formset_factory(
    ActionForm, formset=BaseActionRows, extra=3, max_num=MOST_ACTIONS, absolute_max=MOST_ACTIONS
)


class LogPage:
    """The form and the rows together: bound to what was posted, or showing a draft as it was typed."""

    def __init__(
        self,
        visit: Visit,
        carried: Sequence[AgreedAction],
        *,
        data: dict[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
        rows: int = 0,
    ) -> None:
        self.delivery = visit.delivery
        about: dict[str, Any] = {"visit": visit, "carried": carried}
        planned = {"happens_on": visit.delivery.happens_on, "mode": visit.mode, "minutes": visit.minutes}
        if data is not None:
            self.form, self.actions = LogForm(data, **about), ActionRows(data | counted(data), prefix="actions")
            return
        if champion := visit.delivery.champion_id:
            planned |= {"champion": champion, "half_days": str(min(visit.delivery.half_days, A_DAY) or 1)}
        self.form = LogForm(**about, initial=planned)
        filled: list[dict[str, Any]] = []
        if typed:
            self.form.initial |= texts_of(self.form, typed)
            filled = filled_rows(typed)
        self.actions = ActionRows(initial=filled, prefix="actions")
        self.actions.extra = min(max(len(filled) + 1, 2, rows), MOST_ACTIONS)

    def is_valid(self) -> bool:
        """Whether it can be shared; checks both parts, so that every error is shown."""
        return all([self.form.is_valid(), self.actions.is_valid()])

    def log(self) -> VisitLog:
        """What was written down, once it is valid."""
        values = {name: getattr(self.delivery, name) for name in HELD_FACTS} | self.form.cleaned_data
        return VisitLog(
            happens_on=values["happens_on"],
            minutes=values["minutes"],
            mode=values["mode"],
            note=self.form.note(),
            champion=values["champion"],
            half_days=int(values["half_days"]) if values["champion"] else 0,
            agreed=self.actions.agreed(),
            done=self.form.done(),
        )


def texts_of(form: Form, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into a form's fields, unfinished dates included; fields that the draft does not know are left."""
    return {
        name: field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
        for name, field in form.fields.items()
        if not field.widget.value_omitted_from_data(typed, {}, form.add_prefix(name))
    }


def counted(data: Mapping[str, str]) -> dict[str, str]:
    """How many rows a page sent, from the rows themselves."""
    places = [int(name.split("-")[1]) for name in data if name.startswith("actions-") and name.count("-") == 2]
    return {"actions-TOTAL_FORMS": str(min(max(places, default=-1) + 1, MOST_ACTIONS)), "actions-INITIAL_FORMS": "0"}


def filled_rows(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of actions in which something was typed, in their order."""
    rows = [texts_of(ActionForm(prefix=f"actions-{place}"), typed) for place in range(MOST_ACTIONS)]
    return [row for row in rows if any(_is_filled(value) for value in row.values())]


def _is_filled(value: Any) -> bool:
    return any(value) if isinstance(value, tuple) else bool(value)
