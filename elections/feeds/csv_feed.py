"""A sheet of counts: at an address, uploaded, or pasted.

Two forms, told apart by the names in the first row; order and further columns do not matter:

- OpenElections (``county,precinct,office,district,party,candidate,votes``), read from the
  statewide results of California of November 2020. Rows of one candidate are added up over
  counties and precincts. So an office that exists in several places needs its place in
  ``office`` or ``district``, and the primaries of parties need the party there.
- The plain form for a clerk's page typed by hand: ``race,candidate,votes`` and, if known,
  ``party``.

What else is understood: a byte-order mark; commas, semicolons or tabs between cells; quoted
cells with line breaks; ``1,234`` and ``1 234``; blank rows. Rows that are no choice (totals,
over- and undervotes, ballots cast, registered voters) are left out; write-ins are kept.

A column ``round`` makes it a ranked choice count: the first choices (round 1, or no number) are
the votes, and what each candidate has in the later rounds is shown round by round.

No such sheet says when it was counted, so it must be added: a first line
``# counted_at: 2024-11-06T03:46-08:00``, or a column ``counted_at``, of which the newest
counts. What is left to count stands in first lines, too (``csv_remarks``). What could be read
in two ways is refused with its line: the same row twice, a cell that a spreadsheet would take for
a formula, a number that is not whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Final

from elections.counting.details import Details
from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.feeds import csv_remarks, csv_units
from elections.feeds.contract import FeedError, Get, Response, as_sent
from elections.feeds.sheets import (
    MOST_VOTES,
    Reader,
    Sheet,
    read_cell,
    read_number,
    read_sheet,
    read_time,
    refuse_line,
)

name = "csv"
label = "Sheet of counts (CSV)"

propose_contest_name = as_sent
propose_selection_name = as_sent
propose_party = as_sent

_NEEDED: Final = ("race", "candidate", "votes")
_WHAT: Final = ("race", "district", "candidate", "party")
_WHERE: Final = (*csv_units.PARTS, "round")
_MEANINGS = {
    "office": "race",
    "contest": "race",
    "choice": "candidate",
    "selection": "candidate",
    "mode": "vote_type",
}
_NO_CHOICES = frozenset(
    {
        *("total", "totals", "total votes", "total votes cast", "votes cast", "grand total"),
        *("over votes", "overvotes", "over vote", "overvote"),
        *("under votes", "undervotes", "under vote", "undervote", "blank", "blank votes"),
        *("ballots cast", "total ballots cast", "registered voters"),
        *("exhausted", "exhausted ballots", "inactive ballots", "continuing ballots"),
    }
)
_WHOLE_PLACES = frozenset({"total", "totals", "grand total", "county total", "county totals"})


def retrieve(address: str, get: Get) -> Response:
    """One sheet at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read a whole sheet.

    :raises FeedError: code empty, html or encoding; schema-drift when a column is missing;
        no-time; and with the line as path not-csv, bad-value, formula or duplicate.
    """
    sheet = read_sheet(body, needed=_NEEDED, meanings=_MEANINGS)
    said_at = csv_remarks.read_counted_at(sheet)
    count = _Count(sheet)
    count.add_rows()
    if said_at is None and not count.times:
        raise FeedError(
            "The sheet does not say when it was counted. Readers keep the last good count. Add a "
            "first line like “# counted_at: 2024-11-06T03:46-08:00”, or a column “counted_at”, "
            "with the time at which the elections office published these numbers.",
            code="no-time",
        )
    counted_at = said_at or max(count.times.values())
    return Report(
        counted_at=counted_at,
        contests=tuple(count.contests()),
        ballots_left=csv_remarks.read_ballots_left(sheet, counted_at),
    )


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Read the wanted contests by county or precinct, by kind of vote, and round by round.

    :raises FeedError: as ``parse``.
    """
    sheet = read_sheet(body, needed=_NEEDED, meanings=_MEANINGS)
    count = _Count(sheet)
    return csv_units.read_details(sheet, wanted, who=count.name, is_whole=_is_whole)


def _is_whole(words: str) -> bool:
    """Whether a place is the sum of the others."""
    return _plain(words) in _WHOLE_PLACES


@dataclass(slots=True, eq=False)
class _Tally:
    """What one candidate of one party has, over all places."""

    votes: int = 0


@dataclass(slots=True)
class _Count:
    """A sheet while it is added up.

    Words are looked at when they are met for the first time, and known by their cells after
    that: a state's precincts repeat the same names a hundred thousand times.
    """

    sheet: Sheet
    tallies: dict[tuple[str, str, str], _Tally] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    later_rounds: set[object] = field(default_factory=set)
    ranked: set[_Tally] = field(default_factory=set)

    def add_rows(self) -> None:
        sheet, rows = self.sheet, self.sheet.open()
        try:
            self._add(rows)
        except csv.Error as error:
            raise refuse_line(
                sheet.get_line(rows), f"The cells cannot be told apart ({error}).", "not-csv"
            ) from error

    def _add(self, rows: Reader) -> None:
        """Add up the rows. This runs for every precinct of a state: it does no more than it must.

        ``known`` says who is meant, ``places`` who was met where; None in either leaves a row out.
        """
        sheet, width = self.sheet, self.sheet.width
        get_what, get_where = self._getter(_WHAT), self._getter(_WHERE)
        votes_at, time_at = sheet.columns["votes"], sheet.columns.get("counted_at")
        known: dict[object, _Tally | None] = {}
        places: dict[object, set[_Tally] | None] = {}
        numbers: dict[str, int] = {}
        for row in rows:
            if len(row) != width:
                row = sheet.fit(row, sheet.get_line(rows))
            what, where = get_what(row), get_where(row)
            try:
                tally, met = known[what], places[where]
            except KeyError:
                tally = known[what] = self._meet(row, sheet.get_line(rows))
                met = places.setdefault(where, self._visit(row, sheet.get_line(rows), where))
            if tally is None or met is None:
                if tally is not None and where in self.later_rounds:
                    self.ranked.add(tally)
                continue
            if tally in met:
                raise refuse_line(
                    sheet.get_line(rows),
                    "The same row was there before; one of them is wrong.",
                    "duplicate",
                )
            met.add(tally)
            votes = row[votes_at]
            if votes not in numbers:
                numbers[votes] = read_number(votes, sheet.get_line(rows))
            tally.votes += numbers[votes]
            if time_at is not None and row[time_at] not in self.times and row[time_at].strip():
                self.times[row[time_at]] = read_time(row[time_at], sheet.get_line(rows))

    def contests(self) -> Iterable[ContestCount]:
        """In the order of the sheet; a candidate of several parties once, with the first."""
        found: dict[str, dict[str, tuple[int, str]]] = {}
        ranked = {title for (title, *_who), tally in self.tallies.items() if tally in self.ranked}
        for (title, name, party), tally in self.tallies.items():
            selections = found.setdefault(title, {})
            votes, first_party = selections.get(name, (0, ""))
            selections[name] = (votes + tally.votes, first_party or party)
        for order, (title, selections) in enumerate(found.items()):
            if any(votes > MOST_VOTES for votes, _party in selections.values()):
                raise FeedError(
                    f"“{title}” has more votes than there are people. Nothing of this sheet was "
                    "taken. Readers keep the last good count. Correct the sheet and send it again.",
                    code="bad-value",
                )
            is_question = {one.casefold() for one in selections} == {"yes", "no"}
            yield ContestCount(
                title,
                tuple(SelectionCount(one, *counted) for one, counted in selections.items()),
                ContestType.BALLOT_MEASURE if is_question else ContestType.CANDIDATE,
                order=order,
                has_rounds=title in ranked or None,
            )

    def _getter(self, names: Iterable[str]) -> Callable[[list[str]], object]:
        """What takes these cells out of a row, as far as there are such columns."""
        found = [self.sheet.columns[name] for name in names if name in self.sheet.columns]
        return itemgetter(*found) if found else lambda row: None

    def _get(self, row: list[str], column: str, line: int) -> str:
        at = self.sheet.columns.get(column)
        return "" if at is None else read_cell(row[at], line)

    def _meet(self, row: list[str], line: int) -> _Tally | None:
        """The tally of a candidate; None when the row is no choice, or blank."""
        who = self.name(row, line)
        return None if who is None else self.tallies.setdefault(who, _Tally())

    def name(self, row: list[str], line: int) -> tuple[str, str, str] | None:
        """The race, the candidate and the party; None when the row is no choice, or blank."""
        if not any(cell.strip() for cell in row):
            return None
        race, district, candidate, party = (self._get(row, column, line) for column in _WHAT)
        if _plain(race) in _NO_CHOICES or _plain(candidate) in _NO_CHOICES:
            return None
        for column, words in (("race", race), ("candidate", candidate)):
            if not words:
                raise refuse_line(line, f"The {column} is missing.", "bad-value")
        if district and "district" not in district.casefold():
            district = f"District {district}"
        return (f"{race}, {district}" if district else race), candidate, party

    def _visit(self, row: list[str], line: int, where: object) -> set[_Tally] | None:
        """Who was met at a place: nobody yet.

        None where it is the sum of other places, or a later round of the same ballots.
        """
        words = [_plain(self._get(row, column, line)) for column in csv_units.PARTS]
        is_again = csv_units.read_round(self._get(row, "round", line), line) > 1
        if is_again:
            self.later_rounds.add(where)
        return None if is_again or _WHOLE_PLACES.intersection(words) else set()


def _plain(words: str) -> str:
    return " ".join(re.split(r"[\s_-]+", words.casefold())).strip(" :")
