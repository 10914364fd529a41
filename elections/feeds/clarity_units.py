"""Clarity's ``detail.xml`` by precinct or county and by kind of vote, for some contests.

A second look at a document that has been read as a whole: what is not asked for passes by as
fast as the parser goes, and of what is asked for only the contest at hand is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from elections.counting.details import (
    MOST_UNITS,
    Details,
    KindCount,
    Problem,
    ReportingUnit,
    UnitType,
)
from elections.feeds import markup
from elections.feeds.clarity_detail import NOT_CHOICES, get_key, read_votes

_TYPES: Final = {"Precinct": UnitType.PRECINCT, "County": UnitType.COUNTY}
_TOTALS: Final = {
    UnitType.PRECINCT: (("precinctsReported",), ("precinctsParticipating", "precinctsReporting")),
    UnitType.COUNTY: (("countiesReported",), ("countiesParticipating",)),
}


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Yield what the document says of the ``wanted`` contests, by their keys.

    :raises FeedError: as ``markup.feed``; bad-value or schema-drift with a path.
    """
    reader = _Reader(frozenset(wanted))
    for _piece in markup.feed_in_pieces(reader.parser, body):
        yield from reader.take_finished()


class _Reader:
    """What the stream has said so far of the contest that is open."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.parser = markup.make_parser()
        self.parser.StartElementHandler = self._start_elsewhere
        self.parser.EndElementHandler = self._end
        self.finished: list[Details] = []
        # Precincts reported and in all, of the places of the whole election.
        self.precincts: dict[str, tuple[int, int]] = {}
        self._clear()

    def _clear(self) -> None:
        self.contest: dict[str, str] = {}
        self.keys: list[str] = []
        self.totals: list[int | None] = []
        self.is_choice = False
        self.path = ""
        self.unit_type = UnitType.OTHER
        self.units: dict[str, list[int]] = {}
        self.kinds: dict[str, list[int]] = {}

    def take_finished(self) -> list[Details]:
        finished, self.finished = self.finished, []
        return finished

    def _start_elsewhere(self, element: str, attributes: list[str]) -> None:
        """Outside of the contests that are wanted."""
        if element == "Contest":
            contest = _pair(attributes)
            if contest.get("key", "").strip() in self.wanted:
                self.contest = contest
                self.parser.StartElementHandler = self._start_inside
        elif element == "County" and "precinctsParticipating" in attributes:
            place = _pair(attributes)
            reported, total = (
                place.get(f"precincts{one}") for one in ("Reported", "Participating")
            )
            path = "/ElectionResult/ElectionVoterTurnout"
            self.precincts[place.get("name", "").strip()] = (
                read_votes(reported, f"{path}/@precinctsReported"),
                read_votes(total, f"{path}/@precinctsParticipating"),
            )

    def _start_inside(self, element: str, attributes: list[str]) -> None:
        if element in _TYPES:
            if self.is_choice:
                self._add(element, attributes)
        elif element == "VoteType":
            if self.is_choice:
                kind = _pair(attributes)
                votes = self._row(self.kinds, kind.get("name", "").strip())
                votes[-1] += read_votes(kind.get("votes"), f"{self.path}/VoteType/@votes")
        elif element == "Choice":
            self._start_choice(_pair(attributes))

    def _start_choice(self, choice: dict[str, str]) -> None:
        text = choice.get("text", "").strip()
        self.is_choice = text.casefold() not in NOT_CHOICES
        if not self.is_choice:
            return
        self.keys.append(get_key(choice, text))
        key = self.contest["key"].strip()[:100]
        self.path = f"/ElectionResult/Contest[@key='{key}']/Choice[{len(self.keys)}]"
        total = choice.get("totalVotes")
        self.totals.append(None if total is None else read_votes(total, self.path))
        for rows in (self.units, self.kinds):
            for row in rows.values():
                row.append(0)

    def _add(self, element: str, attributes: list[str]) -> None:
        """Add one row. This runs for every precinct of a state: it does no more than it must."""
        if attributes[:3:2] == ["name", "votes"]:
            name, votes = attributes[1], attributes[3]
        else:
            row = _pair(attributes)
            name, votes = row.get("name", ""), row.get("votes", "")
        self.unit_type = _TYPES[element]
        self._row(self.units, name)[-1] += read_votes(votes, self.path)

    def _row(self, rows: dict[str, list[int]], name: str) -> list[int]:
        try:
            return rows[name]
        except KeyError:
            if len(rows) > MOST_UNITS:
                return [0]
            rows[name] = row = [0] * len(self.keys)
            return row

    def _end(self, element: str) -> None:
        if not self.contest:
            return
        if element == "Choice":
            self.is_choice = False
        elif element == "Contest":
            self.finished.append(self._finish())
            self.parser.StartElementHandler = self._start_elsewhere
            self._clear()

    def _finish(self) -> Details:
        kinds = [KindCount(name, tuple(votes)) for name, votes in self.kinds.items()]
        by_kind = [sum(votes) for votes in zip(*self.kinds.values(), strict=True)]
        totals = [
            (by_kind[place] if by_kind else 0) if total is None else total
            for place, total in enumerate(self.totals)
        ]
        is_too_much = len(self.units) > MOST_UNITS
        reported, total = (self._number(names) for names in _TOTALS.get(self.unit_type, ((), ())))
        return Details(
            contest=self.contest["key"].strip(),
            selections=tuple(self.keys),
            totals=tuple(totals),
            unit_type=self.unit_type,
            units=() if is_too_much else self._make_units(),
            units_reported=reported,
            units_total=total,
            kinds=tuple(kinds) if len(kinds) > 1 else (),
            problem=Problem.TOO_MANY if is_too_much else None,
        )

    def _make_units(self) -> tuple[ReportingUnit, ...]:
        units = []
        for sent_name, votes in self.units.items():
            name = sent_name.strip()[:255]
            reported, total = self.precincts.get(name, (None, None))
            units.append(
                ReportingUnit(
                    name, tuple(votes), precincts_reported=reported, precincts_total=total
                )
            )
        return tuple(units)

    def _number(self, names: tuple[str, ...]) -> int | None:
        """The first of the contest's attributes that is a number."""
        for name in names:
            text = self.contest.get(name, "")
            if text.isascii() and text.isdigit() and len(text) < 8:
                return int(text)
        return None


def _pair(attributes: list[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))
