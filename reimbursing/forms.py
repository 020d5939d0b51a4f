"""The forms of `reimbursing`."""

from __future__ import annotations

from typing import Any

from django import forms

from reimbursing.actions.payees import BY_METHOD
from reimbursing.models import Payee
from reimbursing.models.payees import method_for
from schools.models import School
from sidebyside.forms import Form, ModelForm
from sidebyside.once import new_key

REQUIRED = ("cost_centre", "payee_name", "sort_code", "account_number")


class PayeeForm(ModelForm):
    """How a home school is paid: what its sector asks for, and no more."""

    class Meta:
        model = Payee
        fields = ("cost_centre", "payee_name", "sort_code", "account_number", "email")
        help_texts = {
            "sort_code": "For example, 20-00-00",
            "account_number": "Eight digits",
            "cost_centre": "As it stands in the council’s ledger. For example, S4021",
        }
        widgets = {
            "sort_code": forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
            "account_number": forms.TextInput(
                attrs={"class": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off"}
            ),
            "cost_centre": forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = BY_METHOD[method_for(school)]
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        for name in set(REQUIRED) & set(self.fields):
            self.fields[name].required = True


class SeenForm(Form):
    """What the page showed, so that nothing else is done; and a key, so that pressing twice does it once."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    @classmethod
    def showing(cls, digest: str) -> SeenForm:
        """The form below what is shown."""
        return cls(initial={"digest": digest, "request_key": new_key()})
