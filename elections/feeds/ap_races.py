"""The races of an answer of AP's Elections API: what they say of the whole of each race."""

from __future__ import annotations

import codecs
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from elections.counting.results import ContestType, Report, ReportedCall
from elections.feeds import ap_calls, unreadable
from elections.feeds.ap_calls import ApSelection
from elections.feeds.ap_parts import MISSING, WHOLE, Candidate, Document, Race, Unit, parse_time
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, is_answer

_BALLOT_ORDER: Final = attrgetter("ballot_order")
_GENERAL: Final = "G"
_MEASURE: Final = "I"
_REHEARSAL: Final = frozenset({"t", "test"})

# An enum's member costs more to look up than all else we do with it.
_CANDIDATE, _BALLOT_MEASURE = ContestType.CANDIDATE, ContestType.BALLOT_MEASURE


class ApContest(KeyedContest, frozen=True, gc=False):
    """``call_status`` is AP's word, such as "Too Close to Call".

    ``expected_percent`` is the share of the expected vote that is counted, 0 to 100; None when
    AP gives none.
    """

    call_status: str = ""
    expected_percent: float | None = None
    is_uncontested: bool = False


_decoder = msgspec.json.Decoder(Document)

Wholes = list[Unit | None]
"""The unit that stands for the whole of each race; None where nobody votes."""


def read_report(body: bytes) -> Report:
    """Read the whole document.

    :raises FeedError: it is a rehearsal, truncated, or not what AP describes.
    """
    try:
        document = _decoder.decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The document has NUL characters in its text.", code="encoding"
        )
    if document.is_truncated:
        raise unreadable.refuse_whole(
            "AP says that it left races out; ask for fewer states or offices.", code="cut-off"
        )
    _refuse_rehearsal(document)
    answered_at = parse_time(document.timestamp)
    if answered_at is None:
        raise _bad_time(document.timestamp, "timestamp")
    wholes = [_find_whole(race, place) for place, race in enumerate(document.races)]
    return Report(
        counted_at=(_read_latest(document.races, wholes) or answered_at).astimezone(UTC),
        contests=_read_contests(document.races, wholes),
        election_date=_read_date(document.election_date),
    )


def _refuse_rehearsal(document: Document) -> None:
    for place, race in enumerate(document.races):
        kind = race.results_type
        if race.test or (kind != "l" and kind.casefold() in _REHEARSAL):
            raise FeedError(
                "AP sent results of a test: its numbers are a rehearsal, and none were taken. "
                "Readers keep the last good count. Ask for live results in the address of the "
                "source (resultsType=l).",
                code="test-mode",
                path=f"races[{place}]",
            )


def _find_whole(race: Race, place: int) -> Unit | None:
    """Return the unit that stands for the whole race; None when nobody votes."""
    units = race.reporting_units
    if units is UNSET:
        if race.uncontested:
            return None
        raise _drift("“reportingUnits” is missing.", f"races[{place}].reportingUnits")
    if len(units) == 1 and units[0].level in WHOLE:
        return units[0]
    for level in WHOLE:
        found = [unit for unit in units if unit.level == level]
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise _drift(
        "There is not one reporting unit that stands for the whole race; ask for level=state.",
        f"races[{place}].reportingUnits",
    )


def _read_latest(races: tuple[Race, ...], wholes: Wholes) -> datetime | None:
    """Return when the latest race was last counted; None when none says so."""
    latest = None
    for place, unit in enumerate(wholes):
        if unit is not None and unit.last_updated:
            moment = parse_time(unit.last_updated)
            if moment is None:
                path = _get_path(races[place], unit, place)
                raise _bad_time(unit.last_updated, f"{path}.lastUpdated")
            latest = moment if latest is None or moment > latest else latest
    return latest


def _read_contests(races: tuple[Race, ...], wholes: Wholes) -> tuple[ApContest, ...]:
    """This runs for every race of every release: it does no more than it must."""
    people = [sorted(unit.candidates, key=_BALLOT_ORDER) if unit else [] for unit in wholes]
    everybody = _read_selections(people)
    if MISSING in [one.votes for one in everybody]:
        _refuse_missing_votes(races, wholes)
        everybody = tuple([replace(one, votes=max(one.votes, 0)) for one in everybody])
    keys = [one.id or one.name for one in everybody]
    contests: list[ApContest] = []
    start = 0
    for place, (race, unit) in enumerate(zip(races, wholes, strict=True)):
        end = start + len(people[place])
        if unit is not None and len({*keys[start:end]}) < end - start:
            path = _get_path(race, unit, place)
            raise _repeated_candidate(unit, people[place], keys[start:end], path)
        contests.append(_read_race(race, unit, everybody[start:end], place))
        start = end
    ids = [one.id for one in contests]
    if len(set(ids)) < len(ids):
        raise _repeated_contest(contests, ids)
    return tuple(contests)


def _read_selections(people: list[list[Candidate]]) -> tuple[ApSelection, ...]:
    """Everybody in all races, one race after the other."""
    return tuple(
        [
            ApSelection(
                f"{one.first} {one.last}".strip(),
                one.vote_count,
                one.party,
                f"polID-{one.pol_id}" if one.first and one.pol_id > "0" else _get_id(one),
                one.winner,
            )
            for group in people
            for one in group
        ]
    )


def _read_race(
    race: Race, unit: Unit | None, selections: tuple[ApSelection, ...], place: int
) -> ApContest:
    state, percent, threshold, note = race.state_id, race.eevp, race.win_threshold, ""
    region = ""
    if unit is not None:
        region = unit.state_name or unit.state_postal
        state = state or unit.state_postal
        percent = unit.eevp if percent is None else percent
    if percent is not None and not 0 <= percent <= 100:
        note, percent = f"AP gives {percent:g} % of the expected vote as counted.", None
    return ApContest(
        _make_title(race, region),
        selections,
        _get_contest_type(race, selections),
        race.num_winners or 1,
        None,
        "" if threshold is None else str(threshold)[:255],
        race.description if race.office_id == _MEASURE else "",
        note,
        race.office_name,
        place,
        None,
        None,
        None,
        _read_call(race, unit, selections),
        None,
        f"{state}-{race.race_id}",
        race.race_call_status,
        percent,
        race.uncontested,
    )


def _read_call(
    race: Race, unit: Unit | None, selections: tuple[ApSelection, ...]
) -> ReportedCall | None:
    marked = [one for one in selections if one.winner]
    if not marked:
        return ap_calls.read_uncalled(race.race_call_status)
    return ap_calls.read_call(
        race.race_call_status,
        marked,
        is_primary=race.race_type_id not in {_GENERAL, ""},
        times=[one.winner_date_time for one in unit.candidates if one.winner] if unit else (),
    )


def _refuse_missing_votes(races: tuple[Race, ...], wholes: Wholes) -> None:
    """Only a race in which nobody votes may do without votes."""
    for place, (race, unit) in enumerate(zip(races, wholes, strict=True)):
        if unit is None or race.uncontested:
            continue
        for candidate in sorted(unit.candidates, key=_BALLOT_ORDER):
            if candidate.vote_count == MISSING:
                at = unit.candidates.index(candidate)
                path = f"{_get_path(race, unit, place)}.candidates[{at}].voteCount"
                raise _drift("“voteCount” is missing.", path)


def _get_path(race: Race, whole: Unit, place: int) -> str:
    units = () if race.reporting_units is UNSET else race.reporting_units
    at = next(n for n, unit in enumerate(units) if unit is whole)
    return f"races[{place}].reportingUnits[{at}]"


def _repeated_contest(contests: list[ApContest], ids: list[str]) -> FeedError:
    again = next(n for n, one in enumerate(ids) if one in ids[:n])
    return unreadable.refuse_part(
        f"“{contests[again].title}” is listed twice; counts could not be told apart.",
        code="duplicate",
        path=f"races[{again}].raceID",
    )


def _repeated_candidate(
    unit: Unit, in_order: list[Candidate], keys: list[str], path: str
) -> FeedError:
    again = next(n for n, key in enumerate(keys) if key in keys[:n])
    candidate = in_order[again]
    at = next(n for n, one in enumerate(unit.candidates) if one is candidate)
    return unreadable.refuse_part(
        f"“{_get_name(candidate)}” has a number that stands twice; votes could not be told apart.",
        code="duplicate",
        path=f"{path}.candidates[{at}]",
    )


def _get_name(candidate: Candidate) -> str:
    return f"{candidate.first} {candidate.last}".strip()


def get_key(candidate: Candidate) -> str:
    """Return what tells a candidate from the others of the race, as ``read_report`` does."""
    return _get_id(candidate) or _get_name(candidate)


def _get_id(candidate: Candidate) -> str:
    if not candidate.first and is_answer(candidate.last):
        return ""
    number = candidate.pol_id
    if number and number != "0":
        return f"polID-{number}"
    return f"polNum-{candidate.pol_num}" if candidate.pol_num not in {"", "0"} else ""


def _get_contest_type(race: Race, selections: tuple[ApSelection, ...]) -> ContestType:
    is_measure = race.office_id == _MEASURE
    if len(selections) != 2 or not all(is_answer(one.name) for one in selections):
        return _BALLOT_MEASURE if is_measure else _CANDIDATE
    if "recall" in f"{race.race_type} {race.office_name}".casefold():
        return ContestType.RECALL
    return _BALLOT_MEASURE if is_measure else ContestType.RETENTION


def _make_title(race: Race, region: str) -> str:
    """``California U.S. House, District 30``; a primary says so in parentheses."""
    title = f"{region} {race.office_name}".strip()
    if race.seat_name:
        title = f"{title}, {race.seat_name}"
    if race.race_type and race.race_type_id != _GENERAL:
        title = f"{title} ({race.race_type})"
    return title[:500]


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _bad_time(text, "electionDate") from error


def _bad_time(text: str, path: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{text[:100]}” is not a time as this source writes it.", code="bad-value", path=path
    )


def _drift(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="schema-drift", path=path)
