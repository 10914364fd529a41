"""The rows of Orange County's XML in both of its forms, read as a stream.

What they mean stands in ``oc_enr``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.feeds import markup, unreadable
from elections.feeds.clarity_detail import VOTE_FOR
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, is_answer

ORANGE_COUNTY: Final = ZoneInfo("America/Los_Angeles")
MAX_VOTES: Final = 1_000_000_000

_FLAT, _NESTED = "NewDataSet", "CumulativeRptHeader"
_BALLOTS: Final = {
    "TimesCounted": "ballots_cast",
    "OverVotes": "overvotes",
    "UnderVotes": "undervotes",
}
_NOBODY: Final = {"over votes": "overvotes", "under votes": "undervotes"}
_CELLS: Final = frozenset({"RaceName", "ContestantName", "TotalVotes", *_BALLOTS})
_MEASURE: Final = "MS"
_YEARS: Final = range(2000, 2100)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_TIME = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4}) (\d\d?):(\d\d)(?::(\d\d))?(?: ([AP])M)?", re.ASCII | re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?", re.ASCII)


class _Race:
    """One race as far as it has been read. Two rows that contradict each other leave None."""

    def __init__(self, title: str, *, id: str = "", is_measure: bool = False) -> None:
        self.title = title
        self.id = id
        self.is_measure = is_measure
        self.selections: dict[str, SelectionCount] = {}
        self.ballots: dict[str, int | None] = {}

    def add_ballots(self, name: str, count: int) -> None:
        same = self.ballots.setdefault(name, count) == count
        self.ballots[name] = count if same else None

    def get_contest(self, order: int) -> ContestCount:
        found = VOTE_FOR.search(self.title)
        selections = tuple(self.selections.values())
        return KeyedContest(
            self.title,
            selections,
            self._get_type(selections),
            max(int(found["number"]), 1) if found else 1,
            order=order,
            ballots_cast=self.ballots.get("ballots_cast"),
            overvotes=self.ballots.get("overvotes"),
            undervotes=self.ballots.get("undervotes"),
            id=self.id,
        )

    def _get_type(self, selections: tuple[SelectionCount, ...]) -> ContestType:
        has_answers = len(selections) == 2 and all(is_answer(one.name) for one in selections)
        if has_answers and "recall" in self.title.casefold():
            return ContestType.RECALL
        is_question = has_answers or self.is_measure
        return ContestType.BALLOT_MEASURE if is_question else ContestType.CANDIDATE


class Reader:
    """What the stream has said so far."""

    def __init__(self) -> None:
        self.parser = markup.make_parser()
        self.parser.StartElementHandler = self._start_root
        self.stamp: str | None = None
        self.races: dict[str, _Race] = {}
        self.race: _Race | None = None
        self.row: dict[str, str] | None = None
        self.rows = 0
        self.text = ""

    def get_report(self) -> Report:
        """:raises FeedError: the document has no time, or none that can be read."""
        if self.stamp is None:
            raise _drift("The document does not say when it was made.", "/")
        contests = (race.get_contest(order) for order, race in enumerate(self.races.values()))
        return Report(counted_at=_read_time(self.stamp.strip()), contests=tuple(contests))

    def _start_root(self, element: str, attributes: list[str]) -> None:
        if element == _FLAT:
            self.parser.StartElementHandler = self._start_cell
            self.parser.EndElementHandler = self._end_cell
        elif element == _NESTED:
            self.parser.StartElementHandler = self._start_nested
            self.parser.EndElementHandler = self._end_nested
        else:
            raise _drift(f"The document is “{element[:50]}” and not “{_FLAT}”.", "/")

    # --- 2024: one flat row for each candidate ---

    def _start_cell(self, element: str, attributes: list[str]) -> None:
        if element == "Table":
            self.row = {}
            self.rows += 1
        elif element == "GeneratedDate" or (self.row is not None and element in _CELLS):
            self.text = ""
            self.parser.CharacterDataHandler = self._add_text

    def _add_text(self, text: str) -> None:
        self.text += text

    def _end_cell(self, element: str) -> None:
        self.parser.CharacterDataHandler = None
        if element == "GeneratedDate":
            self.stamp = self.stamp or self.text
        elif self.row is None:
            return
        elif element == "Table":
            self._take_row(self.row, f"/{_FLAT}/Table[{self.rows}]")
            self.row = None
        elif element in _CELLS:
            self.row[element] = self.text

    def _take_row(self, row: dict[str, str], path: str) -> None:
        title = _read_text(row.get("RaceName"), 500, f"{path}/RaceName")
        race = self.races.setdefault(title, _Race(title))
        for cell, name in _BALLOTS.items():
            if text := row.get(cell, "").strip():
                race.add_ballots(name, _read_number(text, f"{path}/{cell}"))
        votes = _read_number(row.get("TotalVotes"), f"{path}/TotalVotes")
        name = _read_text(_without_star(row.get("ContestantName")), 255, f"{path}/ContestantName")
        if name.casefold() in _NOBODY:
            race.add_ballots(_NOBODY[name.casefold()], votes)
            return
        _add(race, SelectionCount(name, votes), f"{path}/ContestantName")

    # --- 2018: facts in attributes ---

    def _start_nested(self, element: str, attributes: list[str]) -> None:
        if element not in {"ReportHeader", "ContestTotal", "ChoiceTotal"}:
            return
        said = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if element == "ReportHeader":
            self.stamp = self.stamp or said.get("run_date")
        elif element == "ContestTotal":
            self._start_contest(said)
        else:
            self._take_choice(said)

    def _start_contest(self, said: dict[str, str]) -> None:
        path = f"/{_NESTED}/ContestTotal[{len(self.races) + 1}]"
        title = _read_text(said.get("contest_title"), 500, f"{path}/@contest_title")
        number = _read_text(said.get("race_id"), 100, f"{path}/@race_id")
        if number in self.races:
            raise _repeated(title, f"{path}/@race_id")
        self.race = _Race(title, id=number, is_measure=said.get("contest_type") == _MEASURE)
        self.races[number] = self.race

    def _take_choice(self, said: dict[str, str]) -> None:
        path = f"/{_NESTED}/ContestTotal[{len(self.races)}]"
        if self.race is None:
            raise _drift("A choice stands outside of any race.", path)
        path = f"{path}/ChoiceTotal[{len(self.race.selections) + 1}]"
        written = _without_star(said.get("candidate_name"))
        name = _read_text(written, 255, f"{path}/@candidate_name")
        votes = _read_number(said.get("c_total_votes"), f"{path}/@c_total_votes")
        party = said.get("party", "").strip()[:255]
        _add(self.race, SelectionCount(name, votes, party), f"{path}/@candidate_name")

    def _end_nested(self, element: str) -> None:
        if element == "ContestTotal":
            self.race = None


def _add(race: _Race, selection: SelectionCount, path: str) -> None:
    if selection.name in race.selections:
        raise _repeated(f"{selection.name} in {race.title}", path)
    race.selections[selection.name] = selection


def _without_star(name: str | None) -> str | None:
    return None if name is None else name.strip().strip("*")


def _read_text(text: str | None, longest: int, path: str) -> str:
    if text is None:
        raise _drift("A name is missing.", path)
    words = " ".join(text.split())
    if not 0 < len(words) <= longest:
        raise unreadable.refuse_part(f"“{words[:100]}” is not a name.", code="bad-value", path=path)
    return words


def _read_number(text: str | None, path: str) -> int:
    if text is None:
        raise _drift("A number of votes is missing.", path)
    text = text.strip()
    if not _NUMBER.fullmatch(text) or int(text) > MAX_VOTES:
        raise unreadable.refuse_part(
            f"“{text[:100]}” is not a number of votes.", code="bad-value", path=path
        )
    return int(text)


def _read_time(text: str) -> datetime:
    moment = _read_iso(text) if _ISO.fullmatch(text) else _read_american(text)
    if moment is None or moment.year not in _YEARS:
        raise unreadable.refuse_part(
            f"“{text[:100]}” is not a time that this provider can read.", code="bad-value", path="/"
        )
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ORANGE_COUNTY)
    return moment.astimezone(UTC)


def _read_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read_american(text: str) -> datetime | None:
    """``11/5/2024 8:05:00 PM``, or of 24 hours without the half of the day."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    month, day, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if half := found[7]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _repeated(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{what[:200]}” is listed twice; counts could not be told apart.",
        code="duplicate",
        path=path,
    )


def _drift(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="schema-drift", path=path)
