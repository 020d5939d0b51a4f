"""Reads a file of the register: its bytes, its encoding, its header, its rows; refuses what is no register."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from schools import gias
from schools.importing.plan import BadRow
from sidebyside.refusals import Refusal

if TYPE_CHECKING:
    from _csv import Reader

Source = bytes | Path | str

LARGEST = 250 * 1024 * 1024  # bytes; the whole of England is 35 million
_PIECE = 1 << 20
_ENCODINGS = ("utf-8", "cp1252")
_NOT_TEXT = {
    b"PK": "it is a spreadsheet or a zip. Save it as CSV, or unzip it, first.",
    b"%PDF": "it is a PDF.",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook. Save it as CSV first.",
    b"\xff\xfe": "it is saved as Unicode text. Save it as “CSV UTF-8”.",
    b"\xfe\xff": "it is saved as Unicode text. Save it as “CSV UTF-8”.",
    b"<": "it is a web page, perhaps an error message that was saved in place of the download.",
}


class RegisterFile:
    """One opened file: `kind` (establishments, links or trusts), `name` for people, and its `layout`."""

    def __init__(self, source: Source, kind: str) -> None:
        self.kind = kind
        self.name = kind if isinstance(source, bytes) else Path(source).name
        self._data = _load(source, kind).removeprefix(codecs.BOM_UTF8)
        self._encoding = _encoding(self._data, kind)
        header = next(self._reader(), [])
        self.layout = _layout(kind, header)

    def rows(self, bad_rows: list[BadRow]) -> Iterator[tuple[int, tuple[gias.Value, ...]]]:
        """Each row that can be read, with the line on which it begins; the others are added to `bad_rows`."""
        reader = self._reader()
        next(reader)
        line = reader.line_num
        values, width = self.layout.values, self.layout.width
        try:
            for cells in reader:
                begins, line = line + 1, reader.line_num
                if len(cells) != width:
                    if any(cells):
                        reason = f"The row has {len(cells)} cells and the header {width}."
                        bad_rows.append(BadRow(self.name, begins, "", reason))
                    continue
                try:
                    yield begins, values(cells)
                except gias.CellError as error:
                    bad_rows.append(BadRow(self.name, begins, error.column, error.reason))
        except csv.Error:
            sentence = f"from line {line + 1} on it cannot be read: perhaps a quotation mark there is never closed."
            raise _refusal(self.kind, sentence) from None

    def _reader(self) -> Reader:
        return csv.reader(map(partial(str, encoding=self._encoding), io.BytesIO(self._data)))


def _refusal(kind: str, sentence: str) -> Refusal:
    return Refusal(f"The file given as {kind} was not taken: {sentence}", field=kind)


def _load(source: Source, kind: str) -> bytes:
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
                data = unpacked.read(LARGEST + 1)
    except OSError as error:
        raise _refusal(kind, f"it cannot be read ({error.strerror or 'damaged gzip'}).") from None
    except (EOFError, zlib.error):
        raise _refusal(kind, "it is a damaged gzip: download it again.") from None
    if len(data) > LARGEST:
        raise _refusal(kind, f"it is larger than {LARGEST // 1024 // 1024} MB.")
    return data


def _encoding(data: bytes, kind: str) -> str:
    start = data[:200].lstrip()
    if not start:
        raise _refusal(kind, "it is empty.")
    for mark, sentence in _NOT_TEXT.items():
        if start.startswith(mark):
            raise _refusal(kind, sentence)
    if b"\x00" not in data:
        for encoding in _ENCODINGS:
            if _can_be_read(data, encoding):
                return encoding
    raise _refusal(kind, "it is not text. The register’s files are CSV.")


def _can_be_read(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for begin in range(0, len(data), _PIECE):
            decoder.decode(data[begin : begin + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _layout(kind: str, header: list[str]) -> gias.Layout:
    other = gias.looks_like(header)
    if other and other != kind:
        raise _refusal(kind, f"it looks like the register’s {other} file. Give it as {other}.")
    missing = gias.missing(kind, header)
    if missing:
        raise _refusal(kind, f"its first line has no column {', '.join(f'“{name}”' for name in missing)}.")
    return gias.Layout(gias.FILES[kind], header)
