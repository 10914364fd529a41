"""AP's calls: who won, who is in a runoff, and when AP has taken a call back.

A call is AP's own statement. It is kept beside the count, and the desk decides whether to make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from elections.counting.calls import CallKind
from elections.counting.results import ReportedCall
from elections.feeds.ap_parts import parse_time
from elections.feeds.keyed import KeyedSelection, is_answer

AUTHORITY: Final = "The Associated Press"

_IN_RUNOFF: Final = "R"

# An enum's member costs more to look up than all else we do with it.
_WINNER, _ADVANCED, _RUNOFF = CallKind.WINNER, CallKind.ADVANCED, CallKind.RUNOFF
_PASSED, _FAILED = CallKind.PASSED, CallKind.FAILED
_SAID_OF_NOBODY: Final = {
    "Too Close to Call": CallKind.TOO_CLOSE,
    "Uncalled": None,
}


class ApSelection(KeyedSelection, frozen=True, gc=False):
    """``winner`` is AP's mark: ``X`` won, ``R`` is in the runoff, "" is not called."""

    winner: str = ""


def read_uncalled(status: str) -> ReportedCall | None:
    """Return what AP says about a race of which nobody is marked; None while it says nothing."""
    if status not in _SAID_OF_NOBODY:
        return None
    return ReportedCall(AUTHORITY, status, _SAID_OF_NOBODY[status])


def read_call(
    status: str, marked: Sequence[ApSelection], *, is_primary: bool, times: Iterable[str | None]
) -> ReportedCall:
    """Return what AP says about a race of which somebody is marked.

    Several who won one primary advance from it. ``times`` are AP's, of its calls; one that
    cannot be read is left out.
    """
    kind, who = _read_kind(marked, is_primary=is_primary)
    read = list(filter(None, map(_read_time, filter(None, times))))
    return ReportedCall(AUTHORITY, status, kind, who, max(read) if read else None)


def _read_kind(
    marked: Sequence[ApSelection], *, is_primary: bool
) -> tuple[CallKind, tuple[str, ...]]:
    first = marked[0]
    if is_answer(first.name) and all(is_answer(one.name) for one in marked):
        return (_PASSED if first.name.casefold() == "yes" else _FAILED), ()
    if len(marked) == 1 and first.winner != _IN_RUNOFF:
        return _WINNER, (first.key,)
    if in_runoff := [one.key for one in marked if one.winner == _IN_RUNOFF]:
        return _RUNOFF, tuple(in_runoff)
    return (_ADVANCED if is_primary else _WINNER), tuple([one.key for one in marked])


@lru_cache(maxsize=4096)
def _read_time(text: str) -> datetime | None:
    """A call keeps its time for the rest of the night: each is read once."""
    moment = parse_time(text)
    return None if moment is None else moment.astimezone(UTC)
