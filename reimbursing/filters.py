"""How statements are narrowed."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from billing.filters import OurDateFilter
from reimbursing.models import Method, Statement
from reimbursing.models.statements import StatementQuerySet
from sidebyside.accounts.models import User
from sidebyside.forms import FilterForm

STATUSES = [("waiting", "To be paid"), ("owed back", "Owed back"), ("paid", "In a file")]
SORTS = {
    "number": ("number",),
    "school": ("school__name", "-id"),
    "issued": ("issued_on", "id"),
    "total": ("total", "id"),
}


class StatementFilter(FilterSet):
    """Narrows the statements that a person may see."""

    q = CharFilter(method="by_words", label="Number or school", max_length=100)
    status = ChoiceFilter(method="by_status", label="Status", choices=STATUSES, empty_label="All")
    method = ChoiceFilter(label="How it is paid", choices=Method.choices, empty_label="All")
    issued_from = OurDateFilter(field_name="issued_on", lookup_expr="gte", label="Dated from")
    issued_to = OurDateFilter(field_name="issued_on", lookup_expr="lte", label="Dated up to")

    class Meta:
        model = Statement
        fields: list[str] = []
        form = FilterForm

    def by_words(self, statements: StatementQuerySet, name: str, value: str) -> StatementQuerySet:
        """Statements whose number or school holds the words, or of the school with this URN."""
        words = value.strip()
        found = Q(number__icontains=words) | Q(school__name__icontains=words)
        if words.isascii() and words.isdigit() and len(words) == 6:
            found |= Q(school=int(words))
        return statements.filter(found)

    def by_status(self, statements: StatementQuerySet, name: str, value: str) -> StatementQuerySet:
        """Statements that wait for a file, that take back, or that are in a file."""
        if value == "paid":
            return statements.filter(is_handed_over=True)
        waiting = statements.filter(is_handed_over=False)
        return waiting.filter(total__lt=0) if value == "owed back" else waiting.filter(total__gte=0)


def chosen_statements(data: QueryDict, user: User) -> tuple[StatementFilter, QuerySet[Statement]]:
    """The filter as the address has it, and its statements in the order that the address asks for (A1)."""
    statements = Statement.objects.visible_to(user).with_progress().select_related("school")
    chosen = StatementFilter(data, statements.defer("council", "recipient"))
    wanted = data.get("sort", "")
    order = SORTS.get(wanted.removeprefix("-"))
    if order is None:
        return chosen, chosen.qs.order_by("-issued_on", "-id")
    return chosen, chosen.qs.order_by(*(_turned(field) for field in order) if wanted.startswith("-") else order)


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
