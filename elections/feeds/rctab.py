"""RCTab's summary of a ranked choice count (JSON): one contest, round by round.

Elections offices that use the Universal RCV Tabulator publish it beside their totals; RCVis draws
the same file. Written from descriptions of the format; the samples are ours.

How we read it:

- The votes are the first choices: the tally of the first round. All rounds are told besides.
- Tallies are texts (``"52"``, ``"52.5"``). In rounds, fractions of votes are cut off; in the first
  round there are none.
- A name is the only key. ``tallyResults`` says who was elected or eliminated in a round; who has
  gone without a word was eliminated too. What each gained, and the exhausted ballots, follow from
  the rounds, so that ``transfers`` are not read.
- The file does not say when it was counted. Add ``"counted_at": "2024-11-15T16:00-08:00"`` to its
  ``config``, with the time at which the elections office published it.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from elections.counting.details import MOST_ROUNDS, Details, Round, with_eliminations
from elections.counting.results import ContestCount, Report, SelectionCount
from elections.feeds import capitals, unreadable
from elections.feeds.contract import FeedError, Get, Response, as_sent

name = "rctab"
label = "RCTab ranked choice summary (JSON)"
counts_ranked_choice = True

propose_contest_name = as_sent
propose_selection_name = capitals.propose_selection_name
propose_party = as_sent

_YEARS: Final = range(2000, 2100)
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Number = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,10})?$")]


class _Config(msgspec.Struct, frozen=True, gc=False):
    contest: Name
    date: str = ""
    counted_at: str = ""
    threshold: Number | None = None


class _Outcome(msgspec.Struct, frozen=True, gc=False):
    elected: str | None = None
    eliminated: str | None = None


class _Round(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    tally: Annotated[dict[Name, Number], Meta(min_length=1, max_length=500)]
    tally_results: tuple[_Outcome, ...] = ()
    threshold: Number | None = None


class _Document(msgspec.Struct, frozen=True, gc=False):
    config: _Config
    results: Annotated[tuple[_Round, ...], Meta(min_length=1, max_length=MOST_ROUNDS)]


_decoder = msgspec.json.Decoder(_Document)


def retrieve(address: str, get: Get) -> Response:
    """One file holds one contest, at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read the first choices.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when it is not
        JSON; no-time; schema-drift or bad-value with a path.
    """
    document = _open(body)
    first = document.results[0].tally
    for votes in first.values():
        if Decimal(votes) != int(Decimal(votes)):
            raise _bad_value(f"“{votes}” first choices are no number of votes.", "results[0].tally")
    selections = tuple(SelectionCount(who, _whole(votes)) for who, votes in first.items())
    return Report(
        counted_at=_read_time(document.config),
        contests=(ContestCount(document.config.contest, selections),),
        election_date=_read_date(document.config.date),
    )


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Read the rounds.

    :raises FeedError: as ``parse``.
    """
    document = _open(body)
    if document.config.contest not in wanted:
        return
    names = tuple(document.results[0].tally)
    tallies = [votes for one in document.results for votes in one.tally.values()]
    yield Details(
        contest=document.config.contest,
        selections=names,
        totals=tuple(_whole(votes) for votes in document.results[0].tally.values()),
        rounds=with_eliminations(
            [_read_round(one, names, document.config) for one in document.results]
        ),
        are_rounded=any(Decimal(votes) != int(Decimal(votes)) for votes in tallies),
    )


def _open(body: bytes) -> _Document:
    try:
        document = _decoder.decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The document has NUL characters in its text.", code="encoding"
        )
    known = document.results[0].tally
    for place, one in enumerate(document.results):
        for who in one.tally:
            if who not in known:
                raise unreadable.refuse_part(
                    f"“{who[:100]}” is in a later round, and not in the first.",
                    code="schema-drift",
                    path=f"results[{place}].tally",
                )
    return document


def _read_round(one: _Round, names: tuple[str, ...], config: _Config) -> Round:
    def places(people: Collection[str | None]) -> tuple[int, ...]:
        return tuple(names.index(who) for who in people if who in names)

    threshold = one.threshold or config.threshold
    votes = [one.tally.get(who) for who in names]
    return Round(
        votes=tuple(None if count is None else _whole(count) for count in votes),
        elected=places([outcome.elected for outcome in one.tally_results]),
        eliminated=places([outcome.eliminated for outcome in one.tally_results]),
        threshold=None if threshold is None else _whole(threshold),
    )


def _whole(number: str) -> int:
    return int(Decimal(number))


def _read_time(config: _Config) -> datetime:
    if not config.counted_at:
        raise FeedError(
            "The file does not say when it was counted. Readers keep the last good count. Add "
            "“counted_at” to its “config”, such as 2024-11-15T16:00-08:00, with the time at "
            "which the elections office published it.",
            code="no-time",
            path="config.counted_at",
        )
    try:
        moment = datetime.fromisoformat(config.counted_at.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise _bad_value(
            f"“{config.counted_at[:100]}” is not a time with its offset from UTC.",
            "config.counted_at",
        )
    return moment.astimezone(UTC)


def _read_date(text: str) -> date | None:
    """Return the day of the election; None where the office wrote it in another way."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bad_value(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="bad-value", path=path)
