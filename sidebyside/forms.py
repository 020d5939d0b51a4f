"""The forms that every page uses: crispy's GOV.UK pack, and errors in the words of the labels."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.utils import pretty_name

from sidebyside.govuk.wording import use_friendly_messages

Reveals = dict[str, dict[str, list[str]]]
ChoiceHints = dict[str, dict[str, str]]


class Look(forms.BaseForm):
    """What both bases share: `{% crispy form %}` draws the fields, and the page writes the form tag and its token."""

    use_required_attribute = False  # the server says what is missing, in our words and beside the field
    reveals: ClassVar[
        Reveals
    ] = {}  # choice field -> its value -> the fields that this choice opens and the form asks for
    choice_hints: ClassVar[ChoiceHints] = {}  # choice field -> its value -> a hint below that choice
    labels: ClassVar[dict[str, str]] = {}  # field -> our label, for a form that somebody else declared
    shows_optional = True  # "(optional)" after the label of a field that may stay empty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, label in self.labels.items():
            self.fields[name].label = label
        for name, field in self.fields.items():
            use_friendly_messages(field, str(field.label or pretty_name(name)))


class Form(Look, forms.Form):
    """A form that belongs to no model."""


class ModelForm(Look, forms.ModelForm):
    """A form that writes a model's row. Declare its dates as `sidebyside.govuk.dates.DateField`."""


class FilterForm(Form):
    """The form of a django-filter FilterSet (`Meta.form`): nothing in it is required."""

    shows_optional = False
