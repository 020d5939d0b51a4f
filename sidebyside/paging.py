"""Fifty rows at a time."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

PER_PAGE = 50
COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts no further than ten thousand rows: beyond it people search rather than leaf."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, 10,001 for more than ten thousand."""
        rows = cast("QuerySet", self.object_list)
        return rows[: COUNTED + 1].count()

    @property
    def count_text(self) -> str:
        """The count as people read it."""
        return f"more than {COUNTED:,}" if self.count > COUNTED else f"{self.count:,}"


class IdsFirstPaginator(CappedPaginator):
    """Finds the keys of a page's rows first, then the rows: joins cost fifty rows and not a million."""

    object_list: QuerySet[Any]

    def page(self, number: int | str) -> Page:
        """One page, in the order of the list."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        found = self.object_list.in_bulk(keys)
        return Page([found[key] for key in keys if key in found], number, self)


def page_of(rows: QuerySet[Any], request: HttpRequest, *, per_page: int = PER_PAGE, ids_first: bool = False) -> Page:
    """The page that the address asks for: the first for no number, the last for one too high.

    `ids_first` is for lists that may grow to a million rows and show much of other tables: one query more.
    """
    paginator = IdsFirstPaginator if ids_first else CappedPaginator
    return paginator(rows, per_page).get_page(request.GET.get("page"))
