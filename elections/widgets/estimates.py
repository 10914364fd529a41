"""Ballots left in a race: as somebody said for the race itself, or scaled from all races."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from elections.counting.outstanding import scaled_to_contest
from elections.models import BallotsRemaining, Contest, ContestCount


@dataclass(frozen=True)
class BallotsLeft:
    """What somebody said of the ballots left in one race, or in all, as of when."""

    contest: Contest
    row: BallotsRemaining

    @property
    def as_of(self) -> datetime:
        return self.row.as_of

    def beside(self, count: ContestCount | None) -> Fraction | None:
        """Return how many that were in this race, when its count was this one."""
        return ballots_left(self.row, self.contest, count)


def ballots_left(
    row: BallotsRemaining, contest: Contest, count: ContestCount | None
) -> Fraction | None:
    """Return what an estimate says of a race; None where it only speaks of all together.

    One for all races is scaled by the ballots cast in this one, where ``count`` and its document
    say how many there are, or else by registered voters.
    """
    if row.contest_id is not None:
        return Fraction(row.estimate)
    if count is not None and count.ballots_cast:
        whole = count.snapshot.ballots_cast
        scaled = scaled_to_contest(row.estimate, count.ballots_cast, whole)
        if scaled is not None:
            return scaled
    return scaled_to_contest(
        row.estimate, contest.registered_voters, contest.election.registered_voters
    )


def turnout_share(contest: Contest, count: ContestCount | None) -> Fraction | None:
    """Return the share of this race's ballots that has a vote in it, so far.

    None where the count does not say how many ballots there are, or where a ballot may hold
    several votes.
    """
    if count is None or not count.ballots_cast or contest.votes_allowed > 1:
        return None
    total = sum(count.tally.values())
    return Fraction(total, count.ballots_cast) if 0 < total <= count.ballots_cast else None


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
        pk: tuple(
            BallotsLeft(contest, row)
            for row in said.get((contest.election_id, pk))
            or said.get((contest.election_id, None), ())
        )
        for pk, contest in by_id.items()
    }
