"""AP's calls: who won, who is in a runoff, and when AP has taken a call back.

A call is AP's own statement. It is kept beside the count, and the desk decides whether to make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from elections.counting.calls import CallKind
from elections.counting.results import ReportedCall
from elections.feeds.keyed import is_answer

AUTHORITY: Final = "The Associated Press"

_RUNOFF: Final = "R"
_SAID_OF_NOBODY: Final = {
    "Too Close to Call": CallKind.TOO_CLOSE,
    "Uncalled": None,
}
_YEARS: Final = range(2000, 2100)


class Marked(NamedTuple):
    """A selection that AP has marked: ``X`` won, ``R`` is in the runoff."""

    key: str
    name: str
    mark: str


def read_call(
    status: str, marked: Sequence[Marked], *, is_primary: bool, times: Iterable[str | None]
) -> ReportedCall | None:
    """Return what AP says about a race; None while it says nothing yet.

    Several who won one primary advance from it. ``times`` are AP's, of its calls; one that
    cannot be read is left out.
    """
    if not marked:
        if status not in _SAID_OF_NOBODY:
            return None
        return ReportedCall(AUTHORITY, status, _SAID_OF_NOBODY[status])
    read = [time for text in times if text and (time := _read_time(text))]
    kind, who = _read_kind(marked, is_primary=is_primary)
    return ReportedCall(AUTHORITY, status, kind, who, max(read, default=None))


def _read_kind(marked: Sequence[Marked], *, is_primary: bool) -> tuple[CallKind, tuple[str, ...]]:
    if all(is_answer(one.name) for one in marked):
        has_passed = marked[0].name.casefold() == "yes"
        return CallKind.PASSED if has_passed else CallKind.FAILED, ()
    if in_runoff := tuple(one.key for one in marked if one.mark == _RUNOFF):
        return CallKind.RUNOFF, in_runoff
    kind = CallKind.ADVANCED if is_primary and len(marked) > 1 else CallKind.WINNER
    return kind, tuple(one.key for one in marked)


def _read_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or moment.year not in _YEARS:
        return None
    return moment.astimezone(UTC)
