"""The races of an answer of AP's Elections API: what they say of the whole of each race."""

from __future__ import annotations

import codecs
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from elections.counting.results import ContestType, Report
from elections.feeds import ap_calls, unreadable
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, KeyedSelection, is_answer

Votes = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Words = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(max_length=2_000)]
Seats = Annotated[int, Meta(ge=0, le=99)]
Winner = Literal["X", "R", ""]

WHOLE: Final = ("national", "state")
_YEARS: Final = range(2000, 2100)
_BALLOT_ORDER: Final = attrgetter("ballot_order")
_GENERAL: Final = "G"
_MEASURE: Final = "I"


class ApSelection(KeyedSelection, frozen=True, gc=False):
    """``winner`` is AP's call: ``X`` won, ``R`` is in the runoff, "" is not called."""

    winner: str = ""


class ApContest(KeyedContest, frozen=True, gc=False):
    """``call_status`` is AP's word, such as "Too Close to Call".

    ``expected_percent`` is the share of the expected vote that is counted, 0 to 100; None when
    AP gives none.
    """

    call_status: str = ""
    expected_percent: float | None = None
    is_uncontested: bool = False


def as_sent(field: str) -> str:
    """``pol_id`` is ``polID`` there."""
    first, *words = field.split("_")
    return first + "".join("ID" if word == "id" else word.capitalize() for word in words)


class Candidate(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    last: Name
    first: Words = ""
    party: Words = ""
    pol_id: Words = ""
    pol_num: Words = ""
    ballot_order: int = 0
    vote_count: Votes | UnsetType = UNSET
    winner: Winner = ""
    winner_date_time: Words | None = None


class _Unit(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    level: Words
    candidates: tuple[Candidate, ...]
    state_postal: Words = ""
    state_name: Words = ""
    last_updated: Words | None = None
    eevp: float | None = None


class _Race(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    race_id: Name
    office_id: Words
    office_name: Name
    state_id: Words = ""
    race_type: Words = ""
    race_type_id: Words = ""
    seat_name: Words = ""
    description: Text = ""
    num_winners: Seats = 1
    win_threshold: str | float | None = None
    results_type: Words = ""
    test: bool = False
    uncontested: bool = False
    race_call_status: Words = ""
    eevp: float | None = None
    reporting_units: tuple[_Unit, ...] | UnsetType = UNSET


class _Document(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    election_date: str
    timestamp: str
    races: tuple[_Race, ...]
    is_truncated: bool = False


_decoder = msgspec.json.Decoder(_Document)


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
    contests: dict[str, ApContest] = {}
    latest: list[datetime] = []
    for place, race in enumerate(document.races):
        contest = _read_race(race, place, latest)
        if contest.key in contests:
            raise unreadable.refuse_part(
                f"“{contest.title}” is listed twice; counts could not be told apart.",
                code="duplicate",
                path=f"races[{place}].raceID",
            )
        contests[contest.key] = contest
    answered_at = _read_time(document.timestamp, "timestamp")
    return Report(
        counted_at=max(latest, default=answered_at),
        contests=tuple(contests.values()),
        election_date=_read_date(document.election_date),
    )


def _refuse_rehearsal(document: _Document) -> None:
    for place, race in enumerate(document.races):
        if race.test or race.results_type.casefold() in {"t", "test"}:
            raise FeedError(
                "AP sent results of a test: its numbers are a rehearsal, and none were taken. "
                "Readers keep the last good count. Ask for live results in the address of the "
                "source (resultsType=l).",
                code="test-mode",
                path=f"races[{place}]",
            )


def _read_race(race: _Race, place: int, latest: list[datetime]) -> ApContest:
    """Read one race, and add to ``latest`` when it was last counted."""
    path = f"races[{place}]"
    at = _find_whole(race, path)
    units = () if race.reporting_units is UNSET else race.reporting_units
    unit = units[at] if at is not None else None
    if unit is not None and unit.last_updated:
        latest.append(_read_time(unit.last_updated, f"{path}.reportingUnits[{at}].lastUpdated"))
    selections = _read_candidates(race, unit, f"{path}.reportingUnits[{at}]") if unit else ()
    state = race.state_id or (unit.state_postal if unit else "")
    percent = race.eevp if race.eevp is not None or unit is None else unit.eevp
    is_possible = percent is None or 0 <= percent <= 100
    threshold = "" if race.win_threshold is None else str(race.win_threshold)
    marked = [ap_calls.Marked(one.key, one.name, one.winner) for one in selections if one.winner]
    call = ap_calls.read_call(
        race.race_call_status,
        marked,
        is_primary=race.race_type_id not in {_GENERAL, ""},
        times=[one.winner_date_time for one in unit.candidates if one.winner]
        if unit and marked
        else (),
    )
    return ApContest(
        title=_make_title(race, (unit.state_name or unit.state_postal) if unit else ""),
        selections=selections,
        contest_type=_get_contest_type(race, selections),
        votes_allowed=max(race.num_winners, 1),
        threshold_text=threshold[:255],
        question=race.description if race.office_id == _MEASURE else "",
        note="" if is_possible else f"AP gives {percent:g} % of the expected vote as counted.",
        group=race.office_name,
        order=place,
        reported_call=call,
        id=f"{state}-{race.race_id}",
        call_status=race.race_call_status,
        expected_percent=percent if is_possible else None,
        is_uncontested=race.uncontested,
    )


def _find_whole(race: _Race, path: str) -> int | None:
    """Return the place of the unit that stands for the whole race; None when nobody votes."""
    if race.reporting_units is UNSET:
        if race.uncontested:
            return None
        raise _drift("“reportingUnits” is missing.", f"{path}.reportingUnits")
    for level in WHOLE:
        found = [n for n, unit in enumerate(race.reporting_units) if unit.level == level]
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise _drift(
        "There is not one reporting unit that stands for the whole race; ask for level=state.",
        f"{path}.reportingUnits",
    )


def _read_candidates(race: _Race, unit: _Unit, path: str) -> tuple[ApSelection, ...]:
    """In the order of the ballot. This runs for every race: a path is made where it is needed."""
    selections: list[ApSelection] = []
    for candidate in sorted(unit.candidates, key=_BALLOT_ORDER):
        votes = candidate.vote_count
        if votes is UNSET:
            if not race.uncontested:
                at = unit.candidates.index(candidate)
                raise _drift("“voteCount” is missing.", f"{path}.candidates[{at}].voteCount")
            votes = 0
        selections.append(
            ApSelection(
                _get_name(candidate), votes, candidate.party, _get_id(candidate), candidate.winner
            )
        )
    keys = [one.id or one.name for one in selections]
    if len(set(keys)) < len(keys):
        raise _repeated_candidate(unit, keys, path)
    return tuple(selections)


def _repeated_candidate(unit: _Unit, keys: list[str], path: str) -> FeedError:
    again = next(key for n, key in enumerate(keys) if key in keys[:n])
    in_order = sorted(enumerate(unit.candidates), key=lambda one: one[1].ballot_order)
    at, candidate = [one for one in in_order if get_key(one[1]) == again][1]
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


def _get_contest_type(race: _Race, selections: tuple[ApSelection, ...]) -> ContestType:
    has_answers = len(selections) == 2 and all(is_answer(one.name) for one in selections)
    if has_answers and "recall" in f"{race.race_type} {race.office_name}".casefold():
        return ContestType.RECALL
    if race.office_id == _MEASURE:
        return ContestType.BALLOT_MEASURE
    return ContestType.RETENTION if has_answers else ContestType.CANDIDATE


def _make_title(race: _Race, state: str) -> str:
    """``California U.S. House, District 30``; a primary says so in parentheses."""
    office = ", ".join(part for part in (race.office_name, race.seat_name) if part)
    is_plain = race.race_type_id == _GENERAL or not race.race_type
    title = f"{state} {office}".strip()
    return (title if is_plain else f"{title} ({race.race_type})")[:500]


def _read_time(text: str, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad_time(text, path) from error
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise _bad_time(text, path)
    return moment.astimezone(UTC)


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
