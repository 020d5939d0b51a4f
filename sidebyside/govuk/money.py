"""An amount of money asked for in pounds, as people write it, and kept in pence."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from sidebyside.money import decimal_pounds, pence

WRITTEN = re.compile(r"[-−]?£?\s*(\d+|\d{1,3}(,\d{3})+)(\.\d*)?", re.ASCII)


class MoneyField(forms.DecimalField):
    """An amount in pounds, such as `180`, `£180.00` or `1,000.00`; cleans to whole pence."""

    default_error_messages: ClassVar = {"invalid": "Enter an amount of money, like 120.00."}

    def __init__(self, **rest: Any) -> None:
        usual: dict[str, Any] = {"max_digits": 9, "decimal_places": 2, "min_value": Decimal(0)}
        usual["widget"] = forms.NumberInput(attrs={"data-prefix": "£"})
        super().__init__(**usual | rest)

    def prepare_value(self, value: Any) -> Any:
        """Pence as pounds; what was typed stays as it is."""
        return decimal_pounds(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Pounds without their sign and the commas between the thousands. Raises ValidationError."""
        text = str(value).strip() if value is not None else ""
        if WRITTEN.fullmatch(text):
            text = re.sub(r"[£,\s]", "", text).replace("−", "-")
        elif text:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)

    def clean(self, value: Any) -> Any:
        """The pence, None for an empty field that may be empty."""
        amount = super().clean(value)
        return None if amount is None else pence(amount)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares pounds with pounds."""
        return super().has_changed(self.prepare_value(initial), data)
