"""Clarity's ``detail.xml``, read as a stream: a million rows of precincts pass and none is kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from elections.counting.results import ContestType, Report
from elections.feeds import markup, unreadable
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, KeyedSelection, is_answer

MAX_VOTES: Final = 1_000_000_000
MAX_SEATS: Final = 99

PARTIES: Final = {
    "con": "Constitution",
    "dem": "Democratic",
    "gre": "Green",
    "grn": "Green",
    "ind": "Independent",
    "lbt": "Libertarian",
    "lib": "Libertarian",
    "non": "",
    "np": "",
    "npa": "No party affiliation",
    "npp": "No party preference",
    "rep": "Republican",
}
"""Abbreviations that may stand in parentheses after a name, in lower case."""

IN_PARENTHESES = re.compile(r"\s*\((?P<words>[^()]{1,20})\)$")
VOTE_FOR = re.compile(r"\s*\(vote for (?P<number>\d{1,2})\)\s*$", re.IGNORECASE | re.ASCII)

_ROWS: Final = frozenset({"Precinct", "County"})
_FACTS: Final = frozenset({"Timestamp", "ElectionName", "ElectionDate"})
NOT_CHOICES: Final = frozenset({"undervotes", "overvotes", "under votes", "over votes"})
_ROOT: Final = "/ElectionResult"

_TIME = re.compile(
    r"(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4}) "
    r"(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d) (?P<half>AM|PM) (?P<zone>[A-Za-z]{2,4})",
    re.ASCII,
)
_DATE = re.compile(r"(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4})", re.ASCII)
_YEARS: Final = range(2000, 2100)

_HOURS_FROM_UTC: Final = {
    "ADT": -3,
    "AKDT": -8,
    "AKST": -9,
    "AST": -4,
    "CDT": -5,
    "CHST": 10,
    "CST": -6,
    "EDT": -4,
    "EST": -5,
    "GMT": 0,
    "HST": -10,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "SST": -11,
    "UTC": 0,
}


def read_report(body: bytes) -> Report:
    """Read the whole document.

    :raises FeedError: as ``markup.feed``; schema-drift, bad-value or duplicate with a path.
    """
    reader = _Reader()
    markup.feed(reader.parser, body)
    return reader.get_report()


class _Reader:
    """What the stream has said so far."""

    def __init__(self) -> None:
        self.parser = markup.make_parser()
        self.parser.StartElementHandler = self._start_root
        # Elements that are open, of those that matter. A set's own method costs a third of ours.
        self.open: set[str] = set()
        self.parser.EndElementHandler = self.open.discard
        self.facts: dict[str, str] = {}
        self.fact = ""
        self.contests: dict[str, KeyedContest] = {}
        self.contest: dict[str, str] | None = None
        self.selections: dict[str, KeyedSelection] = {}
        self.choice: dict[str, str] | None = None
        self.choice_count = 0
        self.kinds: list[int] = []
        self.notes: list[str] = []

    @property
    def contest_path(self) -> str:
        return f"{_ROOT}/Contest[{len(self.contests) + 1}]"

    @property
    def choice_path(self) -> str:
        return f"{self.contest_path}/Choice[{self.choice_count}]"

    def _start_root(self, element: str, attributes: list[str]) -> None:
        if element != "ElectionResult":
            raise _drift(f"The document is “{element[:50]}” and not “ElectionResult”.", "/")
        self.parser.StartElementHandler = self._start

    def _start(self, element: str, attributes: list[str]) -> None:
        if element in _ROWS:
            return
        if element == "VoteType":
            if "Choice" in self.open:
                votes = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("votes")
                path = f"{self.choice_path}/VoteType[{len(self.kinds) + 1}]/@votes"
                self.kinds.append(read_votes(votes, path))
        elif element == "Choice":
            self._end_choice()
            self._start_choice(dict(zip(attributes[::2], attributes[1::2], strict=True)))
        elif element == "Contest":
            self._end_contest()
            self.contest = dict(zip(attributes[::2], attributes[1::2], strict=True))
            self.parser.CharacterDataHandler = None
        elif element in _FACTS and self.contest is None:
            self.fact = element
            self.facts[element] = ""
            self.parser.CharacterDataHandler = self._add_text
        else:
            return
        self.open.add(element)

    def _add_text(self, text: str) -> None:
        if self.fact in self.open:
            self.facts[self.fact] += text

    def _start_choice(self, attributes: dict[str, str]) -> None:
        if "Contest" not in self.open:
            raise _drift("A “Choice” stands outside of any “Contest”.", _ROOT)
        self.choice = attributes
        self.choice_count += 1

    def _end_choice(self) -> None:
        choice, kinds = self.choice, self.kinds
        self.choice, self.kinds = None, []
        if choice is None:
            return
        path = self.choice_path
        text = _read_text(choice, "text", path, 255)
        total = choice.get("totalVotes")
        votes = sum(kinds) if kinds and total is None else read_votes(total, f"{path}/@totalVotes")
        if kinds and votes != sum(kinds):
            self.notes.append(
                f"The votes of “{text}” are {votes:,} in total and {sum(kinds):,} by kind of vote."
            )
        if votes > MAX_VOTES:
            raise _bad_value("votes", str(votes), path)
        if text.casefold() in NOT_CHOICES:
            return
        key = _read_text(choice, "key", path, 100)
        selection = KeyedSelection(
            text, votes, _read_party(choice, text, path), "" if is_answer(text) else key
        )
        if selection.key in self.selections:
            raise unreadable.refuse_part(
                f"“{selection.key}” stands twice in a contest; votes could not be told apart.",
                code="duplicate",
                path=f"{path}/@key",
            )
        self.selections[selection.key] = selection

    def _end_contest(self) -> None:
        self._end_choice()
        contest, selections, notes = self.contest, tuple(self.selections.values()), self.notes
        self.contest, self.selections, self.notes = None, {}, []
        self.choice_count = 0
        if contest is None:
            return
        path = self.contest_path
        title = _read_text(contest, "text", path, 500)
        key = _read_text(contest, "key", path, 255)
        if key in self.contests:
            raise unreadable.refuse_part(
                f"The contest “{title}” has a key that stands twice; counts could not be told "
                "apart.",
                code="duplicate",
                path=f"{path}/@key",
            )
        self.contests[key] = KeyedContest(
            title,
            selections,
            _get_contest_type(contest, title, selections),
            _read_votes_allowed(contest, title, path),
            note=" ".join(notes),
            order=len(self.contests),
            id=key,
        )

    def get_report(self) -> Report:
        """Return the whole, once the stream has ended."""
        self._end_contest()
        contests = tuple(self.contests.values())
        if contests and not any(contest.selections for contest in contests):
            raise _drift("No contest has a “Choice”.", f"{_ROOT}/Contest[1]")
        day = self.facts.get("ElectionDate", "").strip()
        return Report(
            counted_at=_read_time(self.facts.get("Timestamp")),
            contests=contests,
            election_date=_read_date(day) if day else None,
            election_title=self.facts.get("ElectionName", "").strip()[:255],
        )


def _get_contest_type(
    contest: dict[str, str], title: str, selections: tuple[KeyedSelection, ...]
) -> ContestType:
    is_question = contest.get("isQuestion", "").strip().casefold() == "true"
    has_answers = len(selections) == 2 and all(is_answer(one.name) for one in selections)
    if not (is_question or has_answers):
        return ContestType.CANDIDATE
    words = title.casefold()
    if has_answers and ("retention" in words or "be retained" in words):
        return ContestType.RETENTION
    if has_answers and "recall" in words:
        return ContestType.RECALL
    return ContestType.BALLOT_MEASURE


def get_key(choice: dict[str, str], text: str) -> str:
    """Return what tells a choice from the others of its contest, as ``read_report`` does."""
    return text if is_answer(text) else choice.get("key", "").strip()


def read_votes(text: str | None, path: str) -> int:
    """Return a number of votes.

    :raises FeedError: schema-drift when there is none; bad-value.
    """
    if text is None:
        attribute = path.rpartition("@")[2]
        raise _drift(f"The attribute “{attribute}” is missing.", path)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_VOTES):
        raise _bad_value("a number of votes", text, path)
    return int(text)


def _read_votes_allowed(contest: dict[str, str], title: str, path: str) -> int:
    """The attribute, or the words at the end of the title; 1 where neither says more."""
    text = contest.get("voteFor", "").strip()
    if not text:
        found = VOTE_FOR.search(title)
        text = found["number"] if found else "1"
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MAX_SEATS):
        raise _bad_value("a number of votes a voter has", text, f"{path}/@voteFor")
    return max(int(text), 1)


def _read_text(attributes: dict[str, str], attribute: str, path: str, max_length: int) -> str:
    path = f"{path}/@{attribute}"
    if attribute not in attributes:
        raise _drift(f"The attribute “{attribute}” is missing.", path)
    text = attributes[attribute].strip()
    if not 0 < len(text) <= max_length:
        raise _bad_value("a name", text, path)
    return text


def _read_party(choice: dict[str, str], text: str, path: str) -> str:
    party = choice.get("party", "").strip()
    if len(party) > 255:
        raise _bad_value("a party", party, f"{path}/@party")
    found = IN_PARENTHESES.search(text)
    if party.casefold() in {"", "np"} and found and found["words"].casefold() in PARTIES:
        return found["words"]
    return party


def _read_time(text: str | None) -> datetime:
    path = f"{_ROOT}/Timestamp"
    if text is None:
        raise _drift("“Timestamp” is missing.", path)
    found = _TIME.fullmatch(text.strip())
    hours = _HOURS_FROM_UTC.get(found["zone"].upper()) if found else None
    if found is None or hours is None or not 1 <= int(found["hour"]) <= 12:
        raise _bad_value("a time", text, path)
    hour = int(found["hour"]) % 12 + (12 if found["half"] == "PM" else 0)
    day = _read_date(f"{found['month']}/{found['day']}/{found['year']}", path)
    try:
        moment = datetime(
            *(day.year, day.month, day.day, hour, int(found["minute"]), int(found["second"])),
            tzinfo=timezone(timedelta(hours=hours)),
        )
    except ValueError as error:
        raise _bad_value("a time", text, path) from error
    return moment.astimezone(UTC)


def _read_date(text: str, path: str = f"{_ROOT}/ElectionDate") -> date:
    found = _DATE.fullmatch(text)
    try:
        day = date(*(int(found[part]) for part in ("year", "month", "day"))) if found else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise _bad_value("a day", text, path)
    return day


def _drift(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="schema-drift", path=path)


def _bad_value(kind: str, text: str, path: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{text[:100]}” is not {kind} as this source writes it.", code="bad-value", path=path
    )
