"""A workbook of Excel (.xlsx), which is somebody's file and may be anything.

It is a packed folder of XML. Before any of it is read as such, it is unpacked once, piece by
piece, and counted: what would grow beyond bounds, has definitions of its own, asks for other
files or can run is refused. Formulas stay text: what a program once made of them is not taken.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

import openpyxl  # type: ignore[import-untyped]

from elections.feeds.contract import FeedError

SIGNATURE: Final = b"PK\x03\x04"
OLD_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"

MAX_PARTS: Final = 500
MAX_UNPACKED: Final = 24 * 2**20
MAX_MARKS: Final = 2_000_000
"""Tags and attributes: each becomes an object many times its size in the file."""

_CHUNK: Final = 64 * 1024
_OVERLAP: Final = 16
_FOREIGN: Final = ("xl/externallinks/", "xl/connections", "xl/querytables/", "xl/embeddings/")


def open_workbook(body: bytes) -> openpyxl.Workbook:
    """Return a workbook that was found harmless, read row by row.

    :raises FeedError: code not-a-workbook, too-large or foreign-parts.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            _inspect(packed)
        return openpyxl.load_workbook(
            io.BytesIO(body), read_only=True, keep_links=False, data_only=False
        )
    except FeedError:
        raise
    except Exception as error:
        # Whatever is wrong with somebody's file, it is wrong with the file.
        raise _damaged() from error


def sheet_names(book: openpyxl.Workbook) -> list[str]:
    """Return the worksheets that a person sees, in their order."""
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def read_rows(
    book: openpyxl.Workbook, name: str, *, most_rows: int, most_columns: int
) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that have something in them, with their numbers from 1, as text.

    :raises FeedError: code not-a-workbook.
    """
    sheet = book[name]
    sheet.reset_dimensions()  # A file may claim a million rows.
    try:
        rows = sheet.iter_rows(max_row=most_rows, max_col=most_columns, values_only=True)
        for number, row in enumerate(rows, start=1):
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield number, cells
    except Exception as error:
        raise _damaged() from error


def _text(cell: object) -> str:
    """What a person would type into a sheet of text: 1234 and not 1234.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)


def _inspect(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_large()
    marks = 0
    for part in parts:
        name = part.filename.casefold()
        if name.startswith(_FOREIGN) or "vbaproject" in name:
            raise FeedError(
                "The workbook has macros, or takes numbers from other files. Nothing was taken. "
                "Save the one sheet as “CSV UTF-8” and send that.",
                code="foreign-parts",
            )
        if part.flag_bits & 1:
            raise _damaged()
        if name.endswith((".xml", ".rels")):
            marks += _count_marks(packed, part)
        if marks > MAX_MARKS:
            raise _too_large()


def _count_marks(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Read one part in pieces, never further than it says it goes."""
    marks, tail = 0, b""
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not tail and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise _damaged()
            marks += chunk.count(b"<") + chunk.count(b"=")
            if marks > MAX_MARKS:
                return marks
            seen = tail + chunk
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise _damaged()
            tail = chunk[-_OVERLAP:]
    return marks


def _damaged() -> FeedError:
    return FeedError(
        "The workbook is damaged, locked with a password, or not one of Excel. Nothing was taken. "
        "Open it, save the sheet as “CSV UTF-8”, and send that.",
        code="not-a-workbook",
    )


def _too_large() -> FeedError:
    return FeedError(
        "The workbook unpacks to more than any count needs. Nothing was taken. Save the one sheet "
        "as “CSV UTF-8” and send that.",
        code="too-large",
    )
