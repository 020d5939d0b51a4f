"""The national register's files: which columns we read and what their cells mean (S6). Pure: imports no Django.

Columns are matched by name and never by position; columns that nobody reads are ignored. A row becomes a tuple of
values in the order of `Layout.fields`, because fifty thousand of them are compared with what the database holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

Value = str | int | date | bool | None
Parse = Callable[[str], Value]

UNKNOWN_DAY = date(1900, 1, 1)  # the register's way of writing that it does not know
DATE_FORMS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")
STATUSES = {"1": "open", "2": "closed", "3": "closing", "4": "proposed"}


class CellError(ValueError):
    """A cell that cannot be read: `column` as the file names it, and the reason as a sentence."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


def text(longest: int, *, needed: bool = False) -> Parse:
    """Reads words: single spaces between them, accents and apostrophes as they are; at most `longest` characters."""

    shortest = 1 if needed else 0

    def parse(cell: str) -> str:
        words = " ".join(cell.split())
        if shortest <= len(words) <= longest:
            return words
        raise ValueError(f"It is longer than {longest} characters." if words else "It is empty.")

    return parse


def whole(cell: str) -> int | None:
    """A whole number, not negative; None when it is blank."""
    digits = cell.strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise ValueError(f"“{digits}” is not a whole number.")
    return int(digits)


def day(cell: str) -> date | None:
    """A date written dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd; None when it is blank or 01-01-1900, which means unknown."""
    written = cell.strip()
    if not written:
        return None
    for form in DATE_FORMS:
        try:
            read = datetime.strptime(written, form).date()
        except ValueError:
            continue
        return None if read == UNKNOWN_DAY else read
    raise ValueError(f"“{written}” is not a date such as 31-01-2023 or 31/01/2023.")


def code(width: int) -> Parse:
    """Reads a number that is a name: leading zeros that a spreadsheet took come back; blank stays blank."""

    def parse(cell: str) -> str:
        digits = cell.strip()
        if digits and not (digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= width):
            raise ValueError(f"“{digits}” is not a code of {width} digits.")
        return digits.lstrip("0").zfill(width) if digits else ""

    return parse


def status(cell: str) -> str:
    """One of the register's four states: 3, open but proposed to close, is open; 4, proposed to open, is not yet."""
    try:
        return STATUSES[cell.strip().lstrip("0")]
    except KeyError:
        raise ValueError(f"“{cell.strip()}” is not a status from 1 to 4.") from None


def urn(cell: str) -> int:
    """The school's number in the register: six digits."""
    if len(cell) == 6 and cell.isdecimal() and cell[0] != "0":
        return int(cell)
    digits = cell.strip()
    if len(digits) < len(cell):
        return urn(digits)
    raise ValueError(f"“{digits}” is not a URN: six digits." if digits else "It is empty.")


def urn_or_blank(cell: str) -> int | None:
    """A URN; None when it is blank."""
    return urn(cell) if cell.strip() else None


def uid(cell: str) -> int:
    """The group's number in the register."""
    number = whole(cell)
    if number is None:
        raise ValueError("It is empty.")
    return number


def is_open(cell: str) -> bool:
    """Whether a group's status says open."""
    return cell.strip().casefold() == "open"


@dataclass(frozen=True)
class Column:
    """A column of the file, the field it fills and how to read its cells.

    A file without a required column is refused. The cells of a varied column are nearly all different: to remember what
    they mean, as is done for the others, would only cost time.
    """

    field: str
    name: str
    parse: Parse
    is_required: bool = False
    is_varied: bool = False


ESTABLISHMENTS = (
    Column("urn", "URN", urn, is_required=True, is_varied=True),
    Column("name", "EstablishmentName", text(160, needed=True), is_required=True, is_varied=True),
    Column("authority_code", "LA (code)", code(3)),
    Column("establishment_number", "EstablishmentNumber", code(4)),
    Column("type_code", "TypeOfEstablishment (code)", code(2), is_required=True),
    Column("type_name", "TypeOfEstablishment (name)", text(80)),
    Column("status", "EstablishmentStatus (code)", status, is_required=True),
    Column("opened_on", "OpenDate", day),
    Column("closed_on", "CloseDate", day),
    Column("phase", "PhaseOfEducation (name)", text(40)),
    Column("street", "Street", text(160)),
    Column("locality", "Locality", text(160)),
    Column("town", "Town", text(80)),
    Column("county", "County (name)", text(80)),
    Column("postcode", "Postcode", text(8), is_varied=True),
    Column("website", "SchoolWebsite", text(200), is_varied=True),
    Column("telephone", "TelephoneNum", text(30)),
    Column("low_age", "StatutoryLowAge", whole),
    Column("high_age", "StatutoryHighAge", whole),
    Column("pupils", "NumberOfPupils", whole),
    Column("federation", "Federations (name)", text(160)),
)
LINKS = (
    Column("urn", "URN", urn, is_required=True),
    Column("linked_urn", "LinkURN", urn, is_required=True),
    Column("detail", "LinkType", text(200, needed=True), is_required=True),
    Column("established_on", "LinkEstablishedDate", day),
)
TRUSTS = (
    Column("uid", "Group UID", uid, is_required=True),
    Column("name", "Group Name", text(160, needed=True), is_required=True),
    Column("group_id", "Group ID", text(10)),
    Column("companies_house_number", "Companies House Number", text(10)),
    Column("kind", "Group Type", text(60)),
    Column("is_open", "Group Status", is_open),
    Column("closed_on", "Closed Date", day),
    Column("joined_on", "Joined date", day, is_required=True),
    Column("urn", "Academy URN", urn_or_blank, is_required=True),
)
FILES = {"establishments": ESTABLISHMENTS, "links": LINKS, "trusts": TRUSTS}
NAMES = {column.field: column.name for column in ESTABLISHMENTS}


class _Memo(dict[str, Value]):
    """Reads each different cell of a column once: dates, codes and towns come thousands of times."""

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, cell: str) -> Value:
        value = self[cell] = self.parse(cell)
        return value


def _reader(column: Column) -> Parse:
    return column.parse if column.is_varied else _Memo(column.parse).__getitem__


class Layout:
    """How one file lays out the columns that we read. `fields` are those present, in the order of our own table."""

    def __init__(self, columns: Sequence[Column], header: Sequence[str]) -> None:
        places = {name.strip(): place for place, name in reversed(list(enumerate(header)))}
        self.columns = tuple(column for column in columns if column.name in places)
        self.fields = tuple(column.field for column in self.columns)
        self.width = len(header)
        self._readers = [_reader(column) for column in self.columns]
        self._places = [places[column.name] for column in self.columns]
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*self._places)

    def values(self, cells: Sequence[str]) -> tuple[Value, ...]:
        """The row's values in the order of `fields`. Raises CellError for the first cell that cannot be read."""
        try:
            return tuple([read(cell) for read, cell in zip(self._readers, self._pick(cells))])  # noqa: B905 - strict= costs time
        except ValueError:
            raise self._complaint(cells) from None

    def _complaint(self, cells: Sequence[str]) -> CellError:
        for column, place in zip(self.columns, self._places, strict=True):
            try:
                column.parse(cells[place])
            except ValueError as error:
                return CellError(column.name, str(error))
        raise AssertionError("every cell can be read")


def link_kind(detail: str) -> str | None:
    """`predecessor` or `successor` (merged, amalgamated and split ones too); None for links that are no history."""
    first = detail.split()[0].casefold()
    return first if first in {"predecessor", "successor"} else None


def missing(kind: str, header: Iterable[str]) -> list[str]:
    """The columns without which this is no file of the kind."""
    names = {name.strip() for name in header}
    return [column.name for column in FILES[kind] if column.is_required and column.name not in names]


def looks_like(header: Sequence[str]) -> str | None:
    """Which of the register's files has this header; None when it is none of them."""
    return next((kind for kind in FILES if not missing(kind, header)), None)
