"""The objects of an answer of AP's Elections API that we read, and the limits of their values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Votes = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Words = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(max_length=2_000)]
Seats = Annotated[int, Meta(ge=0, le=99)]
Winner = Literal["X", "R", ""]

_YEARS: Final = range(2000, 2100)
WHOLE: Final = ("national", "state")
MISSING: Final = -1
"""The votes of a candidate of whom AP does not say them, as where nobody votes."""


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
    vote_count: Votes = MISSING
    winner: Winner = ""
    winner_date_time: Words | None = None


class Unit(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    level: Words
    candidates: tuple[Candidate, ...]
    state_postal: Words = ""
    state_name: Words = ""
    last_updated: Words | None = None
    eevp: float | None = None


class Race(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
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
    reporting_units: tuple[Unit, ...] | UnsetType = UNSET


class Document(msgspec.Struct, frozen=True, gc=False, rename=as_sent):
    election_date: str
    timestamp: str
    races: tuple[Race, ...]
    is_truncated: bool = False


def parse_time(text: str) -> datetime | None:
    """Return a time in its own offset; None for what is no time of this century's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in _YEARS else None
