"""A clerk's page that somebody at the desk has typed: our own races, a number for each name.

The site writes these documents itself, so that a typed count is kept, judged and traced as any
other. A document is a sheet with remarks before it::

    # counted_at: 2024-11-05T21:30:00-08:00
    # said_by: City Clerk
    # typed_by: dana
    race_id,race,candidate_id,candidate,votes
    17,"Mayor, Burbank",41,Nikki Perez,12044

The ids are our own, so that a name that is corrected later is still the same candidate; the
names are for people who read the bytes. The answers to a question are its yes and its no,
whatever we call them. It is never fetched from anywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from elections.counting.results import ContestType, Report
from elections.feeds.contract import FeedError, Get, Response, as_sent
from elections.feeds.keyed import KeyedContest, KeyedSelection, is_answer
from elections.feeds.sheets import (
    LONGEST_CELL,
    read_cell,
    read_number,
    read_sheet,
    read_time,
    refuse_line,
)

name = "typed"
label = "Counts typed by hand"

propose_contest_name = as_sent
propose_selection_name = as_sent
propose_party = as_sent

_HEAD: Final = ("race_id", "race", "candidate_id", "candidate", "votes")


@dataclass(frozen=True, slots=True)
class TypedRace:
    """What was typed for one race: its id and name, and each candidate's id, name and votes.

    The name of an answer to a question is ``yes`` or ``no``.
    """

    id: int
    name: str
    votes: tuple[tuple[int, str, int], ...]


def retrieve(address: str, get: Get) -> Response:
    """There is nothing to ask.

    :raises FeedError: always, code bad-address.
    """
    raise FeedError(
        "Typed counts stand at no address. Readers keep the last good count. Type them on the "
        "page of the race.",
        code="bad-address",
    )


def write(
    races: Iterable[TypedRace], *, counted_at: datetime, said_by: str, typed_by: str
) -> bytes:
    """Return the document. The same count, typed by the same person, gives the same bytes."""
    sheet = io.StringIO(newline="")
    for remark, text in (
        ("counted_at", counted_at.isoformat()),
        ("said_by", said_by),
        ("typed_by", typed_by),
    ):
        sheet.write(f"# {remark}: {' '.join(text.split())}\n")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(_HEAD)
    for race in races:
        for selection_id, selection, votes in race.votes:
            writer.writerow([race.id, _flat(race.name), selection_id, _flat(selection), votes])
    return sheet.getvalue().encode()


def parse(body: bytes) -> Report:
    """Read a document of ``write``.

    :raises FeedError: code empty, html, encoding, schema-drift or no-time; and with the line as
        path not-csv, bad-value, formula or duplicate.
    """
    sheet = read_sheet(body, needed=_HEAD, meanings={})
    counted_at = _read_time(sheet.remarks)
    found: dict[str, tuple[str, dict[str, KeyedSelection]]] = {}
    rows = sheet.open()
    try:
        for row in rows:
            line = sheet.get_line(rows)
            cells = _read_row(sheet.columns, sheet.fit(row, line), line)
            _race, selections = found.setdefault(cells["race_id"], (cells["race"], {}))
            if cells["candidate_id"] in selections:
                raise refuse_line(line, "The same candidate was there before.", "duplicate")
            votes = read_number(cells["votes"], line)
            selections[cells["candidate_id"]] = _selection(cells, votes)
    except csv.Error as error:
        line = sheet.get_line(rows)
        raise refuse_line(line, f"The cells cannot be told apart ({error}).", "not-csv") from error
    return Report(
        counted_at=counted_at,
        contests=tuple(
            KeyedContest(title, tuple(selections.values()), _kind(selections), order=order, id=key)
            for order, (key, (title, selections)) in enumerate(found.items())
        ),
    )


def _read_time(remarks: Iterable[str]) -> datetime:
    for line, remark in enumerate(remarks, start=1):
        if remark.startswith("# counted_at:"):
            return read_time(remark.partition(":")[2], line)
    raise FeedError(
        "The document does not say when it was counted. Readers keep the last good count. "
        "Type the count again.",
        code="no-time",
    )


def _read_row(columns: Mapping[str, int], row: list[str], line: int) -> dict[str, str]:
    cells = {head: row[columns[head]].strip() for head in _HEAD}
    for head in ("race_id", "candidate_id"):
        if not (cells[head].isascii() and cells[head].isdecimal() and len(cells[head]) < 20):
            raise refuse_line(line, f"“{cells[head][:50]}” is not one of our ids.", "bad-value")
    words = {head: read_cell(cells[head], line) for head in _HEAD[:-1]}
    return {**words, "votes": cells["votes"]}


def _selection(cells: Mapping[str, str], votes: int) -> KeyedSelection:
    key = "" if is_answer(cells["candidate"]) else cells["candidate_id"]
    return KeyedSelection(cells["candidate"], votes, id=key)


def _kind(selections: Mapping[str, KeyedSelection]) -> ContestType:
    answers = {one.name.casefold() for one in selections.values()}
    return ContestType.BALLOT_MEASURE if answers == {"yes", "no"} else ContestType.CANDIDATE


def _flat(words: str) -> str:
    """One line, and nothing that a spreadsheet would run."""
    flat = " ".join(words.split())
    return flat.lstrip("=+-@ ")[:LONGEST_CELL] or "?"
