"""The school list's filters. Every choice comes from one query, whatever the number of filters."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from schools.models import Category, School, Trust
from schools.models.register import SchoolQuerySet
from schools.names import readable
from schools.sectors import ACADEMY_TYPES, Sector
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.forms import FilterForm

Choices = dict[str, list[tuple[str, str]]]
NONE = "none"
DEFAULTS = {"state": "open", "scope": "offer"}
STATES = [("open", "Open"), ("closed", "Closed"), ("proposed", "Proposed to open"), ("any", "Any")]
SCOPES = [("offer", "In the offer"), ("register", "In the register")]
SECTORS = [(sector.value, sector.value.capitalize()) for sector in Sector]
SORTS: dict[str, Any] = {
    "name": F("name"),
    "category": F("category_rank"),
    "phase": F("phase"),
    "sector": Case(When(type_code__in=ACADEMY_TYPES, then=Value("academy")), default=Value("maintained")),
    "adviser": F("adviser_name"),
}


class SchoolFilter(FilterSet):
    """Narrows the schools that a person may see. Without any choice: open ones that the offer is for (S6)."""

    q = CharFilter(method="by_name_or_urn", label="Name or URN", max_length=100)
    category = ChoiceFilter(field_name="category_name", method="by_annotation", label="Category", empty_label="All")
    phase = ChoiceFilter(label="Phase", empty_label="All")
    sector = ChoiceFilter(method="by_sector", label="Sector", choices=SECTORS, empty_label="All")
    adviser = ChoiceFilter(field_name="adviser_id", method="by_annotation", label="Adviser", empty_label="All")
    trust = ChoiceFilter(field_name="trust_uid", method="by_annotation", label="Trust", empty_label="All")
    state = ChoiceFilter(
        method="by_state", label="Open or closed", choices=STATES, empty_label=None, initial=DEFAULTS["state"]
    )
    scope = ChoiceFilter(
        method="by_scope", label="Which schools", choices=SCOPES, empty_label=None, initial=DEFAULTS["scope"]
    )

    class Meta:
        model = School
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: SchoolQuerySet, *, authority: str, on: date) -> None:
        self.authority, self.on = authority, on
        given = {name: value for name, value in data.items() if value}
        super().__init__(DEFAULTS | given, queryset)
        found = filter_choices(authority)
        for name in ("category", "phase", "adviser", "trust"):
            extra = [(NONE, f"No {name}")] if name in ("category", "adviser") else []
            self.filters[name].extra["choices"] = [*found[name], *extra]

    def by_name_or_urn(self, schools: SchoolQuerySet, name: str, value: str) -> SchoolQuerySet:
        """Schools whose name holds every word, or the one with this URN."""
        text = value.strip()
        if is_urn(text):
            return schools.filter(urn=int(text))
        for word in text.split():
            schools = schools.filter(name__icontains=word)
        return schools

    def by_annotation(self, schools: SchoolQuerySet, name: str, value: str) -> SchoolQuerySet:
        """Schools whose category in force, adviser or trust today is the chosen one, or which have none."""
        return schools.filter(**({f"{name}__isnull": True} if value == NONE else {name: value}))

    def by_sector(self, schools: SchoolQuerySet, name: str, value: str) -> SchoolQuerySet:
        """Schools of one sector (S6)."""
        return schools.in_sector(value)

    def by_state(self, schools: SchoolQuerySet, name: str, value: str) -> SchoolQuerySet:
        """Schools that are open, closed or still to open today; a URN finds its school whatever its state."""
        if value == "any" or self.has_urn:
            return schools
        if value == "open":
            return schools.open_on(self.on)
        return schools.closed_before(self.on) if value == "closed" else schools.still_to_open(self.on)

    def by_scope(self, schools: SchoolQuerySet, name: str, value: str) -> SchoolQuerySet:
        """The state-funded schools of the council's own authority, or all; a URN finds its school in either."""
        if value == "register" or self.has_urn:
            return schools
        schools = schools.state_funded()
        return schools.of_authority(self.authority) if self.authority else schools

    @property
    def has_urn(self) -> bool:
        """Whether a URN was typed: whoever types it means that one school."""
        return is_urn(self.form.cleaned_data.get("q", "").strip())


def is_urn(text: str) -> bool:
    """Whether a text is six digits."""
    return len(text) == 6 and text.isascii() and text.isdigit()


def filter_choices(authority: str) -> Choices:
    """The categories, phases, advisers and trusts to choose from, in one query."""
    advisers = User.objects.filter(role__in=[Role.ADVISER, Role.LEAD], is_active=True)
    trusts = Trust.objects.filter(memberships__left_on__isnull=True, memberships__school__authority_code=authority)
    phases = School.objects.state_funded().of_authority(authority).exclude(phase="")
    rows = _choices("category", Category.objects.all(), key="name", label="name", place=F("rank")).union(
        _choices("adviser", advisers, key="pk", label="name"),
        _choices("trust", trusts, key="pk", label="name"),
        _choices("phase", phases, key="phase", label="phase"),
    )
    found: Choices = defaultdict(list)
    for kind, _, label, key in sorted(rows):
        found[kind].append((key, readable(label) if kind == "trust" else label))
    return found


def _choices(kind: str, rows: QuerySet, *, key: str, label: str, place: Any = None) -> QuerySet:
    text = CharField()
    return (
        rows.order_by()
        .annotate(
            choice_kind=Value(kind, output_field=text),
            choice_place=place or Value(0, output_field=IntegerField()),
            choice_label=Cast(label, text),
            choice_key=Cast(key, text),
        )
        .values_list("choice_kind", "choice_place", "choice_label", "choice_key")
    )


def sorted_schools(schools: QuerySet[School], by: str) -> QuerySet[School]:
    """The schools in the order that a heading asks for (`category`, `-category`), by name when it asks for nothing."""
    expression = SORTS.get(by.removeprefix("-"), SORTS["name"])
    if expression == SORTS["name"]:
        return schools.order_by("-name", "-urn") if by == "-name" else schools.order_by("name", "urn")
    first = expression.desc(nulls_last=True) if by.startswith("-") else expression.asc(nulls_last=True)
    return schools.order_by(first, "name", "urn")
