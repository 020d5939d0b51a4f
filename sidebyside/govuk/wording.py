"""What a field says when it refuses: in the words of its own label, as the GOV.UK Design System asks."""

from typing import Any

from django import forms

from sidebyside.govuk.dates import DateField
from sidebyside.govuk.money import MoneyField

QUESTIONS = ("Who", "What", "When", "Where", "Which", "Why", "How", "Your", "The", "A", "An", "Any", "All", "Each")
ENDS = {"From": "the first day", "Until": "the last day", "To": "the last day"}  # of a span; “the from” is no English
STATEMENTS = ("This", "Is", "Are", "Was", "Were", "Does", "Do", "Did", "Has", "Have", "Will", "Can", "Should")


def thing(label: str) -> str:
    """A label in the middle of a sentence: "Main focus" -> "the main focus", "Who took part?" -> "who took part"."""
    words = label.strip().rstrip("?:")
    if words in ENDS:
        return ENDS[words]
    first = words.split(" ", 1)[0]
    if first[1:].lower() == first[1:] and first != "I":  # not an abbreviation, such as URN
        words = words[:1].lower() + words[1:]
    return words if first in QUESTIONS else f"the {words}"


def required(field: forms.Field, label: str) -> str:
    """What to do about a field left empty."""
    if isinstance(field, forms.BooleanField):
        return f"Tick the box “{label}”"
    if label.split(" ", 1)[0] in STATEMENTS:
        return f"Answer “{label}”"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Select {thing(label)}"
    if isinstance(field, forms.FileField):
        return f"Choose a file for {thing(label)}"
    return f"Enter {thing(label)}"


def invalid(field: forms.Field, label: str) -> str | None:
    """What to do about a value of the wrong kind; None where Django's own words are good."""
    if isinstance(field, DateField):
        return f"{label} must be a real date"
    if isinstance(field, forms.EmailField):
        return "Enter an email address in the correct format, like name@example.com"
    if isinstance(field, MoneyField):
        return f"{label} must be an amount of money, like 120.00"
    if isinstance(field, forms.DecimalField):
        return f"{label} must be a number, like 1.5"
    if isinstance(field, forms.IntegerField):
        return f"{label} must be a whole number, like 12"
    return None


def messages(field: forms.Field, label: str) -> dict[str, str]:
    """Error code -> the sentence for this field, with the limits as Django's %-parameters."""
    found = {
        "required": required(field, label),
        "invalid_choice": f"{label}: choose one of the list",
        "max_length": f"{label} must be %(limit_value)d characters or fewer",
        "min_length": f"{label} must be %(limit_value)d characters or more",
        "max_value": f"{label} must be %(limit_value)s or less",
        "min_value": f"{label} must be %(limit_value)s or more",
        "max_decimal_places": f"{label} must have no more than %(max)s decimal places",
        "incomplete": f"{label} must include a %(missing)s",
        "short_year": f"{label} must have a year of 4 figures, like 2023",
    }
    if sentence := invalid(field, label):
        found["invalid"] = sentence
    return found


def use_friendly_messages(field: forms.Field, label: str) -> None:
    """Give the field our sentences wherever its author gave none of their own."""
    defaults: dict[str, Any] = {}
    for base in reversed(type(field).__mro__):
        defaults |= getattr(base, "default_error_messages", {})
    for code, sentence in messages(field, label).items():
        given = field.error_messages.get(code)
        if given is None or given == defaults.get(code):
            field.error_messages[code] = sentence
