"""The rows of Orange County's XML in both of its forms, read as a stream.

What they mean stands in ``oc_enr``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from elections.counting.results import Report, SelectionCount
from elections.feeds import markup
from elections.feeds.oc_races import (
    Race,
    add_selection,
    read_number,
    read_text,
    read_time,
    refuse_drift,
    refuse_repeated,
    without_star,
)

_FLAT, _NESTED = "NewDataSet", "CumulativeRptHeader"
_BALLOTS: Final = {
    "TimesCounted": "ballots_cast",
    "OverVotes": "overvotes",
    "UnderVotes": "undervotes",
}
_NOBODY: Final = {"over votes": "overvotes", "under votes": "undervotes"}
_ROW, _STAMP = "Table", "GeneratedDate"
_CELLS: Final = {
    cell: f"<{cell}>" for cell in ("RaceName", "ContestantName", "TotalVotes", *_BALLOTS)
}
"""Every cell that is read, with its start tag as it is written when it has no attributes."""

_END: Final = "</>"
"""Stands in for an element that has ended, where more than text may be told from text."""

_EMPTY: Final[dict[str, str | None]] = dict.fromkeys(_CELLS)
_MEASURE: Final = "MS"


class Reader:
    """What the stream has said so far."""

    def __init__(self) -> None:
        self.parser = markup.make_parser()
        self.parser.StartElementHandler = self._start_root
        self.stamp: str | None = None
        self.races: dict[str, Race] = {}
        self.race: Race | None = None
        self.row: dict[str, str | None] | None = None
        self.rows = 0
        self.said = [""]
        self.named: dict[str | None, Race] = {}

    def get_report(self) -> Report:
        """:raises FeedError: the document has no time, or none that can be read."""
        if self.stamp is None:
            raise refuse_drift("The document does not say when it was made.", "/")
        contests = (race.get_contest(order) for order, race in enumerate(self.races.values()))
        return Report(counted_at=read_time(self.stamp.strip()), contests=tuple(contests))

    def _start_root(self, element: str, attributes: list[str]) -> None:
        if element == _FLAT:
            self._listen_to_ends()
        elif element == _NESTED:
            self.parser.StartElementHandler = self._start_nested
            self.parser.EndElementHandler = self._end_nested
        else:
            raise refuse_drift(f"The document is “{element[:50]}” and not “{_FLAT}”.", "/")

    # --- 2024: one flat row for each candidate ---

    def _listen_to_ends(self) -> None:
        """Let the parser call us where an element ends, and only there.

        Calls are what reading costs. What stands before an end is collected without any: texts,
        and start tags as they are written. ``said`` begins with a text that nobody said, so that
        there is always one before the last. Comments and the like are no start tags.
        """
        self.parser.StartElementHandler = None
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = _ignore
        self.parser.StartCdataSectionHandler = self.parser.EndCdataSectionHandler = _ignore
        self.parser.DefaultHandler = self.said.append
        self.parser.CharacterDataHandler = self.said.append
        self.parser.EndElementHandler = self._end_cell

    def _end_cell(self, element: str) -> None:
        """This runs for every element: it does no more than it must."""
        if element in _CELLS:
            row = self.row
            if row is None:
                row = self._open_row()
            if row is not None:
                said = self.said
                is_plain = said[-2] == _CELLS[element]
                row[element] = said[-1] if is_plain else self._get_text(element)
        elif element == _ROW:
            self._take_row(self.row or {})
            self.row = None
            del self.said[1:]
        elif element == _STAMP:
            self.stamp = self.stamp or self._get_text(element)
        else:
            self.said.append(_END)

    def forget(self) -> None:
        """Keep of what stands before the next end only what is needed for it."""
        if self.row is None:
            self._open_row()
        starts = [n for n, one in enumerate(self.said) if one.startswith("<")]
        if starts:
            del self.said[1 : starts[-1]]

    def _open_row(self) -> dict[str, str | None] | None:
        """Begin a row, if one has begun since the last one: else the cell is nobody's."""
        if f"<{_ROW}>" in self.said or any(_is_start(one, _ROW) for one in self.said):
            self.row = _EMPTY.copy()
            self.rows += 1
        return self.row

    def _get_text(self, element: str) -> str:
        """Return the text of an element that ends here and has none inside of it."""
        starts = [n for n, one in enumerate(self.said) if _is_start(one, element)]
        texts = self.said[starts[-1] + 1 :] if starts else []
        self.said.append(_END)
        if any(one.startswith("<") for one in texts):
            raise refuse_drift(f"There is more than text in “{element}”.", self._get_path(element))
        return "".join(texts)

    def _get_path(self, cell: str) -> str:
        return f"/{_FLAT}/{_ROW}[{self.rows}]/{cell}"

    def _take_row(self, row: dict[str, str | None]) -> None:
        """A race says the same in all its rows, so that it is read once."""
        get = row.get
        race = self.named.get(get("RaceName")) or self._find_race(get("RaceName"))
        said = (get("TimesCounted"), get("OverVotes"), get("UnderVotes"))
        if said != race.said:
            race.said = said
            self._read_ballots(race, said)
        votes = self._read_cell(get("TotalVotes"), "TotalVotes")
        name, nobody = self._read_name(get("ContestantName"))
        if name in race.selections:
            raise refuse_repeated(f"{name} in {race.title}", self._get_path("ContestantName"))
        if nobody:
            race.add_ballots(nobody, votes)
        else:
            race.selections[name] = SelectionCount(name, votes)

    def _find_race(self, written: str | None) -> Race:
        title = _tidy(written) if written and len(written) <= 500 else ""
        if not title:
            title = read_text(written, 500, self._get_path("RaceName"))
        race = self.races.get(title)
        if race is None:
            race = self.races[title] = Race(title)
        self.named[written] = race
        return race

    def _read_ballots(self, race: Race, said: tuple[str | None, ...]) -> None:
        for cell, text in zip(_BALLOTS, said, strict=True):
            if text and not text.isspace():
                race.add_ballots(_BALLOTS[cell], self._read_cell(text, cell))

    def _read_name(self, written: str | None) -> tuple[str, str]:
        """Return a name, and the ballots that it stands for; "" when it is somebody's."""
        if written and len(written) < 256 and (known := _read_short_name(written)):
            return known
        name = read_text(without_star(written), 255, self._get_path("ContestantName"))
        return name, _NOBODY.get(name.casefold(), "")

    def _read_cell(self, text: str | None, cell: str) -> int:
        """Nearly all numbers are plain digits and no more."""
        if text is not None and text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        return read_number(text, self._get_path(cell))

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
        title = read_text(said.get("contest_title"), 500, f"{path}/@contest_title")
        number = read_text(said.get("race_id"), 100, f"{path}/@race_id")
        if number in self.races:
            raise refuse_repeated(title, f"{path}/@race_id")
        self.race = Race(title, id=number, is_measure=said.get("contest_type") == _MEASURE)
        self.races[number] = self.race

    def _take_choice(self, said: dict[str, str]) -> None:
        path = f"/{_NESTED}/ContestTotal[{len(self.races)}]"
        if self.race is None:
            raise refuse_drift("A choice stands outside of any race.", path)
        path = f"{path}/ChoiceTotal[{len(self.race.selections) + 1}]"
        written = without_star(said.get("candidate_name"))
        name = read_text(written, 255, f"{path}/@candidate_name")
        votes = read_number(said.get("c_total_votes"), f"{path}/@c_total_votes")
        party = said.get("party", "").strip()[:255]
        add_selection(self.race, SelectionCount(name, votes, party), f"{path}/@candidate_name")

    def _end_nested(self, element: str) -> None:
        if element == "ContestTotal":
            self.race = None


def _ignore(*_said: object) -> None:
    pass


def _is_start(written: str, element: str) -> bool:
    """Whether this is the start tag of an element, with attributes or without."""
    return re.match(rf"<{element}[\s/>]", written) is not None


@lru_cache(maxsize=2048)
def _tidy(written: str) -> str:
    return " ".join(written.split())


@lru_cache(maxsize=8192)
def _read_short_name(written: str) -> tuple[str, str] | None:
    """As ``_read_name``; None when it is no name. A name comes again with every release."""
    name = " ".join(written.strip().strip("*").split())
    return (name, _NOBODY.get(name.casefold(), "")) if name else None
