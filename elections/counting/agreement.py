"""Whether two sources can both be right about one contest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic

from elections.counting.tally import K

SAME_RELEASE: Final = timedelta(minutes=2)
"""Two documents stamped within this time are made of one release."""


@dataclass(frozen=True, slots=True)
class Statement(Generic[K]):
    """What a source says: the votes of each selection, as of its own (aware) time."""

    as_of: datetime
    votes: Mapping[K, int]


@dataclass(frozen=True, slots=True)
class Disagreement(Generic[K]):
    """One selection with votes that no release explains."""

    key: K
    one: int
    other: int


def disagreements(one: Statement[K], other: Statement[K]) -> tuple[Disagreement[K], ...]:
    """Return where two sources of the same coverage contradict each other.

    Within two minutes they must say the same. Further apart the later one may have more
    votes and never fewer: counts only rise. What only one of them names is not compared,
    since write-ins are often left out.
    """
    shared = [key for key in one.votes if key in other.votes]
    return tuple(
        Disagreement(key, one.votes[key], other.votes[key])
        for key in shared
        if not _may_both_be_right(one, other, key)
    )


def _may_both_be_right(one: Statement[K], other: Statement[K], key: K) -> bool:
    gap = one.as_of - other.as_of
    if abs(gap) <= SAME_RELEASE:
        return one.votes[key] == other.votes[key]
    earlier, later = (other, one) if gap > timedelta(0) else (one, other)
    return earlier.votes[key] <= later.votes[key]
