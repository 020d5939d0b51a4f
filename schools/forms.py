"""What people fill in about a school: they check; `schools.actions` acts."""

from __future__ import annotations

from typing import Any

from django import forms

from schools.models import Category
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField


class CategoryForm(Form):
    """A category for a school, from a day on, with its reason (S1)."""

    category = forms.ChoiceField(widget=forms.RadioSelect)
    starts_on = DateField(label="From", help_text="The first day of the new category. For example, 9 1 2027.")
    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, help_text="The headteacher reads this once it is confirmed."
    )
    evidence = forms.CharField(
        widget=forms.Textarea, max_length=4000, required=False, help_text="Only the council’s staff read this."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {str(category.pk): category for category in Category.objects.all()}
        self.fields["category"].choices = [(key, category.name) for key, category in self.categories.items()]
        self.choice_hints = {"category": {key: category.meaning for key, category in self.categories.items()}}

    def clean_category(self) -> Category:
        """The category itself."""
        return self.categories[self.cleaned_data["category"]]


class WithdrawForm(Form):
    """Why a category entry is taken back."""

    why = forms.CharField(label="Why is it withdrawn?", widget=forms.Textarea, max_length=2000)


class AdviserForm(Form):
    """Who looks after a school, from a day on."""

    adviser = forms.ChoiceField()
    on = DateField(label="From", help_text="The former adviser’s last day is the day before.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(role__in=[Role.ADVISER, Role.LEAD], is_active=True)
        self.people = {str(person.pk): person for person in people}
        self.fields["adviser"].choices = [("", "Choose a person"), *((k, p.name) for k, p in self.people.items())]

    def clean_adviser(self) -> User:
        """The person."""
        return self.people[self.cleaned_data["adviser"]]
