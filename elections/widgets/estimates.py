"""Ballots left in a race: as somebody said for the race itself, or scaled from all races."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from elections.counting.outstanding import scaled_to_contest
from elections.models import BallotsRemaining, Contest


@dataclass(frozen=True)
class BallotsLeft:
    """How many ballots were left in one race, as of when."""

    as_of: datetime
    ballots: Fraction


def ballots_left(row: BallotsRemaining, contest: Contest) -> Fraction | None:
    """Return what an estimate says of a race; None where it only speaks of all together."""
    if row.contest_id is not None:
        return Fraction(row.estimate)
    return scaled_to_contest(
        row.estimate, contest.registered_voters, contest.election.registered_voters
    )


def estimates_of(contests: Iterable[Contest]) -> dict[int, tuple[BallotsLeft, ...]]:
    """Return all estimates for each race, oldest first, in one query.

    Those for the race itself; where there are none, those for the election.
    """
    by_id = {contest.pk: contest for contest in contests}
    elections = {contest.election_id for contest in by_id.values()}
    rows = BallotsRemaining.objects.filter(election__in=elections).order_by("as_of", "pk")
    said: dict[tuple[int, int | None], list[BallotsRemaining]] = {}
    for row in rows:
        said.setdefault((row.election_id, row.contest_id), []).append(row)
    return {
        pk: _for_race(
            contest,
            said.get((contest.election_id, pk)) or said.get((contest.election_id, None), []),
        )
        for pk, contest in by_id.items()
    }


def _for_race(contest: Contest, rows: Sequence[BallotsRemaining]) -> tuple[BallotsLeft, ...]:
    found = [(row.as_of, ballots_left(row, contest)) for row in rows]
    return tuple(BallotsLeft(as_of, left) for as_of, left in found if left is not None)
