"""The forms of `billing`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from billing.models import Account, VatRate
from schools.models import School, Trust
from schools.sectors import ACADEMY_TYPES
from sidebyside.accounts.models import User
from sidebyside.forms import Form, ModelForm
from sidebyside.govuk.dates import DateField, posted
from sidebyside.govuk.money import MoneyField
from sidebyside.money import pounds
from sidebyside.once import OnceForm, new_key
from sidebyside.years import Period

MOST_DIGITS = 9
TREATMENTS = [*VatRate.Treatment.choices, ("", "None yet: hold everything back from invoices")]


class PeriodForm(Form):
    """The days whose support a run invoices."""

    first_day = DateField(
        label="From",
        help_text="The first day of support to invoice, for example 1 9 2026",
        error_messages={"required": "Enter the first day"},
    )
    last_day = DateField(
        label="Up to",
        help_text="The last day. A run is cut at each 31 March by itself.",
        error_messages={"required": "Enter the last day"},
    )

    def clean(self) -> dict[str, Any]:
        """The two days in their order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day must be the same as or after the first day.")
        return cleaned

    @property
    def period(self) -> Period:
        """The days, once the form is valid."""
        return Period(self.cleaned_data["first_day"], self.cleaned_data["last_day"])


class ApproveForm(Form):
    """What the page showed, so that nothing else is approved; and a key, so that pressing twice approves once."""

    period_fields: Sequence[tuple[str, object]] = ()
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    @classmethod
    def showing(cls, period: Period, digest: str) -> ApproveForm:
        """The form below a preview of these days; `period_fields` are the hidden boxes that name them again."""
        form = cls(initial={"digest": digest, "request_key": new_key()})
        days = posted("first_day", period.first_day) | posted("last_day", period.last_day)
        form.period_fields = list(days.items())
        return form


class PaymentForm(OnceForm):
    """Money that came in for an invoice."""

    received_on = DateField(label="Day the money came", help_text="As the bank statement has it, for example 27 9 2026")
    amount = MoneyField(label="Amount")
    is_surplus_meant = forms.MultipleChoiceField(
        label="Is the amount right?", required=False, widget=forms.CheckboxSelectMultiple
    )
    reference = forms.CharField(max_length=60, required=False, help_text="As the bank statement has it.")
    request_key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=40)

    def __init__(self, *args: Any, balance: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self._typed_amount()
        if amount is None or amount <= balance:
            del self.fields["is_surplus_meant"]
            return
        question = self.fields["is_surplus_meant"]
        words = f"Yes, {pounds(amount)} is more than the {pounds(max(0, balance))} that is left"
        question.choices = [(str(amount), words)]  # type: ignore[attr-defined]
        again = f"The amount has changed. Tick the box again if {pounds(amount)} is right"
        question.error_messages["invalid_choice"] = again

    def _typed_amount(self) -> int | None:
        try:
            return self.fields["amount"].clean(self.data.get("amount"))  # type: ignore[no-any-return]
        except ValidationError:
            return None

    def clean_is_surplus_meant(self) -> bool:
        """Whether the box beside this very amount is ticked."""
        self.fields["is_surplus_meant"].required = True  # for its label: a second press was let through unasked
        return bool(self.cleaned_data["is_surplus_meant"])


class AccountForm(ModelForm):
    """Who is billed, where, and on what terms."""

    contacts = forms.CharField(
        label="Email addresses for invoices and reminders",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="One on each line. Without one, nothing is mailed.",
    )

    class Meta:
        model = Account
        fields = (
            *("name", "address", "postcode", "contacts", "vat_treatment", "vat_reason"),
            *("is_po_required", "po_number", "terms_days", "is_paused", "paused_why"),
        )
        widgets = {"address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_treatment"].choices = TREATMENTS  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["contacts"] = "\n".join(contact.email for contact in self.instance.contacts.all())

    def clean_contacts(self) -> list[str]:
        """The addresses, each checked."""
        emails = list(dict.fromkeys(re.split(r"[\s;,]+", self.cleaned_data["contacts"].strip()))) if self.data else []
        for email in filter(None, emails):
            try:
                validate_email(email)
            except ValidationError:
                raise ValidationError("“%(email)s” is not an email address.", params={"email": email}) from None
        return [email for email in emails if email]

    def clean(self) -> dict[str, Any]:
        """A pause says why."""
        cleaned = super().clean() or {}
        if cleaned.get("is_paused") and not cleaned.get("paused_why"):
            self.add_error("paused_why", "Say why reminders are paused.")
        return cleaned


class NewAccountForm(AccountForm):
    """The same, and whose account it is."""

    payer = forms.CharField(
        label="URN of the academy, or UID of the trust",
        max_length=10,
        help_text="A trust’s account pays for each of its academies that has no account of its own.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    field_order = ("payer",)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_payer(self) -> School | Trust:
        """The academy or trust with this number, which has no account yet."""
        text = self.cleaned_data["payer"].strip()
        if not text.isdecimal():
            raise ValidationError("Enter the digits of a URN or UID.")
        found = payer_of(text, self.user)
        if found is None:
            raise ValidationError("No academy or trust has this number. A maintained school pays by journal.")
        if hasattr(found, "account"):
            raise ValidationError(f"{found} has an account already: {found.account.reference}.")
        return found


def payer_of(number: str, user: User) -> School | Trust | None:
    """The academy with this URN or the trust with this UID."""
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return None
    academies = School.objects.visible_to(user).filter(type_code__in=ACADEMY_TYPES)
    return academies.filter(pk=int(number)).first() or Trust.objects.filter(pk=int(number)).first()


def proposed_account(number: str, user: User) -> dict[str, str]:
    """What the form begins with: the payer that a link names, and how the register names and places it."""
    payer = payer_of(number, user)
    begun = {"payer": number, "vat_treatment": VatRate.Treatment.STANDARD.value}
    if payer is None:
        return begun
    begun["name"] = str(payer)
    if isinstance(payer, School):
        lines = [line for line in payer.address_lines if line != payer.postcode]
        begun |= {"address": "\n".join(lines), "postcode": payer.postcode}
    return begun
