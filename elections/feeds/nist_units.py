"""A NIST election report by its GpUnits and by kind of vote, for some contests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from elections.counting.details import (
    MOST_UNITS,
    Details,
    KindCount,
    Problem,
    ReportingUnit,
    UnitType,
)
from elections.feeds import nist_parts as parts
from elections.feeds.nist_report import ReportReader, get_key, get_total, open_report

_TYPES: Final = {
    "county": UnitType.COUNTY,
    "town": UnitType.TOWN,
    "township": UnitType.TOWN,
    "precinct": UnitType.PRECINCT,
    "combined-precinct": UnitType.PRECINCT,
    "split-precinct": UnitType.PRECINCT,
}

Counts = Mapping[str, list[parts.VoteCounts]]
"""The counts of one selection by the unit that they are of."""


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Yield what the report says of the ``wanted`` contests besides their totals.

    :raises FeedError: as ``open_report``; schema-drift or bad-value with a path.
    """
    reader = ReportReader(open_report(body))
    units = {unit.at_id: unit for unit in reader.document.gp_unit}
    for place, contest in enumerate(reader.election.contest):
        key = get_key(contest.external_identifier) or contest.name
        if key in wanted:
            yield _read_contest(reader, contest, key, units, f"Election[0].Contest[{place}]")


def _read_contest(
    reader: ReportReader,
    contest: parts.AnyContest,
    key: str,
    units: Mapping[str, parts.Unit],
    path: str,
) -> Details:
    wholes = reader.wholes(contest)
    keys, totals, counts = [], [], []
    for selection in contest.ballot_selection:
        name, _party, selection_key = reader.identify(selection, path)
        keys.append(selection_key or name)
        totals.append(reader.add_up(selection.vote_counts, wholes, path))
        counts.append(_by_unit(selection.vote_counts))
    listed = {unit for one in counts for unit in one if unit not in wholes}
    # In the order of the document, and none inside another.
    shown = [unit for at_id, unit in units.items() if at_id in _outermost(listed, reader.inside)]
    is_too_much = len(shown) > MOST_UNITS
    return Details(
        contest=key,
        selections=tuple(keys),
        totals=tuple(totals),
        unit_type=_get_type(shown),
        units=()
        if is_too_much or len(shown) < 2
        else tuple(_read_unit(unit, counts, path) for unit in shown),
        kinds=_read_kinds(counts, wholes),
        problem=Problem.TOO_MANY if is_too_much else None,
    )


def _by_unit(counts: tuple[parts.VoteCounts, ...]) -> dict[str, list[parts.VoteCounts]]:
    found: dict[str, list[parts.VoteCounts]] = {}
    for count in counts:
        found.setdefault(count.gp_unit_id, []).append(count)
    return found


def _outermost(listed: set[str], inside: Mapping[str, set[str]]) -> set[str]:
    """Return the units that no other of them has inside; those below where that is one alone."""
    covered = {part for unit in listed for part in inside.get(unit, ())}
    outermost = listed - covered
    return outermost if len(outermost) > 1 or not listed & covered else listed & covered


def _get_type(units: list[parts.Unit]) -> UnitType:
    found = {_TYPES.get(unit.type, UnitType.OTHER) for unit in units}
    return found.pop() if len(found) == 1 else UnitType.OTHER


def _read_unit(unit: parts.Unit, counts: Sequence[Counts], path: str) -> ReportingUnit:
    return ReportingUnit(
        name=unit.words,
        votes=tuple(get_total(one.get(unit.at_id, []), path) for one in counts),
        precincts_reported=unit.sub_units_reported,
        precincts_total=unit.total_sub_units,
    )


def _read_kinds(counts: Sequence[Counts], wholes: tuple[str, ...]) -> tuple[KindCount, ...]:
    """Return the kinds of vote of the whole, where it tells them apart."""
    by_kind: dict[str, list[int]] = {}
    for place, one in enumerate(counts):
        whole = next((one[unit] for unit in wholes if unit in one), [])
        for count in whole:
            if count.type != "total":
                votes = by_kind.setdefault(count.type, [0] * len(counts))
                votes[place] += int(count.count)
    if len(by_kind) < 2:
        return ()
    return tuple(
        KindCount(kind.replace("-", " ").capitalize(), tuple(votes))
        for kind, votes in by_kind.items()
    )
