"""What changed between two counts that people want to know at once. It never blocks a count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic

from elections.counting.tally import (
    K,
    is_tied_at_cut_line,
    selections_ahead,
    threshold_standing,
)
from elections.counting.thresholds import Threshold


class NoticeKind(StrEnum):
    """The codes are those of the alerts that are made of them: never rename one."""

    LEAD_CHANGED = "lead-changed"
    CUT_LINE_CHANGED = "cut-line-changed"
    TIE = "tie"
    THRESHOLD_CROSSED = "threshold-crossed"


@dataclass(frozen=True, slots=True)
class Notice(Generic[K]):
    """``gained`` are now ahead and were not before; ``lost`` were, and are not.

    For a tie ``gained`` are the selections with equal votes at the cut-line. For a
    threshold they are its yes when the measure passes now, and ``lost`` its yes when it fails.
    """

    kind: NoticeKind
    gained: frozenset[K]
    lost: frozenset[K]


def notices(
    before: Mapping[K, int] | None,
    after: Mapping[K, int],
    *,
    seats: int = 1,
    yes: K | None = None,
    threshold: Threshold | None = None,
) -> tuple[Notice[K], ...]:
    """Return what a count changes for the places that decide.

    None or no votes ``before`` gives a tie at most: the first votes overtake nobody. With
    ``yes`` and ``threshold`` only the threshold is looked at; a measure has no leader.
    """
    if yes is not None and threshold is not None:
        return tuple(_threshold_notices(before or {}, after, yes, threshold))
    return tuple(_place_notices(before or {}, after, seats))


def _place_notices(
    before: Mapping[K, int], after: Mapping[K, int], seats: int
) -> Iterator[Notice[K]]:
    if any(before.values()):
        lead = _change(NoticeKind.LEAD_CHANGED, before, after, 1)
        if lead:
            yield lead
        cut_line = seats > 1 and _change(NoticeKind.CUT_LINE_CHANGED, before, after, seats)
        if cut_line:
            yield cut_line
    tied = _tied(after, seats)
    if tied and tied != _tied(before, seats):
        yield Notice(NoticeKind.TIE, tied, frozenset())


def _change(
    kind: NoticeKind, before: Mapping[K, int], after: Mapping[K, int], seats: int
) -> Notice[K] | None:
    """Return who overtook whom; a tie after puts nobody ahead and is its own notice."""
    was, now = selections_ahead(before, seats), selections_ahead(after, seats)
    return Notice(kind, now - was, was - now) if now - was else None


def _tied(votes: Mapping[K, int], seats: int) -> frozenset[K]:
    if not is_tied_at_cut_line(votes, seats):
        return frozenset()
    level = sorted(votes.values(), reverse=True)[seats - 1]
    return frozenset(key for key, count in votes.items() if count == level)


def _threshold_notices(
    before: Mapping[K, int], after: Mapping[K, int], yes: K, threshold: Threshold
) -> Iterator[Notice[K]]:
    was, now = _passes(before, yes, threshold), _passes(after, yes, threshold)
    if was is None or now is None or was is now:
        return
    gained, lost = (frozenset({yes}), frozenset[K]()) if now else (frozenset[K](), frozenset({yes}))
    yield Notice(NoticeKind.THRESHOLD_CROSSED, gained, lost)


def _passes(votes: Mapping[K, int], yes: K, threshold: Threshold) -> bool | None:
    yes_votes = votes.get(yes, 0)
    standing = threshold_standing(yes_votes, sum(votes.values()) - yes_votes, threshold)
    return None if standing is None else standing.is_met


def vanished(known: Collection[K], named: Collection[K]) -> frozenset[K]:
    """Return the contests that a source counted before and that its document leaves out."""
    return frozenset(known) - frozenset(named)
