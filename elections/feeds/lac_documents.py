"""The two documents behind Los Angeles County's results page, as the county writes them.

What they mean, and what surprised us, stands in ``lac_page``.
"""

from __future__ import annotations

import codecs
from typing import Any, Final

import msgspec

from elections.feeds import cycles, unreadable
from elections.feeds.contract import FeedError
from elections.feeds.lac_terms import (
    Name,
    Number,
    Text,
    Title,
    Type,
    Votes,
    Words,
    get_error_body,
)

BALLOT: Final = "GetElectionData"
COUNTERS: Final = "GetCounterData"
READ: Final = frozenset({"CAND", "CBLT", "COV", "CUV", "EBLT"})
"""The types of counters that are read; others count cards, parties and slots."""


class Candidate(msgspec.Struct, frozen=True, gc=False):
    ID: Number
    Name: Name
    Party: Words


class Contest(msgspec.Struct, frozen=True, gc=False):
    ID: Number
    Title: Title
    Type: Type
    AdditionalText: Text
    MeasureText: Text
    MeasurePassRate: Words
    VoteFor: Words
    Candidates: tuple[Candidate, ...]


class ContestGroup(msgspec.Struct, frozen=True, gc=False):
    Name: Words
    Contests: tuple[Contest, ...]


class Election(msgspec.Struct, frozen=True, gc=False):
    ID: Number
    Date: str
    Title: Words
    ContestGroups: tuple[ContestGroup, ...]
    RegistrationCount: Votes | None = None


class Ballot(msgspec.Struct, frozen=True, gc=False):
    Data: Election


class Counter(msgspec.Struct, frozen=True, gc=False):
    ReferenceID: Number
    ReferenceType: str
    Value: Votes


class Counters(msgspec.Struct, frozen=True, gc=False):
    TimeStamp: str
    Data: tuple[Counter, ...]


class _Pair(msgspec.Struct, frozen=True, gc=False, rename={"ballot": BALLOT, "counters": COUNTERS}):
    """A document that was no JSON when it came is a string."""

    ballot: Ballot | str
    counters: Counters | str


_decoder = msgspec.json.Decoder(_Pair)
_raw_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    BALLOT: msgspec.json.Decoder(Ballot),
    COUNTERS: msgspec.json.Decoder(Counters),
}

Values = dict[int, int]
Counted = dict[str, Values]
"""The counters by their type, then by what they count."""


def decode(body: bytes) -> tuple[Election, Counters]:
    """Read both documents of a body.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when one of them
        is not JSON; error-body; schema-drift or bad-value with a path.
    """
    try:
        pair = _decoder.decode(body)
    except unreadable.ERRORS as error:
        raise _explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The documents have NUL characters in their text.", code="encoding"
        )
    ballot, counters = pair.ballot, pair.counters
    if isinstance(ballot, str):
        ballot = _decode_text(BALLOT, ballot)
    if isinstance(counters, str):
        counters = _decode_text(COUNTERS, counters)
    return ballot.Data, counters


def _decode_text(which: str, text: str) -> Any:
    """A document that was no JSON when it came, unless only a byte-order mark stands before."""
    body = cycles.unpack_text(text)
    try:
        return _decoders[which].decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise _place(unreadable.explain(body, error), which) from error


def _explain(body: bytes, error: Exception) -> FeedError:
    """Say which document is at fault; a decode of both at once does not name it."""
    try:
        documents = _raw_decoder.decode(body)
        for which, decoder in _decoders.items():
            raw = bytes(documents.get(which, b'""'))
            if not raw.startswith(b'"'):
                try:
                    decoder.decode(raw)
                except unreadable.ERRORS as fault:
                    return _place(get_error_body(raw) or unreadable.explain(raw, fault), which)
    except unreadable.ERRORS:
        pass
    return unreadable.explain(body, error)


def _place(error: FeedError, which: str) -> FeedError:
    path = f"{which}.{error.path}" if error.path else which
    return FeedError(f"Document “{which}”: {error.message}", code=error.code, path=path)


def sort_counters(counters: Counters) -> Counted:
    """Return what was counted, by type and number.

    :raises FeedError: duplicate: one that is read is listed twice.
    """
    counted: Counted = {kind: {} for kind in READ}
    get_values = counted.get
    rows = 0
    for one in counters.Data:
        values = get_values(one.ReferenceType)
        if values is not None:
            values[one.ReferenceID] = one.Value
            rows += 1
    if sum(map(len, counted.values())) < rows:
        raise _repeated_counter(counters)
    return counted


def _repeated_counter(counters: Counters) -> FeedError:
    keys = [
        (one.ReferenceType, one.ReferenceID if one.ReferenceType in READ else -place)
        for place, one in enumerate(counters.Data)
    ]
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    place = next(n for n, key in enumerate(keys) if first[key] < n)
    kind, number = keys[place]
    return unreadable.refuse_part(
        f"The counter {kind[:20]} of {number} is listed twice; counts could not be told apart.",
        code="duplicate",
        path=f"{COUNTERS}.Data[{place}]",
    )
