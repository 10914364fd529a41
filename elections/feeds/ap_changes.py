"""An answer of AP's Elections API and what has changed since: one body that is always whole.

An answer names in ``nextrequest`` where to ask for changes alone. What comes then are the races
that changed, with the reporting units that changed. They are kept beside the whole answer that
they change, each exactly as it was sent, and laid over it when the body is read: a race or a unit
that is not among the changes is as it was, and none ever vanishes. So every guard goes on to judge
a whole count, and every number can be found in AP's own bytes.
"""

from __future__ import annotations

import codecs
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from msgspec import Raw

from elections.feeds import unreadable
from elections.feeds.ap_parts import as_sent

MOST_CHANGES: Final = 20
"""Then the whole is asked for again, so that a body neither grows nor drifts."""

_START: Final = b'{"whole":'
_UNIT_KEY: Final = ("level", "statePostal", "reportingunitID", "fipsCode", "reportingunitName")


class _Kept(msgspec.Struct, frozen=True):
    whole: Raw
    since: tuple[Raw, ...]


class _Next(msgspec.Struct, frozen=True):
    nextrequest: str = ""


class _Changes(msgspec.Struct, frozen=True, rename=as_sent):
    """What a document of changes must say, so that it can be laid over another."""

    election_date: str
    timestamp: str
    races: tuple[dict[str, Raw], ...]
    is_truncated: bool = False


def whole_of(body: bytes) -> bytes:
    """Return the body as one answer for all races; one without changes as it is.

    :raises FeedError: a part of it is not what AP sends.
    """
    if not body.startswith(_START):
        return body
    try:
        kept = msgspec.json.decode(body, type=_Kept)
        answer = msgspec.json.decode(kept.whole, type=dict[str, Raw])
        races = msgspec.json.decode(answer.get("races", Raw(b"[]")), type=list[dict[str, Raw]])
        for change in kept.since:
            answer |= msgspec.json.decode(change, type=dict[str, Raw])
            _lay_over(races, msgspec.json.decode(change, type=_Changes).races)
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    return msgspec.json.encode({**answer, "races": races})


def next_address(address: str, body: bytes) -> str | None:
    """Return where to ask for what has changed since ``body``; None to ask for the whole.

    It is the source's own address with what ``nextrequest`` adds to its query: nobody is led
    elsewhere with the key, or to other races, by an address that stands in a document.
    """
    try:
        latest, changes = _latest(body)
        ours = urlsplit(address)
        theirs = urlsplit(msgspec.json.decode(latest, type=_Next).nextrequest)
        same_place = (ours.scheme, ours.netloc, ours.path) == (*theirs[:2], theirs.path)
        query = parse_qsl(ours.query, keep_blank_values=True)
        known = {name.casefold() for name, _value in query}
        added = [pair for pair in parse_qsl(theirs.query) if pair[0].casefold() not in known]
    except (*unreadable.ERRORS, ValueError):
        return None
    if not same_place or not added or changes >= MOST_CHANGES:
        return None
    if any("key" in name.casefold() for name, _value in added):
        return None
    return urlunsplit((*ours[:3], urlencode([*query, *added]), ""))


def add(body: bytes, changes: bytes) -> bytes:
    """Return ``body`` with what has changed since; the same bytes where nothing has.

    :raises FeedError: what came cannot be laid over it: another day's, a part of the changes, or
        not what AP sends.
    """
    changes = changes.removeprefix(codecs.BOM_UTF8).strip()
    try:
        latest, _number = _latest(body)
        read = msgspec.json.decode(changes, type=_Changes)
        day = msgspec.json.decode(latest, type=_Changes).election_date
    except unreadable.ERRORS as error:
        raise unreadable.explain(changes, error) from error
    if read.is_truncated or read.election_date != day:
        raise unreadable.refuse_whole(
            "AP’s changes are not all of them, or of another day.", code="cut-off"
        )
    if not read.races:
        return body
    if body.startswith(_START):
        return b"%b,\n%b]}" % (body.removesuffix(b"]}"), changes)
    return b'%b%b,\n"since":[%b]}' % (_START, body.removeprefix(codecs.BOM_UTF8), changes)


def _latest(body: bytes) -> tuple[bytes | Raw, int]:
    """Return the newest answer in a body, and how many changes it holds."""
    if not body.startswith(_START):
        return body.removeprefix(codecs.BOM_UTF8), 0
    kept = msgspec.json.decode(body, type=_Kept)
    return (kept.since or (kept.whole,))[-1], len(kept.since)


def _lay_over(races: list[dict[str, Raw]], changed: tuple[dict[str, Raw], ...]) -> None:
    places = {_race_key(race): place for place, race in enumerate(races)}
    for race in changed:
        place = places.get(_race_key(race))
        if place is None:
            places[_race_key(race)] = len(races)
            races.append(race)
        else:
            races[place] = _with_units(races[place], race)


def _with_units(before: dict[str, Raw], race: dict[str, Raw]) -> dict[str, Raw]:
    """Return a race as it is now; the units that did not change stay."""
    units = {_unit_key(unit): unit for unit in _units(before)}
    units |= {_unit_key(unit): unit for unit in _units(race)}
    whole: dict[str, Any] = {**before, **race}
    if units:
        whole["reportingUnits"] = Raw(msgspec.json.encode(list(units.values())))
    return whole


def _units(race: dict[str, Raw]) -> list[dict[str, Raw]]:
    return msgspec.json.decode(race.get("reportingUnits", Raw(b"[]")), type=list[dict[str, Raw]])


def _race_key(race: dict[str, Raw]) -> tuple[bytes, ...]:
    """A race is its state and number; its state stands in its units where it is not given."""
    named = race if "stateID" in race else next(iter(_units(race)), {})
    state = named.get("stateID", named.get("statePostal", Raw()))
    return bytes(state), bytes(race.get("raceID", Raw()))


def _unit_key(unit: dict[str, Raw]) -> tuple[bytes, ...]:
    return tuple(bytes(unit.get(name, Raw())) for name in _UNIT_KEY)
