"""A sheet's rows with their line numbers, whatever program it was saved from."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from elections.feeds import unreadable
from elections.feeds.contract import FeedError

MOST_VOTES: Final = 1_000_000_000
"""More votes than people: beyond it is a fault, and would not fit a database column."""

LONGEST_CELL: Final = 240
"""Two of them, race and district, make a title that a column holds."""

_DELIMITERS: Final = (",", ";", "\t")
_NUMBER = re.compile(r"\d{1,3}(?:([, \u00a0\u202f'’])\d{3}(?:\1\d{3})*)?|\d{1,20}", re.ASCII)
_FORMULA = re.compile(r"[=+@]|-.", re.DOTALL)


class Reader(Protocol):
    """What ``csv.reader`` gives."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """``columns`` says where the cell of each name is; ``remarks`` are the first lines with #."""

    text: str
    delimiter: str
    columns: Mapping[str, int]
    width: int
    head_line: int
    remarks: tuple[str, ...]

    def open(self) -> Reader:
        """Give the rows below the head; ``get_line`` tells where in the sheet one ends."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        next(reader, None)
        return reader

    def get_line(self, reader: Reader) -> int:
        return self.head_line - 1 + reader.line_num

    def fit(self, row: list[str], line: int) -> list[str]:
        """Give a row the width of the head: cells may be missing at its end, or be empty there.

        :raises FeedError: not-csv.
        """
        if any(cell.strip() for cell in row[self.width :]):
            raise refuse_line(
                line,
                f"There are {len(row)} cells below {self.width} names. Put quotes around a cell "
                "that has the character between cells in it.",
                "not-csv",
            )
        return (row + [""] * self.width)[: self.width]


def read_sheet(body: bytes, *, needed: Collection[str], meanings: Mapping[str, str]) -> Sheet:
    """Find out how a sheet is written. ``meanings`` translates other names of columns.

    :raises FeedError: code empty, html or encoding; schema-drift when a column that is
        ``needed`` is missing, or one is there twice.
    """
    text = _decode(body)
    lines = io.StringIO(text, newline="")
    remarks: list[str] = []
    skipped = 0
    for number, line in enumerate(lines):  # noqa: B007
        if line.strip() and not line.startswith("#"):
            break
        remarks.append(line.strip())
        skipped += len(line)
    heads = {mark: _read_head(line, mark, meanings) for mark in _DELIMITERS}
    delimiter = max(heads, key=lambda mark: len(set(heads[mark]) & set(needed)))
    names = heads[delimiter]
    missing = [name for name in needed if name not in names]
    repeated = [name for name in needed if names.count(name) > 1]
    if missing or repeated:
        what = f"has no column “{missing[0]}”" if missing else f"has two columns “{repeated[0]}”"
        raise unreadable.refuse_whole(
            f"The sheet {what}. Its first row reads: “{line.strip()[:200]}”. Name the columns "
            f"{', '.join(needed)}.",
            code="schema-drift",
        )
    return Sheet(
        text=text[skipped:],
        delimiter=delimiter,
        columns={name: names.index(name) for name in names if name},
        width=len(names),
        head_line=number + 1,
        remarks=tuple(remarks),
    )


def read_cell(text: str, line: int) -> str:
    """Return a cell's words, with single spaces between them.

    :raises FeedError: bad-value or formula.
    """
    words = " ".join(text.split())
    if _FORMULA.match(words) or text[:1] in {"\t", "\r"}:
        raise refuse_line(
            line,
            f"“{words[:100]}” would be a formula in a spreadsheet. Write what it stands for.",
            "formula",
        )
    if len(words) > LONGEST_CELL:
        raise refuse_line(line, f"“{words[:100]}…” is too long for a name.", "bad-value")
    return words


def read_number(text: str, line: int) -> int:
    """Return a whole number from 0: ``1234``, ``1,234`` or ``1 234``.

    :raises FeedError: bad-value or formula.
    """
    words = text.strip()
    if _NUMBER.fullmatch(words):
        number = int("".join(letter for letter in words if letter.isdigit()))
        if number <= MOST_VOTES:
            return number
    if _FORMULA.match(words) and not words[1:].isdigit():
        read_cell(text, line)
    what = f"“{words[:100]}” is not a whole number of votes" if words else "The votes are missing"
    raise refuse_line(line, f"{what}. Write 0 where there are none.", "bad-value")


def read_time(text: str, line: int) -> datetime:
    """Return a time in UTC from one with an offset: ``2024-11-06T03:46-08:00``.

    :raises FeedError: bad-value.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or not 2000 <= time.year < 2100:
        raise refuse_line(
            line,
            f"“{text.strip()[:100]}” is not a time with its offset from UTC. Write it like "
            "2024-11-06T03:46-08:00.",
            "bad-value",
        )
    return time.astimezone(UTC)


class LineError(FeedError):
    """One line is wrong, so that none of the sheet can be trusted.

    ``what`` says what is wrong with ``line`` and what to write there, and nothing else.
    """

    def __init__(self, line: int, what: str, code: str) -> None:
        super().__init__(
            f"Line {line}: {what} Nothing of this sheet was taken. Readers keep the last good "
            "count. Correct the line and send the sheet again.",
            code=code,
            path=f"line {line}",
        )
        self.line = line
        self.what = what


def refuse_line(line: int, what: str, code: str) -> LineError:
    return LineError(line, what, code)


def _decode(body: bytes) -> str:
    try:
        text = body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise _bad_encoding() from error
    if "\0" in text:
        raise _bad_encoding()
    if not text.strip():
        raise unreadable.refuse_whole("The source sent an empty sheet.", code="empty")
    if text.lstrip().startswith("<"):
        raise unreadable.refuse_whole("The source sent a web page instead of a sheet.", code="html")
    return text


def _bad_encoding() -> FeedError:
    return unreadable.refuse_whole(
        "The sheet is not in UTF-8; names would be mangled. Save it as “CSV UTF-8”.",
        code="encoding",
    )


def _read_head(line: str, delimiter: str, meanings: Mapping[str, str]) -> list[str]:
    """The names of the columns as we call them, "" for those without."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    names = ["_".join(re.split(r"[\s_-]+", cell.strip().casefold())) for cell in cells]
    return [meanings.get(name, name) for name in names]
