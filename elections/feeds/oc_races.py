"""A race of Orange County's XML as far as it has been read, and its words, numbers and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from elections.counting.results import ContestCount, ContestType, SelectionCount
from elections.feeds import unreadable
from elections.feeds.clarity_detail import VOTE_FOR
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, is_answer

ORANGE_COUNTY: Final = ZoneInfo("America/Los_Angeles")
MAX_VOTES: Final = 1_000_000_000

_YEARS: Final = range(2000, 2100)
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_TIME = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4}) (\d\d?):(\d\d)(?::(\d\d))?(?: ([AP])M)?", re.ASCII | re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?", re.ASCII)

# An enum's member costs more to look up than all else we do with it.
_BALLOT_MEASURE, _CANDIDATE = ContestType.BALLOT_MEASURE, ContestType.CANDIDATE


class Race:
    """One race as far as it has been read. Two rows that contradict each other leave None."""

    __slots__ = ("ballots", "id", "is_measure", "said", "selections", "title")

    def __init__(self, title: str, *, id: str = "", is_measure: bool = False) -> None:
        self.title = title
        self.id = id
        self.is_measure = is_measure
        self.selections: dict[str, SelectionCount] = {}
        self.ballots: dict[str, int | None] = {}
        self.said: tuple[str | None, ...] = ()

    def add_ballots(self, name: str, count: int) -> None:
        if self.ballots.setdefault(name, count) != count:
            self.ballots[name] = None

    def get_contest(self, order: int) -> ContestCount:
        selections = tuple(self.selections.values())
        get_ballots = self.ballots.get
        return KeyedContest(
            self.title,
            selections,
            self._get_type(selections),
            _read_votes_allowed(self.title),
            None,
            "",
            "",
            "",
            "",
            order,
            get_ballots("ballots_cast"),
            get_ballots("overvotes"),
            get_ballots("undervotes"),
            None,
            None,
            self.id,
        )

    def _get_type(self, selections: tuple[SelectionCount, ...]) -> ContestType:
        has_answers = len(selections) == 2 and all(is_answer(one.name) for one in selections)
        if has_answers and "recall" in self.title.casefold():
            return ContestType.RECALL
        return _BALLOT_MEASURE if has_answers or self.is_measure else _CANDIDATE


@lru_cache(maxsize=2048)
def _read_votes_allowed(title: str) -> int:
    """Return how many one may vote for; a title comes again with every release."""
    found = VOTE_FOR.search(title)
    return max(int(found["number"]), 1) if found else 1


def add_selection(race: Race, selection: SelectionCount, path: str) -> None:
    if selection.name in race.selections:
        raise refuse_repeated(f"{selection.name} in {race.title}", path)
    race.selections[selection.name] = selection


def without_star(name: str | None) -> str | None:
    return None if name is None else name.strip().strip("*")


def read_text(text: str | None, longest: int, path: str) -> str:
    if text is None:
        raise refuse_drift("A name is missing.", path)
    words = " ".join(text.split())
    if not 0 < len(words) <= longest:
        raise unreadable.refuse_part(f"“{words[:100]}” is not a name.", code="bad-value", path=path)
    return words


def read_number(text: str | None, path: str) -> int:
    if text is None:
        raise refuse_drift("A number of votes is missing.", path)
    text = text.strip()
    if not _NUMBER.fullmatch(text) or int(text) > MAX_VOTES:
        raise unreadable.refuse_part(
            f"“{text[:100]}” is not a number of votes.", code="bad-value", path=path
        )
    return int(text)


def read_time(text: str) -> datetime:
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


def refuse_repeated(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{what[:200]}” is listed twice; counts could not be told apart.",
        code="duplicate",
        path=path,
    )


def refuse_drift(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="schema-drift", path=path)
