"""How many places a contest gives, who would hold them now, and where the line runs.

A place is a seat, or a way into a second round. Where a majority wins at once the
number of places hangs on the count itself: one for whoever has more than half, else
as many as go on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Generic

from elections.counting.tally import K, Lead, is_tied_at_cut_line, lead, selections_ahead


@dataclass(frozen=True, slots=True)
class Rule:
    """How places are given.

    ``runoff`` is how many go on to a second round, 0 where there is none.
    ``majority_wins``: more than half of the votes wins at once and there is no second
    round; without it the first ``runoff`` go on in any case, as in a top-two primary.
    """

    seats: int = 1
    runoff: int = 0
    majority_wins: bool = False


ONE_SEAT: Final = Rule()


@dataclass(frozen=True, slots=True)
class CutLine(Generic[K]):
    """Who would hold the places if the count ended now.

    ``places`` of them, each a seat unless ``is_runoff``. ``majority_of`` has more than
    half under a rule by which that wins. ``lead`` is None in a tie for the last place,
    when everybody has a place, and when ``is_pool_ahead``: then a line that counts
    several people together has as many votes as the last place, and nobody can say who
    holds it. ``ahead`` is empty then, too.
    """

    places: int
    is_runoff: bool
    majority_of: K | None
    ahead: frozenset[K]
    lead: Lead[K] | None
    is_tied: bool
    is_pool_ahead: bool


def cut_line(votes: Mapping[K, int], rule: Rule, pooled: Collection[K] = ()) -> CutLine[K]:
    """Return where the line runs between those with a place and those without.

    ``pooled`` are lines that count several people together, such as write-ins that
    nobody has told apart: their votes are part of all shares, and they hold no place.
    Shares, the majority and the margin's share are of all votes.

    Example: 480, 300, 220 where a majority wins and two go on: two places in the
    runoff, and the line runs between 300 and 220.
    """
    total = sum(votes.values())
    contenders = {key: count for key, count in votes.items() if key not in pooled}
    majority_of = _majority(contenders, total) if rule.majority_wins else None
    is_runoff = rule.runoff > 0 and majority_of is None
    places = rule.runoff if is_runoff else rule.seats
    is_pool_ahead = _is_pool_ahead(votes, contenders, places)
    found = None if is_pool_ahead else lead(contenders, places)
    return CutLine(
        places=places,
        is_runoff=is_runoff,
        majority_of=majority_of,
        ahead=frozenset() if is_pool_ahead else selections_ahead(contenders, places),
        lead=found and Lead(found.ahead, found.behind, found.margin_votes, _of(found, total)),
        is_tied=not is_pool_ahead and is_tied_at_cut_line(contenders, places),
        is_pool_ahead=is_pool_ahead,
    )


def _of(found: Lead[K], total: int) -> Fraction:
    return Fraction(found.margin_votes, total)


def _majority(contenders: Mapping[K, int], total: int) -> K | None:
    return next((key for key, count in contenders.items() if 2 * count > total), None)


def _is_pool_ahead(votes: Mapping[K, int], contenders: Mapping[K, int], places: int) -> bool:
    most = max((count for key, count in votes.items() if key not in contenders), default=0)
    if most == 0 or not contenders:
        return most > 0
    in_order = sorted(contenders.values(), reverse=True)
    return most >= in_order[min(places, len(in_order)) - 1] and len(in_order) >= places
