"""What Los Angeles County's feeds have in common: kinds, thresholds, numbers in words, days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from elections.counting.results import ContestType, SelectionCount
from elections.counting.thresholds import FIFTY_FIVE_PERCENT, MAJORITY, TWO_THIRDS
from elections.feeds import unreadable
from elections.feeds.contract import FeedError

LOS_ANGELES: Final = ZoneInfo("America/Los_Angeles")
YEARS: Final = range(2000, 2100)

# More votes than people: a number beyond it is a fault, and would not fit a database column.
Votes = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Number = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Title = Annotated[str, Meta(min_length=1, max_length=500)]
Words = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(max_length=20_000)]


class Type(Enum):
    """The county's kinds of contest; another one is refused by the decoder."""

    CANDIDATE = "Candidate"
    PRESIDENTIAL = "Presidential"
    JUDICIAL = "Judicial"
    MANUAL = "Manual"
    MEASURE = "Measure"


THRESHOLDS: Final = {
    "Majority of votes cast": MAJORITY,
    "55% of votes cast": FIFTY_FIVE_PERCENT,
    "2/3 of votes cast": TWO_THIRDS,
}
_VOTE_FOR = "Vote for no more than "
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
VOTES_ALLOWED: Final = {_VOTE_FOR + word: n for n, word in enumerate(_NUMBERS, start=1)}

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T[\d:.]+([+-]\d\d:\d\d|Z)?)?", re.ASCII)
_NO_PARTY: Final = frozenset({"non partisan", "nonpartisan", "no party preference", ""})
_MEASURE, _JUDICIAL = Type.MEASURE, Type.JUDICIAL


class _ErrorBody(msgspec.Struct):
    Message: str


def get_contest_type(
    kind: Type, title: str, question: str, selections: Iterable[SelectionCount]
) -> ContestType:
    """A judge or a hand-entered contest is a choice between people, unless it asks yes or no."""
    if kind is _MEASURE:
        if "RECALL" in title and "be recalled (removed)" in question:
            return ContestType.RECALL
        return ContestType.BALLOT_MEASURE
    if {one.name for one in selections} != {"YES", "NO"}:
        return ContestType.CANDIDATE
    return ContestType.RETENTION if kind is _JUDICIAL else ContestType.BALLOT_MEASURE


def get_error_body(body: bytes) -> FeedError | None:
    """Return what the county's server says in place of results; None when it does not."""
    try:
        said = msgspec.json.decode(body, type=_ErrorBody).Message
    except unreadable.ERRORS:
        return None
    return unreadable.refuse_whole(
        f"The county's server sent an error message instead of results: “{said[:200]}”",
        code="error-body",
    )


def read_date(text: str, path: str) -> date:
    """The day in the document's own offset, which is Los Angeles'.

    :raises FeedError: bad-value.
    """
    found = _DATE.fullmatch(text)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None:
        raise bad_time(path, text)
    return day


def bad_time(path: str, text: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{text[:100]}” is not a time as this source writes it.", code="bad-value", path=path
    )


def propose_party(party: str) -> str:
    """Return the party as the county writes it; "" where the office has none."""
    return "" if party.strip().casefold() in _NO_PARTY else party.strip()
