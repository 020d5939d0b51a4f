"""Planning, moving and cancelling a visit."""

from __future__ import annotations

from typing import Any

from django import forms

from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from support.forms import BeyondForm
from support.models import Service
from visits.models import Visit

TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"]


class TimeField(forms.TimeField):
    """A time of day, typed or chosen: 14:00, 9.30, 9:30am."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"})

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"input_formats": TIME_FORMATS} | rest)
        self.error_messages["invalid"] = "Start time must be a real time, like 9:30 or 14:00"

    def to_python(self, value: Any) -> Any:
        """Without the space that people put before am and pm."""
        return super().to_python(value.replace(" ", "") if isinstance(value, str) else value)


class DefaultChoiceField(forms.ChoiceField):
    """A choice that is made already until somebody changes it: no answer is the initial one."""

    def clean(self, value: Any) -> Any:
        """The choice."""
        return super().clean(value or self.initial)


class ModeField(DefaultChoiceField):
    """In school or online (V1)."""

    def __init__(self, **rest: Any) -> None:
        look = forms.RadioSelect(attrs={"class": "govuk-radios--inline"})
        given = {"label": "Where", "choices": Visit.Mode.choices, "initial": Visit.Mode.IN_SCHOOL, "widget": look}
        super().__init__(**given | rest)


class WhenForm(BeyondForm):
    """What planning and moving ask alike."""

    happens_on = DateField(label="Date of the visit", help_text="For example, 27 9 2026")
    starts_at = TimeField(label="Start time", required=False)
    mode = ModeField()


class PlanForm(WhenForm):
    """A new visit."""

    service = forms.ModelChoiceField(
        label="Kind of visit", queryset=Service.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    adviser = forms.ModelChoiceField(queryset=User.objects.none(), empty_label="Choose an adviser")
    field_order = ["service", "happens_on", "starts_at", "mode", "adviser"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.filter(is_visit=True)  # type: ignore[attr-defined]
        advisers = User.objects.filter(role__in=[Role.ADVISER, Role.LEAD], is_active=True)
        self.fields["adviser"].queryset = advisers  # type: ignore[attr-defined]


class MoveForm(WhenForm):
    """Another day, time or place for a planned visit."""

    reason = forms.CharField(label="Why it moves", max_length=500, help_text="Stands in the school’s history.")

    def booking(self) -> dict[str, Any]:
        """What was entered, as the action's keywords."""
        values = super().booking()
        return values | {"why": values.pop("reason")}


class CancelForm(Form):
    """Why, and since when that is known (V1)."""

    why = forms.CharField(
        label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="The school can read this."
    )
    notice_on = DateField(label="Notice given on", help_text="The day on which you or the school said so.")
