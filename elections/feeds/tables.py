"""What somebody has sent, as rows of text: a sheet of Excel, a file of text, or a paste."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from elections.feeds import workbooks
from elections.feeds.contract import FeedError
from elections.feeds.sheets import refuse_line

MAX_BYTES: Final = 8 * 2**20
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 60

_DELIMITERS: Final = ("\t", ",", ";")
_TIME_REMARK: Final = re.compile(r"#\s*counted_at\s*:(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` are those below the head, each with its line in the sheet.

    ``written_in`` is the encoding that was found, "" for a workbook. ``worksheets`` are the names
    to choose from, none for a text. ``said_at`` is what a first line ``# counted_at:`` says.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    written_in: str = ""
    worksheets: tuple[str, ...] = ()
    worksheet: str = ""
    said_at: str = ""


def read_table(body: bytes, worksheet: str = "") -> Table:
    """Read a sheet that was sent. ``worksheet`` is the one of a workbook to read, "" the first.

    :raises FeedError: code too-large, empty, html, not-csv, not-a-workbook or foreign-parts.
    """
    if len(body) > MAX_BYTES:
        raise _refuse(
            f"The sheet is larger than {MAX_BYTES // 2**20} MB, which is more than can be read at "
            "once. Send the races that you need.",
            "too-large",
        )
    if body.startswith(workbooks.OLD_SIGNATURE):
        raise _refuse(
            "This is an old or a locked workbook. Save the sheet as “CSV UTF-8” or as .xlsx "
            "without a password.",
            "not-a-workbook",
        )
    if body.startswith(workbooks.SIGNATURE):
        return _read_workbook(body, worksheet)
    return _read_text(body)


def _read_workbook(body: bytes, worksheet: str) -> Table:
    book = workbooks.open_workbook(body)
    try:
        names = workbooks.sheet_names(book)
        if not names:
            raise _refuse("The workbook has no sheet that can be seen.", "empty")
        chosen = worksheet if worksheet in names else names[0]
        rows = workbooks.read_rows(book, chosen, most_rows=MAX_ROWS + 2, most_columns=MAX_COLUMNS)
        head, kept = _split(rows)
    finally:
        book.close()
    return Table(head, kept, worksheets=tuple(names), worksheet=chosen)


def _read_text(body: bytes) -> Table:
    text, encoding = _decode(body)
    if not text.strip():
        raise _refuse("The sheet is empty.", "empty")
    if text.lstrip().startswith("<"):
        raise _refuse("This is a web page and not a sheet.", "html")
    said_at = next((found[1].strip() for found in _TIME_REMARK.finditer(text[:2000])), "")
    head, rows = _split(_cells(text))
    return Table(head, rows, written_in=encoding, said_at=said_at)


def _decode(body: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was in: what says so itself, then what fits."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace").replace("\0", ""), "UTF-16"
    if body[1::2].count(0) * 3 > len(body):
        return body.decode("utf-16-le", errors="replace").replace("\0", ""), "UTF-16"
    if b"\0" in body:
        raise _refuse("This is not a sheet of text, and not a workbook.", "encoding")
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode(), "UTF-8"
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace"), "Windows-1252"


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that have something in them, without the first lines with #."""
    lines = text.splitlines(keepends=True)
    skipped = next(n for n, line in enumerate(lines) if line.strip() and not line.startswith("#"))
    start = "".join(lines[skipped : skipped + 10])
    reader = csv.reader(lines[skipped:], delimiter=max(_DELIMITERS, key=start.count), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield skipped + reader.line_num, row
    except csv.Error as error:
        raise refuse_line(
            skipped + reader.line_num, f"The cells cannot be told apart ({error}).", "not-csv"
        ) from error


def _split(
    rows: Iterable[tuple[int, list[str]]],
) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    """Take the head off: the first row with two cells or more. What is above it is a title."""
    coming = iter(rows)
    head: tuple[str, ...] = ()
    whole_width = 0
    for _line, row in coming:
        cells = tuple(_flat(cell) for cell in row)
        if sum(1 for cell in cells if cell) >= 2:
            head, whole_width = _trim(cells), len(cells)
            break
    if not head:
        raise _refuse(
            "The sheet has no row with the names of its columns. Write one on top: race, "
            "candidate, votes.",
            "empty",
        )
    if len(head) > MAX_COLUMNS:
        raise _refuse(f"The sheet has more than {MAX_COLUMNS} columns.", "too-large")
    kept = [
        (line, _fit(tuple(_flat(cell) for cell in row), len(head), whole_width))
        for line, row in islice(coming, MAX_ROWS + 1)
    ]
    if len(kept) > MAX_ROWS:
        raise _refuse(
            f"The sheet has more than {MAX_ROWS:,} rows. Send the races that you need.",
            "too-large",
        )
    if not kept:
        raise _refuse("There are no rows below the names of the columns.", "empty")
    return head, tuple(kept)


def _fit(cells: tuple[str, ...], width: int, whole_width: int) -> tuple[str, ...]:
    """As wide as the head, or wider where something stands beyond it.

    ``whole_width`` is of the head with its empty cells: a row with more cells than that, even
    empty ones, has been cut somewhere, as in an unquoted “1,204”.
    """
    beyond = cells[width:]
    return cells[:width] + (beyond if len(cells) > whole_width else _trim(beyond))


def _trim(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _refuse(what: str, code: str) -> FeedError:
    return FeedError(f"{what} Nothing was taken.", code=code)
