"""The one way to write a spreadsheet: RFC 4180, streamed, and no cell that a spreadsheet program would run.

UTF-8 without a byte order mark: a program that looks for a column by its heading would not find the first one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

FORMULA = re.compile(r"[ \n]*[=+\-@\t\r＝＋－＠]")  # the wide forms, too: some programs fold them into the narrow ones
ROWS_A_CHUNK = 500


def cell(value: Any) -> str:
    """One value as text: nothing for None, `yes` and `no`, ISO dates, London moments; a text is never a formula.

    A text that a spreadsheet program would take for a formula gets an apostrophe before it. Numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None).isoformat(" ", "seconds")
    text = str(value)
    return f"'{text}" if FORMULA.match(text) else text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file in pieces of some hundred rows, so that fifty thousand need no memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(headings)
    remaining = iter(rows)
    while True:
        count = 0
        for row in islice(remaining, ROWS_A_CHUNK):
            writer.writerow([cell(value) for value in row])
            count += 1
        yield buffer.getvalue()
        if count < ROWS_A_CHUNK:
            return
        buffer.seek(0)
        buffer.truncate()


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download of these rows. `filename` is plain letters, digits, dots and hyphens, such as `schools.csv`."""
    response = StreamingHttpResponse(csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
