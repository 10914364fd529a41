"""LAist's election results: the races of several sources in one document.

The file that LAist's data team publishes from its own pipeline, read from a sample of
11 November 2022: 164 races of Los Angeles County and of California's Secretary of State.

What surprised us:

- ``slug`` is no id: a hash at its end changed with every run before the election. A race is
  its source, its level and its name; the three are unique, the name alone need not be.
- The order of the races is that of the files on LAist's disk and changes for no reason. A
  race's place is its ``sort_order``, which repeats.
- ``updated_datetime`` is Los Angeles wall time without an offset, and it is the county's alone:
  races of the state change under an unchanged time. The report takes it all the same: the
  other time, ``scraped_datetime``, moves on even when a source has gone back. For races of the
  state prefer the state's own feed. In the hour that comes twice in autumn we take the first.
- ``precincts_reporting`` is null for the county's races, words for the state's. ``votes_percent``
  is rounded. ``incumbent`` is false or null for everybody. None of the three is read.
- A race between “Yes” and “No” is a measure, or the retention of a judge: only its name tells.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.feeds import unreadable
from elections.feeds.contract import FeedError, Get, Response, as_sent
from elections.feeds.keyed import KeyedContest

name = "laist_results"
label = "LAist results (JSON)"

propose_contest_name = as_sent
propose_selection_name = as_sent

LOS_ANGELES: Final = ZoneInfo("America/Los_Angeles")

Votes = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Words = Annotated[str, Meta(max_length=255)]
Label = Annotated[str, Meta(max_length=100)]
Place = Annotated[int, Meta(ge=0, le=1_000_000)]
Text = Annotated[str, Meta(max_length=20_000)]

_CANDIDATE: Final = ContestType.CANDIDATE  # a member costs more to look up than all else here
_ANSWERS: Final = frozenset({"Yes", "No"})
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
_JUDGE = re.compile(r"Retain |Supreme Court |Courts? of Appeals? ")
_PARTIES = {
    "Dem": "Democratic",
    "Rep": "Republican",
    "NPP": "No Party Preference",
    "Non": "",
    "Non Partisan": "",
}


class _Candidate(SelectionCount, frozen=True, gc=False):
    """Decoded straight into a selection; without a party it is not one yet."""

    name: Name
    votes: Votes
    party: Words | None  # type: ignore[assignment]


class _Race(msgspec.Struct, frozen=True, gc=False):
    name: Name
    candidates: tuple[_Candidate, ...]
    description: Text
    geography: Words
    level: Label
    source: Label
    sort_order: Place


class _Document(msgspec.Struct, frozen=True, gc=False):
    updated_datetime: str
    races: list[_Race]


_decoder = msgspec.json.Decoder(_Document)


def retrieve(address: str, get: Get) -> Response:
    """One document at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when it is
        not JSON; schema-drift, bad-value or duplicate with a path.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        document = _decoder.decode(body)
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The document has NUL characters in its text.", code="encoding"
        )
    return Report(
        counted_at=_read_time(document.updated_datetime), contests=_read_contests(document)
    )


def _read_contests(document: _Document) -> tuple[ContestCount, ...]:
    """This runs for every race of every release: it does no more than it must."""
    contests: list[KeyedContest] = []
    add = contests.append
    for race in document.races:
        people = race.candidates
        contest_type = _CANDIDATE
        if len(people) == 2:
            first, second = people
            if first.name == second.name:
                raise _repeated(document, race, f"somebody in “{race.name}”")
            if first.name in _ANSWERS and second.name in _ANSWERS:
                contest_type = _get_type(race)
            is_whole = first.party is not None and second.party is not None
        else:
            if len({one.name for one in people}) < len(people):
                raise _repeated(document, race, f"somebody in “{race.name}”")
            is_whole = None not in [one.party for one in people]
        add(
            KeyedContest(
                race.name,
                people if is_whole else _without_party(people),
                contest_type,
                1,
                None,
                "",
                race.description,
                "",
                race.geography,
                race.sort_order,
                None,
                None,
                None,
                None,
                None,
                f"{race.source}: {race.level}: {race.name}",
            )
        )
    keys = [one.id for one in contests]
    if len(set(keys)) < len(keys):
        again = next(n for n, key in enumerate(keys) if key in keys[:n])
        raise _repeated(document, document.races[again], f"“{contests[again].title}”")
    return tuple(contests)


def _without_party(people: tuple[_Candidate, ...]) -> tuple[SelectionCount, ...]:
    return tuple([SelectionCount(one.name, one.votes, one.party or "") for one in people])


def _get_type(race: _Race) -> ContestType:
    return ContestType.RETENTION if _JUDGE.match(race.name) else ContestType.BALLOT_MEASURE


def _read_time(text: str) -> datetime:
    try:
        local = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        local = None
    if local is None:
        raise unreadable.refuse_part(
            f"“{text[:100]}” is not a time as this source writes it.",
            code="bad-value",
            path="updated_datetime",
        )
    return local.replace(tzinfo=LOS_ANGELES).astimezone(UTC)


def _repeated(document: _Document, race: _Race, what: str) -> FeedError:
    place = next(n for n, one in enumerate(document.races) if one is race)
    return unreadable.refuse_part(
        f"The document lists {what} twice; counts could not be told apart.",
        code="duplicate",
        path=f"races[{place}]",
    )


def propose_party(party: str) -> str:
    """Return the party in full; "" where the office has none."""
    return _PARTIES.get(party.strip(), party.strip())
