"""A file that somebody uploads, as rows of text. It is read as it comes, never as a whole.

What cannot be read without doubt is refused: a formula, a cell of the length of a book, a
workbook that unpacks to far more than it says, an encoding that we would have to guess.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

MAX_BYTES = 16 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 40
LONGEST_CELL = 500
SAMPLE = 5
# What the parts of a workbook may unpack to: all together, and its table of texts, which is
# the one part that is held in memory.
UNPACKED_BYTES = 160 * 2**20
TEXTS_BYTES = 24 * 2**20
MOST_PARTS = 200
LOCKED_OR_OLD = b"\xd0\xcf\x11\xe0"


class SheetRefusedError(Exception):
    """The file is not taken. The message says why and what to do, in sentences."""


@dataclass(frozen=True)
class Sheet:
    """The names of the columns, the first rows, and how many rows there are below the head."""

    columns: list[str]
    sample: list[list[str]]
    row_count: int


def look_through(body: bytes) -> Sheet:
    """Read the whole file once, keeping a few rows.

    :raises SheetRefusedError: it cannot be taken
    """
    rows = read_rows(body)
    columns: list[str] = []
    sample: list[list[str]] = []
    count = 0
    for _line, cells in rows:
        if not columns:
            columns = cells
            continue
        count += 1
        if count > MAX_ROWS:
            raise SheetRefusedError(
                _("The file has more than %(most)s rows. Split it.") % {"most": f"{MAX_ROWS:,}"}
            )
        if len(sample) < SAMPLE:
            sample.append(cells)
    if not count:
        raise SheetRefusedError(
            _("The file has no rows. The first row names the columns, the others hold people.")
        )
    return Sheet(columns, sample, count)


def read_rows(body: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that is not empty, the head first.

    :raises SheetRefusedError: it cannot be taken, at the row where that shows
    """
    if len(body) > MAX_BYTES:
        raise SheetRefusedError(
            _("The file is larger than %(most)s MB. Split it.") % {"most": MAX_BYTES // 2**20}
        )
    if body.startswith(LOCKED_OR_OLD):
        raise SheetRefusedError(
            _("This is an old or a locked workbook. Save it as .xlsx without a password.")
        )
    source = _workbook_rows(body) if body.startswith(b"PK") else _text_rows(body)
    for line, cells in source:
        if len(cells) > MAX_COLUMNS:
            raise SheetRefusedError(
                _("Row %(line)s has more than %(most)s columns. Keep those that are needed.")
                % {"line": line, "most": MAX_COLUMNS}
            )
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise SheetRefusedError(
                _("A cell in row %(line)s has more than %(most)s characters. Take it out.")
                % {"line": line, "most": LONGEST_CELL}
            )
        cells = [" ".join(cell.split()) for cell in cells]
        if any(cells):
            yield line, cells


def _text_rows(body: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_text(body)
    text = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline="")
    first = text.readline(4 * LONGEST_CELL * MAX_COLUMNS)
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise SheetRefusedError(
            _("Row %(line)s cannot be read: a quotation mark is missing, or a cell is too long.")
            % {"line": reader.line_num}
        ) from error


def _check_text(body: bytes) -> None:
    """:raises SheetRefusedError: it is not UTF-8, or no text at all"""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(body)
    try:
        for start in range(0, len(body), 2**16):
            decoder.decode(bytes(view[start : start + 2**16]))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SheetRefusedError(
            _("The file is not in UTF-8. In the spreadsheet program, save it as “CSV UTF-8”.")
        ) from error
    if b"\0" in body:
        raise SheetRefusedError(_("This is neither a CSV file nor a workbook (.xlsx)."))
    if body.lstrip()[:1] == b"<":
        raise SheetRefusedError(_("This is a web page. Save the sheet itself as CSV or .xlsx."))


def _workbook_rows(body: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_parts(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1)
        yield from ((line, _cells(line, row)) for line, row in enumerate(rows, start=1))
    except SheetRefusedError:
        raise
    except Exception as error:
        # openpyxl raises whatever its parts meet; nothing of it helps who uploads.
        raise SheetRefusedError(
            _("The workbook cannot be read. Save it anew as .xlsx, or as “CSV UTF-8”.")
        ) from error


def _check_parts(body: bytes) -> None:
    """:raises SheetRefusedError: it is no workbook, or it unpacks to more than we hold"""
    try:
        parts = zipfile.ZipFile(io.BytesIO(body)).infolist()
    except zipfile.BadZipFile as error:
        raise SheetRefusedError(_("The workbook is damaged. Save it anew.")) from error
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > UNPACKED_BYTES or texts > TEXTS_BYTES:
        raise SheetRefusedError(
            _("The workbook unpacks to far more than a list needs. Save it as “CSV UTF-8”.")
        )


def _cells(line: int, row: tuple[Any, ...]) -> list[str]:
    cells = []
    for place, cell in enumerate(row):
        if cell.data_type == "f":
            raise SheetRefusedError(
                _(
                    "The cell in row %(line)s, column %(column)s is a formula. Copy the sheet, "
                    "paste the values only, and save that."
                )
                % {"line": line, "column": place + 1}
            )
        cells.append("" if cell.value is None else str(cell.value))
    while cells and not cells[-1]:
        cells.pop()
    return cells
