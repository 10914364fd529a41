"""The documents of California's returns, as the Secretary of State writes them.

What they mean, and what surprised us, stands in ``ca_sos``.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from elections.feeds import cycles, unreadable
from elections.feeds.contract import FeedError

SACRAMENTO: Final = ZoneInfo("America/Los_Angeles")

Text = Annotated[str, Meta(min_length=1, max_length=240)]
Words = Annotated[str, Meta(max_length=255)]


class Candidate(
    msgspec.Struct,
    frozen=True,
    gc=False,
    rename={"name": "Name", "party": "Party", "votes": "Votes"},
):
    """``votes`` has commas: ``6,317,310``."""

    name: Text
    party: Words
    votes: Words


class Question(
    msgspec.Struct,
    frozen=True,
    gc=False,
    rename={"name": "Name", "yes": "yesVotes", "no": "noVotes", "number": "Number"},
):
    """A measure, or a judge who stands for retention and has no number."""

    name: Text
    yes: Words
    no: Words
    number: Words = ""


class Race(
    msgspec.Struct,
    frozen=True,
    gc=False,
    rename={
        "title": "raceTitle",
        "stamp": "ReportingTime",
        "measures": "ballot-measures",
        "justices": "supreme-court",
        "judges": "courts-of-appeal",
    },
):
    """One statewide office or one district; all measures together; all judges of a court.

    Exactly one of the four lists is there.
    """

    title: Text
    stamp: Words
    candidates: tuple[Candidate, ...] | None = None
    measures: tuple[Question, ...] | None = None
    justices: tuple[Question, ...] | None = None
    judges: tuple[Question, ...] | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.measures or self.justices or self.judges or ()


Document = Race | tuple[Race, ...]
Documents = dict[str, tuple[Race, ...]]
"""The races of each document, by its name."""

MOST_VOTES: Final = 1_000_000_000
"""More votes than people: beyond it is a fault, and would not fit a database column."""

_cycle_decoder = msgspec.json.Decoder(dict[str, Document | str])
_document_decoder: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)
_votes_decoder = msgspec.json.Decoder(list[Annotated[int, Meta(ge=0, le=MOST_VOTES)]])
_raw_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])

_TIME = re.compile(
    r"([A-Z][a-z]+) (\d\d?), (20\d\d), (1[0-2]|0?[1-9]):([0-5]\d) ([ap])\.m\.", re.ASCII
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMBER = re.compile(r"(?:0|[1-9]\d*+(?:,\d{3})*+)", re.ASCII)
_NUMBERS = re.compile(rf"(?:{_NUMBER.pattern}(?: |$))*+", re.ASCII)
_PRECINCTS = re.compile(r"\((\d[\d,]*) of (\d[\d,]*)\)", re.ASCII)


def decode(body: bytes) -> Documents:
    """Read the documents of a cycle: the races of each, by its name.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when one of
        them is not JSON; schema-drift or bad-value with a path.
    """
    try:
        documents = _cycle_decoder.decode(body)
    except unreadable.ERRORS as error:
        raise _explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The documents have NUL characters in their text.", code="encoding"
        )
    races: Documents = {}
    for slug, document in documents.items():
        read = _decode_text(slug, document) if isinstance(document, str) else document
        races[slug] = read if isinstance(read, tuple) else (read,)
    return races


def get_path(documents: Documents, race: Race) -> str:
    """Where a race stands: its document, and its place in a list of districts."""
    return next(
        f"{slug}[{place}]" if len(races) > 1 else slug
        for slug, races in documents.items()
        for place, one in enumerate(races)
        if one is race
    )


def read_time(text: str) -> datetime | None:
    """``November 22, 2022, 4:48 p.m.`` in UTC; None when it is written otherwise."""
    found = _TIME.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        return None
    hour = int(found[4]) % 12 + (12 if found[6] == "p" else 0)
    month = _MONTHS.index(found[1]) + 1
    try:
        local = datetime(int(found[3]), month, int(found[2]), hour, int(found[5]))
    except ValueError:
        return None
    return local.replace(tzinfo=SACRAMENTO).astimezone(UTC)


def read_votes(documents: Documents) -> list[int]:
    """Give all votes in the order of the documents; of a question first yes, then no.

    All at once: hundreds of small checks would cost more than everything else.

    :raises FeedError: bad-value: a number is not written as one.
    """
    texts: list[str] = []
    for races in documents.values():
        for race in races:
            if race.candidates is None:
                texts += _list_votes(race)
            else:
                texts += [one.votes for one in race.candidates]
    together = " ".join(texts)
    if not _NUMBERS.fullmatch(together):
        raise _bad_votes(documents)
    try:
        votes = _votes_decoder.decode(f"[{together.replace(',', '').replace(' ', ',')}]")
    except msgspec.DecodeError as error:
        raise _bad_votes(documents) from error
    if len(votes) != len(texts):
        raise _bad_votes(documents)
    return votes


def read_precincts(reporting: str) -> tuple[int, int] | None:
    """``95.1% (4,323 of 4,323) precincts reporting`` as (4323, 4323): counted, and there are.

    The percentage is not read: in lists of judges it is the whole state's. None when there
    are no two counts, or more are counted than there are.
    """
    found = _PRECINCTS.search(reporting)
    if found is None:
        return None
    counted, total = (int(count.replace(",", "")) for count in found.groups())
    return (counted, total) if counted <= total else None


def _list_votes(race: Race) -> list[str]:
    if race.candidates is not None:
        return [one.votes for one in race.candidates]
    return [votes for one in race.questions for votes in (one.yes, one.no)]


def _bad_votes(documents: Documents) -> FeedError:
    race, place, text = next(
        (race, place, text)
        for races in documents.values()
        for race in races
        for place, text in enumerate(_list_votes(race))
        if not _NUMBER.fullmatch(text) or int(text.replace(",", "")) > MOST_VOTES
    )
    return unreadable.refuse_part(
        f"“{text[:100]}” in “{race.title}” is not a number of votes.",
        code="bad-value",
        path=f"{get_path(documents, race)}.{_get_vote_path(race, place)}",
    )


def _get_vote_path(race: Race, number: int) -> str:
    """Where the vote stands that is the ``number``-th of the race."""
    if race.candidates is not None:
        return f"candidates[{number}].Votes"
    lists = {
        "ballot-measures": race.measures,
        "supreme-court": race.justices,
        "courts-of-appeal": race.judges,
    }
    key = next(key for key, questions in lists.items() if questions)
    return f"{key}[{number // 2}].{'noVotes' if number % 2 else 'yesVotes'}"


def _decode_text(slug: str, text: str) -> Document:
    """A document that was no JSON when it came, unless only a byte-order mark stands before."""
    body = cycles.unpack_text(text)
    try:
        return _document_decoder.decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise _place(unreadable.explain(body, error), slug) from error


def _explain(body: bytes, error: Exception) -> FeedError:
    """Say which document is at fault; a decode of all of them at once names none."""
    try:
        documents = _raw_decoder.decode(body)
        for slug, raw in documents.items():
            if not bytes(raw).startswith(b'"'):
                try:
                    _document_decoder.decode(raw)
                except unreadable.ERRORS as fault:
                    return _place(unreadable.explain(bytes(raw), fault), slug)
    except unreadable.ERRORS:
        pass
    return unreadable.explain(body, error)


def _place(error: FeedError, slug: str) -> FeedError:
    dot = "." if error.path and not error.path.startswith("[") else ""
    return FeedError(
        f"Document “{slug}”: {error.message}", code=error.code, path=f"{slug}{dot}{error.path}"
    )
