"""The races of an answer of AP's Elections API by county or town, and round by round."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from elections.counting.details import (
    MOST_ROUNDS,
    MOST_UNITS,
    Details,
    Problem,
    ReportingUnit,
    Round,
    UnitType,
    with_eliminations,
)
from elections.feeds import ap_parts, ap_races, unreadable

_LEVELS: Final = (("FIPSCode", UnitType.COUNTY), ("subunit", UnitType.TOWN))

Precincts = Annotated[int, Meta(ge=0, le=1_000_000)]


class _RankedVotes(msgspec.Struct, frozen=True, gc=False):
    votes: ap_parts.Votes | None = None


class _Candidate(ap_parts.Candidate, frozen=True, gc=False, rename=ap_parts.as_sent):
    ranked_choice_voting: tuple[_RankedVotes, ...] = ()


class _Unit(msgspec.Struct, frozen=True, gc=False, rename=ap_parts.as_sent):
    level: ap_parts.Words
    candidates: tuple[_Candidate, ...]
    reportingunit_name: ap_parts.Words = ""
    reportingunit_id: ap_parts.Words = ""
    fips_code: ap_parts.Words = ""
    state_postal: ap_parts.Words = ""
    precincts_reporting: Precincts | None = None
    precincts_total: Precincts | None = None


class _Race(msgspec.Struct, frozen=True, gc=False, rename=ap_parts.as_sent):
    race_id: ap_parts.Name
    state_id: ap_parts.Words = ""
    reporting_units: tuple[_Unit, ...] = ()


class _Document(msgspec.Struct, frozen=True, gc=False, rename=ap_parts.as_sent):
    races: tuple[_Race, ...]


_decoder = msgspec.json.Decoder(_Document)


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Yield what the answer says of the ``wanted`` races besides their totals.

    :raises FeedError: schema-drift or bad-value with a path.
    """
    try:
        document = _decoder.decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    for race in document.races:
        whole = _find_whole(race.reporting_units)
        if whole is None:
            continue
        key = f"{race.state_id or whole.state_postal}-{race.race_id}"
        if key in wanted:
            yield _read_race(race, whole, key)


def _find_whole(units: tuple[_Unit, ...]) -> _Unit | None:
    for level in ap_parts.WHOLE:
        for unit in units:
            if unit.level == level:
                return unit
    return None


def _read_race(race: _Race, whole: _Unit, key: str) -> Details:
    people = sorted(whole.candidates, key=lambda candidate: candidate.ballot_order)
    keys = tuple(ap_races.get_key(candidate) for candidate in people)
    unit_type, units = _find_parts(race.reporting_units)
    is_too_much = len(units) > MOST_UNITS
    return Details(
        contest=key,
        selections=keys,
        totals=tuple(_get_votes(candidate) for candidate in people),
        unit_type=unit_type,
        units=() if is_too_much else tuple(_read_unit(unit, keys) for unit in units),
        rounds=_read_rounds(people),
        problem=Problem.TOO_MANY if is_too_much else None,
    )


def _find_parts(units: tuple[_Unit, ...]) -> tuple[UnitType, list[_Unit]]:
    """Return the counties, or else the towns: where both are there, the towns add up to them."""
    for level, unit_type in _LEVELS:
        if found := [unit for unit in units if unit.level == level]:
            return unit_type, found
    return UnitType.OTHER, []


def _read_unit(unit: _Unit, keys: tuple[str, ...]) -> ReportingUnit:
    votes = {ap_races.get_key(candidate): _get_votes(candidate) for candidate in unit.candidates}
    return ReportingUnit(
        name=unit.reportingunit_name or unit.fips_code or unit.reportingunit_id or "—",
        votes=tuple(votes.get(key, 0) for key in keys),
        key=unit.fips_code or unit.reportingunit_id,
        precincts_reported=unit.precincts_reporting,
        precincts_total=unit.precincts_total,
    )


def _read_rounds(people: list[_Candidate]) -> tuple[Round, ...]:
    number = min(max((len(one.ranked_choice_voting) for one in people), default=0), MOST_ROUNDS)
    if number < 2:
        return ()
    return with_eliminations(
        [
            Round(
                tuple(
                    one.ranked_choice_voting[place].votes
                    if place < len(one.ranked_choice_voting)
                    else None
                    for one in people
                )
            )
            for place in range(number)
        ]
    )


def _get_votes(candidate: _Candidate) -> int:
    return max(candidate.vote_count, 0)
