"""Standings, leads, ties and thresholds, from votes by selection.

Votes come as ``{selection: votes}``. The key is whatever the caller tells
selections apart by, a provider's key or a row's id. Everything is counted and
compared in integers and fractions; nobody rounds here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from elections.counting.thresholds import Comparator, Threshold

K = TypeVar("K", bound=str | int)


@dataclass(frozen=True, slots=True)
class Standing(Generic[K]):
    """One selection's place in its contest.

    ``share`` is of all votes for this contest's selections, undervotes not in
    it. It is None when nothing is counted in the whole contest; a selection
    with 0 of 500 votes has a share of 0. Equal votes share a ``rank`` and the
    next one is skipped: 1, 2, 2, 4.
    """

    key: K
    votes: int
    share: Fraction | None
    rank: int


@dataclass(frozen=True, slots=True)
class Lead(Generic[K]):
    """How far the last seat is from the first selection without one.

    ``margin_votes`` is at least 1. ``margin_share`` is of all votes for this
    contest's selections.
    """

    ahead: K
    behind: K
    margin_votes: int
    margin_share: Fraction


@dataclass(frozen=True, slots=True)
class ThresholdStanding:
    """Where a measure stands against the share of yes it needs.

    ``margin_votes`` compares the yes votes with the fewest that would do among
    as many votes as are counted now. It is exact: 0 and above is met, below is
    short. With 100 votes counted,

    * a majority (more than 1/2) needs 51: 50 yes are 1 short (-1);
    * at least 55 % needs 55: 55 yes are met with 0 to spare;
    * at least 2/3 needs 67: 70 yes are 3 above (+3).

    It is not how many further voters would turn it, since each further yes
    also raises the total. ``gap_share`` is the share of yes less the threshold
    (0 for 50 of 100 and a majority, which is still not met).
    """

    yes_share: Fraction
    is_met: bool
    margin_votes: int
    gap_share: Fraction


def standings(votes: Mapping[K, int]) -> tuple[Standing[K], ...]:
    """Return every selection, most votes first.

    Equal votes stand in the order they came in. That order is only for
    display: share and rank do not depend on it.
    """
    total = sum(votes.values())
    placed: list[Standing[K]] = []
    for place, (key, count) in enumerate(_most_votes_first(votes), start=1):
        is_level = bool(placed) and placed[-1].votes == count
        rank = placed[-1].rank if is_level else place
        placed.append(Standing(key, count, Fraction(count, total) if total else None, rank))
    return tuple(placed)


def lead(votes: Mapping[K, int], seats: int = 1) -> Lead[K] | None:
    """Return the margin at the cut-line: the last seat against the first one out.

    None when the two are tied, when nothing is counted, and when nobody is out
    (as many seats as selections): "leads by 0" would be a claim. ``seats`` is
    how many win, or how many go on to the next round.
    """
    _check_seats(seats)
    if len(votes) <= seats:
        return None
    in_order = _most_votes_first(votes)
    (ahead, ahead_votes), (behind, behind_votes) = in_order[seats - 1], in_order[seats]
    margin = ahead_votes - behind_votes
    if margin == 0:
        return None
    return Lead(ahead, behind, margin, Fraction(margin, sum(votes.values())))


def is_tied_at_cut_line(votes: Mapping[K, int], seats: int = 1) -> bool:
    """Answer whether the last seat and the first selection out have equal votes.

    Before anything is counted nobody is tied. Two selections with 0 votes each
    are tied for the second seat once the first has votes.
    """
    _check_seats(seats)
    if len(votes) <= seats or not any(votes.values()):
        return False
    counts = sorted(votes.values(), reverse=True)
    return counts[seats - 1] == counts[seats]


def selections_ahead(votes: Mapping[K, int], seats: int = 1) -> frozenset[K]:
    """Return the selections that would have a seat if the count stopped here.

    Those tied for the last seat are not among them, so there may be fewer than
    ``seats``; before anything is counted there are none.

    Example: two seats, votes 900, 700, 700 gives only the first.
    """
    _check_seats(seats)
    if not any(votes.values()):
        return frozenset()
    if len(votes) <= seats:
        return frozenset(votes)
    first_out = sorted(votes.values(), reverse=True)[seats]
    return frozenset(key for key, count in votes.items() if count > first_out)


def threshold_standing(yes: int, no: int, threshold: Threshold) -> ThresholdStanding | None:
    """Return where a measure stands, or None when neither yes nor no has a vote."""
    total = yes + no
    if total == 0:
        return None
    margin = yes - _fewest_yes_votes(total, threshold)
    share = Fraction(yes, total)
    return ThresholdStanding(
        yes_share=share,
        is_met=margin >= 0,
        margin_votes=margin,
        gap_share=share - threshold.share,
    )


def _fewest_yes_votes(total: int, threshold: Threshold) -> int:
    """Return the least number of yes votes among ``total`` that meets the threshold."""
    whole, rest = divmod(total * threshold.numerator, threshold.denominator)
    if threshold.comparator == Comparator.MORE_THAN:
        return whole + 1
    return whole + 1 if rest else whole


def _most_votes_first(votes: Mapping[K, int]) -> list[tuple[K, int]]:
    return sorted(votes.items(), key=lambda item: -item[1])


def _check_seats(seats: int) -> None:
    if seats < 1:
        raise ValueError(f"A contest has at least one seat, not {seats}.")
