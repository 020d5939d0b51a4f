"""Draws Django's bound fields in GOV.UK Frontend's markup; used by the template pack and by plain templates."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

from sidebyside.govuk.dates import PARTS, DateWidget

register = template.Library()
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.MultiWidget, "multi"),
    (forms.PasswordInput, "password"),
)
NUMBER_ATTRS = ("min", "max", "step")  # they mean nothing on a text box


@register.filter
def govuk_kind(field: BoundField) -> str:
    """Which of the pack's templates draws this field."""
    widget = field.field.widget
    return next((kind for of, kind in KINDS if isinstance(widget, of)), "single")


@register.filter
def error_target(field: BoundField) -> str:
    """The id of the control that an error summary's link must focus: never a wrapper."""
    kind = govuk_kind(field)
    if kind == "date":
        return f"{field.auto_id}_{wrong_parts(field)[0]}"
    if kind == "multi":
        return f"{field.auto_id}_0"
    if kind in ("radios", "checkboxes"):
        return str(field.subwidgets[0].id_for_label) if len(field.subwidgets) else str(field.auto_id)
    return str(field.id_for_label or field.auto_id)


def wrong_parts(field: BoundField) -> tuple[str, ...]:
    """The boxes of a date that its errors name; all of them when an error names none."""
    for error in field.form.errors.get(field.name, forms.utils.ErrorList()).as_data():
        if error.params and error.params.get("parts"):
            return tuple(error.params["parts"])
    return PARTS


@register.filter
def counts_characters(field: BoundField) -> int | None:
    """The most characters of a long text, which shows how many are left; None for any other field."""
    is_long = isinstance(field.field.widget, forms.Textarea)
    return getattr(field.field, "max_length", None) if is_long else None


@register.filter
def widget_attr(field: BoundField, name: str) -> Any:
    """One attribute that the form's author gave the widget, such as `data-prefix`."""
    return field.field.widget.attrs.get(name, "")


@register.filter
def is_marked_optional(field: BoundField) -> bool:
    """Whether the label ends with "(optional)": not where a choice reveals the field, for that choice asks for it."""
    may_stay_empty = not field.field.required and field.name not in inner_names(field.form)
    return may_stay_empty and getattr(field.form, "shows_optional", True)


@register.filter
def outer_fields(form: forms.BaseForm) -> list[BoundField]:
    """The visible fields, less those that a choice reveals: these are drawn inside that choice."""
    inner = inner_names(form)
    return [field for field in form.visible_fields() if field.name not in inner]


def inner_names(form: forms.BaseForm) -> set[str]:
    """The names of the fields that a choice reveals."""
    return {name for by_value in getattr(form, "reveals", {}).values() for names in by_value.values() for name in names}


@register.simple_tag
def govuk_choices(field: BoundField) -> list[dict[str, Any]]:
    """Each radio button or checkbox of a field, with its hint and the fields that it reveals."""
    hints = getattr(field.form, "choice_hints", {}).get(field.name, {})
    reveals = getattr(field.form, "reveals", {}).get(field.name, {})
    return [
        {
            "widget": choice.data,
            "id": choice.id_for_label,
            "label": choice.choice_label,
            "hint": hints.get(str(choice.data["value"]), ""),
            "revealed": revealed(field.form, reveals.get(str(choice.data["value"]), [])),
        }
        for choice in field.subwidgets
    ]


def revealed(form: forms.BaseForm, names: list[str]) -> list[BoundField]:
    """The fields of those names, noted as drawn so that a crispy layout does not draw them again."""
    rendered: set[str] = getattr(form, "rendered_fields", set())
    rendered.update(names)
    return [form[name] for name in names if name in form.fields]


@register.simple_tag
def govuk_widget(field: BoundField) -> SafeString:
    """The control itself, with the classes and attributes that GOV.UK Frontend expects."""
    widget = field.field.widget
    if isinstance(widget, DateWidget):
        parts: dict[str, Any] = {"error_parts": wrong_parts(field) if field.errors else ()}
        return field.as_widget(attrs=parts)
    base = next((css for of, css in CLASSES if isinstance(widget, of)), "govuk-input")
    attrs: dict[str, Any] = {}
    css = [base, *str(widget.attrs.get("class", "")).split()]
    if field.errors:
        css.append(f"{base}--error")
    if isinstance(widget, forms.NumberInput):
        css += number_as_text(widget, field.field)
    if isinstance(widget, forms.EmailInput | forms.URLInput | forms.NumberInput):
        attrs["spellcheck"] = "false"
    if isinstance(widget, forms.PasswordInput):
        css += ["govuk-password-input__input", "govuk-js-password-input-input"]
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if counts_characters(field):
        css.append("govuk-js-character-count")
        attrs["aria-describedby"] = f"{field.auto_id}-info {field.aria_describedby or ''}".strip()
    widget.attrs.pop("maxlength", None)  # a pasted text is never cut short in silence: the server says what is too long
    widget.attrs.pop("placeholder", None)  # it vanishes when one types: a hint says the same and stays
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        attrs["rows"] = "5"  # Django's default is twice GOV.UK's
    return field.as_widget(attrs=attrs | {"class": " ".join(dict.fromkeys(css))})


def number_as_text(widget: forms.NumberInput, field: forms.Field) -> list[str]:
    """Make a number box a text box with a number pad, as the Design System found safest; its width class."""
    widget.input_type = "text"
    for name in NUMBER_ATTRS:
        widget.attrs.pop(name, None)
    is_whole = isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField | forms.FloatField)
    widget.attrs.setdefault("inputmode", "numeric" if is_whole else "decimal")
    has_width = "govuk-input--width" in str(widget.attrs.get("class", ""))
    return [] if has_width else ["govuk-input--width-5"]


@register.inclusion_tag("govuk/error_summary.html")
def error_summary(*forms_or_formsets: forms.BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """The box on top of a page that lists every error of the given forms, each linked to its control."""
    entries: list[dict[str, str]] = []
    for item in forms_or_formsets:
        if isinstance(item, BaseFormSet) and item.is_bound:
            entries += [{"text": str(text), "target": ""} for text in item.non_form_errors()]
            entries += [entry for form in item.forms for entry in form_errors(form)]
        elif isinstance(item, forms.BaseForm) and item.is_bound:
            entries += form_errors(item)
    return {"entries": entries}


def form_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of one form in the order of its fields; those of the whole form lead to its first field."""
    visible = form.visible_fields()
    first = error_target(visible[0]) if visible else ""
    entries = [{"text": str(text), "target": first} for text in form.non_field_errors()]
    entries += [{"text": str(text), "target": ""} for field in form.hidden_fields() for text in field.errors]
    return entries + [{"text": str(text), "target": error_target(field)} for field in visible for text in field.errors]
