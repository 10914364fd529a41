"""Ballots left to count, and the share of them that the trailing side needs.

The arithmetic of one sentence: "To catch up, Chang would need 54.7 % of an
estimated 67,879 ballots left for these two." It is only as good as the estimate,
so every answer carries what it rests on, and "cannot" always means "if the
estimate is right". Nothing here says that anybody has won.

Symbols, as far as formulas need them: L and T are the votes of the leader, or of
the holder of the last place, and of whoever is next behind; R the estimated
ballots left in the contest's own area; v the share of ballots that vote in the
contest; o the share of others among the votes to come. The votes to come for the
two are ``m = R * v * (1 - o)``, and to draw level the one behind needs
``1/2 + (L - T) / (2 * m)`` of them.

Checked against what happened: in Los Angeles Unified's District 2 in 2022, Rivas
was 852 votes behind with 51,787 to come for the two, needed 50.82 % of them and
got 55.89 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic

from elections.counting.tally import K, Lead
from elections.counting.thresholds import Comparator, Threshold


class Answer(StrEnum):
    """What can be said. The values are sent to readers: never rename one.

    UNKNOWN: nobody has said how many ballots are left.
    NEEDS: ``share`` of the votes to come would do.
    WITHIN_REACH: it can still turn, but no share can be given, because voters may
    mark several names.
    OUT_OF_REACH: not even all votes to come would do, if the estimate is right.
    """

    UNKNOWN = "unknown"
    NEEDS = "needs"
    WITHIN_REACH = "within-reach"
    OUT_OF_REACH = "out-of-reach"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The ballots left in the contest's own area, and what is known of their kind.

    ``turnout_share`` is v, 0 to 1: the share of ballots that vote in this contest;
    None when nobody knows it. Then all are taken to, and every share needed is a
    lower bound. ``others_share`` is o, 0 to 1; None takes it as it is so far.
    ``is_scaled``: the figure is our own, worked out from one for a larger area.
    """

    ballots: Fraction
    turnout_share: Fraction | None = None
    others_share: Fraction | None = None
    is_scaled: bool = False

    @property
    def assumes_turnout(self) -> bool:
        """Whether some of the ballots are taken to have no vote in this contest."""
        return self.turnout_share is not None and self.turnout_share < 1

    @property
    def votes(self) -> Fraction:
        """The votes to come in this contest."""
        return self.ballots * (1 if self.turnout_share is None else self.turnout_share)


@dataclass(frozen=True, slots=True)
class Outlook(Generic[K]):
    """What the side that is behind needs.

    ``share`` is of ``ballots``, the votes to come for the two, or for Yes and No:
    0 to 1, given only with NEEDS. ``share_of_all`` is the same of all votes to come
    in the contest. ``is_more_than``: exactly that share would not do yet.
    ``is_at_least``: it may well be more, because not every ballot votes here.
    ``assumes_others``: it is out of reach only as long as others get their share of the
    votes to come; if they got fewer, it would not be. ``assumes_turnout``: some of the ballots
    left are taken to have no vote in the contest.
    """

    answer: Answer
    behind: K
    ballots: Fraction | None = None
    share: Fraction | None = None
    share_of_all: Fraction | None = None
    is_more_than: bool = False
    is_at_least: bool = False
    assumes_others: bool = False
    assumes_turnout: bool = False
    is_scaled: bool = False


def scaled_to_contest(ballots: int, part: int | None, whole: int | None) -> Fraction | None:
    """Return how many of a larger area's ballots are likely this contest's.

    ``part`` and ``whole`` measure the contest's area and the larger one alike: both in
    ballots cast so far, or both in registered voters. None when either is unknown, the
    whole is nothing, or the part is larger than the whole.

    Example: of 780,000 ballots left in a county with 5,700,000 voters, 57,000 are
    expected in a district with 416,538.
    """
    if not part or not whole or part > whole:
        return None
    return Fraction(ballots * part, whole)


def candidate_outlook(
    votes: Mapping[K, int],
    lead: Lead[K] | None,
    estimate: Estimate | None,
    *,
    has_several_votes: bool = False,
) -> Outlook[K] | None:
    """Return what the first selection behind the line needs to draw level.

    None when nobody is behind: a tie, an empty count, nobody out. Drawing level is
    not winning. ``has_several_votes``: a voter may mark more than one name, so one
    ballot may add a vote to both; then only the bound is known, that a lead larger
    than the ballots left cannot be made up.
    """
    if lead is None:
        return None
    if estimate is None:
        return Outlook(Answer.UNKNOWN, lead.behind)
    if has_several_votes:
        return _bound(lead, estimate)
    to_come = estimate.votes * (1 - _others_share(votes, lead, estimate))
    if lead.margin_votes > to_come:
        return Outlook(
            Answer.OUT_OF_REACH,
            lead.behind,
            to_come,
            assumes_others=lead.margin_votes <= estimate.votes,
            assumes_turnout=estimate.assumes_turnout,
            is_scaled=estimate.is_scaled,
        )
    share = Fraction(1, 2) + lead.margin_votes / (2 * to_come)
    return Outlook(
        Answer.NEEDS,
        lead.behind,
        to_come,
        share,
        share_of_all=share * to_come / estimate.votes,
        is_at_least=estimate.turnout_share is None,
        assumes_turnout=estimate.assumes_turnout,
        is_scaled=estimate.is_scaled,
    )


def measure_outlook(
    yes: K, no: K, votes: Mapping[K, int], threshold: Threshold, estimate: Estimate | None
) -> Outlook[K] | None:
    """Return what Yes needs to reach the threshold, or No to keep it from it.

    It speaks of the side that would lose if the count ended now; None before the
    first vote. Yes needs ``(q * (V + n) - Y) / n`` of the ``n`` votes to come, for a
    threshold q, V votes and Y of them yes; No needs the rest. ``is_more_than`` follows
    the comparator: at "at least 55 %" that very share does for Yes, and No needs more
    than what is left of it.
    """
    counted = votes[yes] + votes[no]
    if counted == 0:
        return None
    is_met = _meets(Fraction(votes[yes], counted), threshold)
    behind = no if is_met else yes
    if estimate is None:
        return Outlook(Answer.UNKNOWN, behind)
    to_come = estimate.votes
    more_than = (threshold.comparator is Comparator.MORE_THAN) != is_met
    if to_come > 0:
        yes_share = (threshold.share * (counted + to_come) - votes[yes]) / to_come
        share = 1 - yes_share if is_met else yes_share
        if share < 1 or (share == 1 and not more_than):
            return Outlook(
                Answer.NEEDS,
                behind,
                to_come,
                share,
                share_of_all=share,
                is_more_than=more_than,
                is_at_least=estimate.turnout_share is None,
                assumes_turnout=estimate.assumes_turnout,
                is_scaled=estimate.is_scaled,
            )
    return Outlook(
        Answer.OUT_OF_REACH,
        behind,
        to_come,
        assumes_turnout=estimate.assumes_turnout,
        is_scaled=estimate.is_scaled,
    )


def _bound(lead: Lead[K], estimate: Estimate) -> Outlook[K]:
    """Each ballot narrows the lead by one vote at most, however many names it marks."""
    is_out = lead.margin_votes > estimate.votes
    return Outlook(
        Answer.OUT_OF_REACH if is_out else Answer.WITHIN_REACH,
        lead.behind,
        estimate.votes,
        is_scaled=estimate.is_scaled,
    )


def _others_share(votes: Mapping[K, int], lead: Lead[K], estimate: Estimate) -> Fraction:
    if estimate.others_share is not None:
        return estimate.others_share
    total = sum(votes.values())
    return Fraction(total - votes[lead.ahead] - votes[lead.behind], total)


def _meets(share: Fraction, threshold: Threshold) -> bool:
    if threshold.comparator is Comparator.MORE_THAN:
        return share > threshold.share
    return share >= threshold.share
