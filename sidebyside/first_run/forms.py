"""What a council says of itself when it sets up its portal."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from schools.importing import Plan, plan_register
from sidebyside.accounts.models import User
from sidebyside.council.models import Council
from sidebyside.forms import ModelForm
from sidebyside.refusals import Refusal

THE_COUNCIL = ("name", "authority_code", "team_name", "address", "email", "finance_email", "telephone")
PAYMENT = ("vat_number", "bank_name", "bank_account_name", "sort_code", "account_number")
INVOICES = ("terms_days", "invoice_prefix", "credit_note_prefix", "reimbursement_prefix")
ADMINISTRATOR = ("administrator_name", "administrator_email", "password", "password_again")
REGISTER = ("establishments", "links", "trusts")
LABELS = {
    "name": "Name of the council",
    "team_name": "Name of the team",
    "email": "Email address of the team",
    "finance_email": "Email address of finance",
    "terms_days": "Days that schools have to pay",
}
HELP = {
    "authority_code": "Three digits, as in the national register of schools. It says whose schools are taken in.",
    "vat_number": "For example, GB999999973",
    "sort_code": "For example, 20-00-00",
    "account_number": "Eight digits",
    "terms_days": "From the day of issue, unless an account has terms of its own. For example, 30",
    "invoice_prefix": "Capital letters that begin each invoice’s number. SUP makes numbers such as SUP2627-00001",
    "credit_note_prefix": "Other letters, that begin each credit note’s number. For example, SUC",
    "reimbursement_prefix": "Other letters again, for statements to the schools that lend champions. For example, SUR",
}
WIDTHS = {
    "authority_code": 3,
    "vat_number": 20,
    "sort_code": 10,
    "account_number": 10,
    "telephone": 20,
    "invoice_prefix": 10,
    "credit_note_prefix": 10,
    "reimbursement_prefix": 10,
}


class FirstRunForm(ModelForm):
    """The council, its bank and VAT, the register's files and the first administrator."""

    administrator_name = forms.CharField(label="Your name", max_length=120)
    administrator_email = forms.EmailField(label="Your email address", help_text="You sign in with it.")
    password = forms.CharField(
        widget=forms.PasswordInput, help_text="At least 12 characters. Three random words do well."
    )
    password_again = forms.CharField(label="The same password again", widget=forms.PasswordInput)
    establishments = forms.FileField(
        label="Establishments",
        help_text="The CSV file of the national register, all of England or your area. May be gzipped.",
    )
    links = forms.FileField(required=False, help_text="The register’s file of predecessors and successors.")
    trusts = forms.FileField(required=False, help_text="The register’s file of academies and their trusts.")

    class Meta:
        model = Council
        fields = (*THE_COUNCIL, *PAYMENT, *INVOICES)
        labels = LABELS
        help_texts = HELP
        widgets = {"address": forms.Textarea(attrs={"rows": 4})} | {
            name: forms.TextInput(attrs={"class": f"govuk-input--width-{width}"}) for name, width in WIDTHS.items()
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register: Plan | None = None
        self.helper.layout = Layout(
            Fieldset("Your council", *THE_COUNCIL),
            Fieldset("VAT and bank", *PAYMENT),
            Fieldset("Invoices", *INVOICES),
            Fieldset("The first administrator", *ADMINISTRATOR),
            Fieldset("The register of schools", *REGISTER),
        )

    def clean(self) -> dict[str, Any]:
        """The passwords agree and are good enough; the register can be read."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password and password != cleaned.get("password_again"):
            self.add_error("password_again", "The two passwords differ.")
        elif password:
            try:
                validate_password(password, self._person(cleaned))
            except ValidationError as weak:
                self.add_error("password", weak)
        if cleaned.get("establishments") and cleaned.get("authority_code"):
            self._read_register(cleaned)
        return cleaned

    def _read_register(self, cleaned: dict[str, Any]) -> None:
        files = {name: cleaned[name].read() if cleaned.get(name) else None for name in REGISTER}
        try:
            self.register = plan_register(**files, authority=cleaned["authority_code"])
        except Refusal as refusal:
            self.add_error(refusal.field if refusal.field in REGISTER else "establishments", refusal.sentence)

    @staticmethod
    def _person(cleaned: dict[str, Any]) -> User:
        """Whom a password must not resemble."""
        return User(name=cleaned.get("administrator_name", ""), email=cleaned.get("administrator_email", ""))

    @property
    def council(self) -> dict[str, Any]:
        """The council's own fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def administrator(self) -> dict[str, str]:
        """The first administrator's."""
        given = self.cleaned_data
        return {
            "name": given["administrator_name"],
            "email": given["administrator_email"],
            "password": given["password"],
        }
