"""A sheet by county or precinct, by kind of vote, and round by round, for some contests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from elections.counting.details import (
    MOST_ROUNDS,
    MOST_UNITS,
    Details,
    KindCount,
    Problem,
    ReportingUnit,
    Round,
    UnitType,
    with_eliminations,
)
from elections.feeds.sheets import Sheet, read_cell, read_number, refuse_line

PARTS: Final = ("county", "precinct", "vote_type")

Who = Callable[[list[str], int], tuple[str, str, str] | None]
"""Race, candidate and party of a row with its line; None where it is no choice."""

Votes = dict[str, int]


@dataclass(slots=True)
class _Parts:
    """One contest, added up by its parts; every table is by candidate."""

    totals: Votes = field(default_factory=dict)
    counties: dict[str, Votes] = field(default_factory=dict)
    precincts: dict[tuple[str, str], Votes] = field(default_factory=dict)
    kinds: dict[str, Votes] = field(default_factory=dict)
    rounds: dict[int, Votes] = field(default_factory=dict)


def read_details(
    sheet: Sheet, wanted: Collection[str], *, who: Who, is_whole: Callable[[str], bool]
) -> Iterator[Details]:
    """Yield the parts of the ``wanted`` contests, as far as the sheet has any.

    :raises FeedError: as ``read_number``; bad-value for a round that is no number.
    """
    if not sheet.columns.keys() & {*PARTS, "round"}:
        return
    contests: dict[str, _Parts] = {}
    rows = sheet.open()
    for row in rows:
        line = sheet.get_line(rows)
        cells = sheet.fit(row, line)
        name = who(cells, line)
        if name is not None and name[0] in wanted:
            _add(contests.setdefault(name[0], _Parts()), sheet, cells, line, name[1], is_whole)
    for title, parts in contests.items():
        yield _make_details(title, parts)


def read_round(text: str, line: int) -> int:
    """Return the number of a round; 1 where the cell is empty.

    :raises FeedError: bad-value.
    """
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ROUNDS:
        return int(text)
    raise refuse_line(line, f"“{text[:100]}” is not the number of a round.", "bad-value")


def _add(
    parts: _Parts,
    sheet: Sheet,
    row: list[str],
    line: int,
    candidate: str,
    is_whole: Callable[[str], bool],
) -> None:
    county, precinct, kind, number = (
        "" if at is None else read_cell(row[at], line)
        for at in map(sheet.columns.get, (*PARTS, "round"))
    )
    if any(is_whole(words) for words in (county, precinct, kind)):
        return
    votes = read_number(row[sheet.columns["votes"]], line)
    place = read_round(number, line)
    _count(parts.rounds.setdefault(place, {}), candidate, votes)
    if place > 1:
        return
    _count(parts.totals, candidate, votes)
    _count(parts.counties.setdefault(county, {}), candidate, votes)
    _count(parts.kinds.setdefault(kind, {}), candidate, votes)
    # In several counties it is told by county: precincts of a state would fill a memory.
    if len(parts.counties) == 1 and len(parts.precincts) <= MOST_UNITS:
        _count(parts.precincts.setdefault((county, precinct), {}), candidate, votes)
    elif parts.precincts and len(parts.counties) > 1:
        parts.precincts.clear()


def _count(votes: Votes, candidate: str, more: int) -> None:
    votes[candidate] = votes.get(candidate, 0) + more


def _make_details(title: str, parts: _Parts) -> Details:
    names = tuple(parts.totals)

    def line_up(votes: Votes) -> tuple[int, ...]:
        return tuple(votes.get(name, 0) for name in names)

    is_by_county = len(parts.counties) > 1
    places = (
        parts.counties
        if is_by_county
        else {precinct: votes for (_county, precinct), votes in parts.precincts.items()}
    )
    is_too_much = len(places) > MOST_UNITS
    units = tuple(ReportingUnit(name or "—", line_up(votes)) for name, votes in places.items())
    kinds = tuple(KindCount(name or "—", line_up(votes)) for name, votes in parts.kinds.items())
    return Details(
        contest=title,
        selections=names,
        totals=line_up(parts.totals),
        unit_type=UnitType.COUNTY if is_by_county else UnitType.PRECINCT,
        units=() if is_too_much or len(units) < 2 else units,
        kinds=kinds if len(kinds) > 1 else (),
        rounds=_make_rounds(names, parts.rounds),
        problem=Problem.TOO_MANY if is_too_much else None,
    )


def _make_rounds(names: tuple[str, ...], rounds: dict[int, Votes]) -> tuple[Round, ...]:
    """Whoever has no row in a round is out by then."""
    if len(rounds) < 2:
        return ()
    return with_eliminations(
        [Round(tuple(rounds[number].get(name) for name in names)) for number in sorted(rounds)]
    )
