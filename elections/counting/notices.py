"""What changed between two counts that people want to know at once. It never blocks a count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic

from elections.counting.places import ONE_SEAT, CutLine, Rule, cut_line
from elections.counting.tally import K, threshold_standing
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
    ``is_majority``: who gained has more than half, so that nobody goes on to a second round.
    """

    kind: NoticeKind
    gained: frozenset[K]
    lost: frozenset[K]
    is_majority: bool = False


def notices(
    before: Mapping[K, int] | None,
    after: Mapping[K, int],
    *,
    rule: Rule = ONE_SEAT,
    pooled: Collection[K] = (),
    yes: K | None = None,
    thresholds: Collection[Threshold] = (),
) -> tuple[Notice[K], ...]:
    """Return what a count changes for the places that decide.

    None or no votes ``before`` gives a tie at most: the first votes overtake nobody. With
    ``yes`` and ``thresholds`` only these are looked at; a measure has no leader. ``pooled`` are
    lines that count several people together: they hold no place.
    """
    if yes is not None and thresholds:
        return tuple(_threshold_notices(before or {}, after, yes, thresholds))
    return tuple(_place_notices(before or {}, after, rule, pooled))


def _place_notices(
    before: Mapping[K, int], after: Mapping[K, int], rule: Rule, pooled: Collection[K]
) -> Iterator[Notice[K]]:
    was, now = cut_line(before, rule, pooled), cut_line(after, rule, pooled)
    if any(before.values()):
        first_was, first_now = (cut_line(votes, ONE_SEAT, pooled) for votes in (before, after))
        yield from _change(NoticeKind.LEAD_CHANGED, first_was, first_now)
        if max(was.places, now.places) > 1:
            yield from _change(NoticeKind.CUT_LINE_CHANGED, was, now)
    tied = _tied(after, now, pooled)
    if tied and tied != _tied(before, was, pooled):
        yield Notice(NoticeKind.TIE, tied, frozenset())


def _change(kind: NoticeKind, was: CutLine[K], now: CutLine[K]) -> Iterator[Notice[K]]:
    """Give who overtook whom; a tie after puts nobody ahead and is its own notice."""
    if now.majority_of is not None and now.majority_of != was.majority_of:
        others = was.ahead - now.ahead
        yield Notice(kind, frozenset({now.majority_of}), others, is_majority=True)
    elif now.ahead - was.ahead:
        yield Notice(kind, now.ahead - was.ahead, was.ahead - now.ahead)


def _tied(votes: Mapping[K, int], line: CutLine[K], pooled: Collection[K]) -> frozenset[K]:
    if not line.is_tied:
        return frozenset()
    contenders = {key: count for key, count in votes.items() if key not in pooled}
    level = sorted(contenders.values(), reverse=True)[line.places - 1]
    return frozenset(key for key, count in contenders.items() if count == level)


def _threshold_notices(
    before: Mapping[K, int], after: Mapping[K, int], yes: K, thresholds: Collection[Threshold]
) -> Iterator[Notice[K]]:
    """Give at most one: of two thresholds that may hold, the first that is crossed."""
    for threshold in thresholds:
        was, now = _passes(before, yes, threshold), _passes(after, yes, threshold)
        if was is not None and now is not None and was is not now:
            crossed, nobody = frozenset({yes}), frozenset[K]()
            gained, lost = (crossed, nobody) if now else (nobody, crossed)
            yield Notice(NoticeKind.THRESHOLD_CROSSED, gained, lost)
            return


def _passes(votes: Mapping[K, int], yes: K, threshold: Threshold) -> bool | None:
    yes_votes = votes.get(yes, 0)
    standing = threshold_standing(yes_votes, sum(votes.values()) - yes_votes, threshold)
    return None if standing is None else standing.is_met


def vanished(known: Collection[K], named: Collection[K]) -> frozenset[K]:
    """Return the contests that a source counted before and that its document leaves out."""
    return frozenset(known) - frozenset(named)
