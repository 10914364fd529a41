"""The one sentence that says the thing, in words that the race's state allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting import tally
from elections.counting.calls import CallFact, CallKind, RaceState, Word, may_say
from elections.counting.thresholds import Comparator
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import number, percent, points, vote_count
from elections.widgets.ranked import ranked_sentence

WON = {CallKind.WINNER}
APPARENT = {CallKind.APPARENT_WINNER}


def lead_sentence(
    facts: ContestFacts,
    votes: Mapping[int, int],
    *,
    state: RaceState,
    in_force: Sequence[CallFact],
) -> str:
    """Say who is ahead and by how much, or why nobody can be said to be."""
    names = {selection.pk: selection.name for selection in facts.selections}
    if not names:
        return _("Nobody is on the ballot for this race.")
    if len(names) == 1 and not facts.contest.has_yes_and_no:
        (name,) = names.values()
        return _("%(name)s is the only candidate on the ballot.") % {"name": name}
    if sum(votes.values()) == 0:
        return _("No votes have been counted yet.")
    if facts.contest.is_ranked_choice:
        return ranked_sentence(facts, votes, state=state, in_force=in_force)
    seats = facts.contest.number_elected
    lead = tally.lead(votes, seats)
    if lead is None:
        return _tie_sentence(votes, names, seats)
    if not may_say(Word.LEADING, state) and state is not RaceState.CERTIFIED:
        return _("%(votes)s counted so far, too few to say who leads.") % {
            "votes": vote_count(sum(votes.values()))
        }
    margin = {
        "name": names[lead.ahead],
        "other": names[lead.behind],
        "votes": vote_count(lead.margin_votes),
        "points": points(lead.margin_share),
    }
    if seats > 1:
        return _multi_seat_sentence(margin, state)
    return _single_seat_sentence(margin, lead.ahead, in_force, state)


def _single_seat_sentence(
    margin: dict[str, str], ahead: int, in_force: Sequence[CallFact], state: RaceState
) -> str:
    called = {selection: call.kind for call in in_force for selection in call.selection_ids}
    kind = called.get(ahead)
    if kind in WON and state is RaceState.CERTIFIED:
        return _("%(name)s won by %(votes)s (%(points)s).") % margin
    if kind in WON:
        return _("%(name)s has won and is ahead by %(votes)s (%(points)s).") % margin
    if kind in APPARENT:
        return _("%(name)s is the apparent winner, ahead by %(votes)s (%(points)s).") % margin
    if state is RaceState.CERTIFIED:
        return _("%(name)s finished ahead by %(votes)s (%(points)s).") % margin
    return _("%(name)s leads by %(votes)s (%(points)s).") % margin


def _multi_seat_sentence(margin: dict[str, str], state: RaceState) -> str:
    if state is RaceState.CERTIFIED:
        return _("%(name)s took the last seat by %(votes)s (%(points)s).") % margin
    return _("%(name)s holds the last seat by %(votes)s (%(points)s), ahead of %(other)s.") % margin


def _tie_sentence(votes: Mapping[int, int], names: Mapping[int, str], seats: int) -> str:
    standings = tally.standings(votes)
    if len(standings) <= seats:
        return _("There are as many seats as candidates.")
    at_the_line = standings[seats - 1].votes
    tied = [names[standing.key] for standing in standings if standing.votes == at_the_line]
    return _("%(names)s are tied with %(votes)s each.") % {
        "names": _(" and ").join([", ".join(tied[:-1]), tied[-1]]),
        "votes": vote_count(at_the_line),
    }


def threshold_sentence(facts: ContestFacts) -> str:
    """Say what a measure needs and how far it is from it; "" without a threshold."""
    threshold = facts.contest.threshold
    if threshold is None:
        return ""
    needed = _needed(threshold.share, threshold.comparator)
    standing = facts.measure_standing
    if standing is None:
        return _("Needs %(needed)s to pass.") % {"needed": needed}
    if standing.is_met and standing.margin_votes == 0:
        return _("Needs %(needed)s to pass: has exactly that.") % {"needed": needed}
    is_close = abs(standing.gap_share) * 100 < Fraction(1, 20)
    votes_away = vote_count(abs(standing.margin_votes))
    gap = {"needed": needed, "gap": votes_away if is_close else points(standing.gap_share)}
    if standing.is_met:
        return _("Needs %(needed)s to pass: above it by %(gap)s.") % gap
    return _("Needs %(needed)s to pass: short by %(gap)s.") % gap


def _needed(share: Fraction, comparator: Comparator) -> str:
    if share == Fraction(1, 2) and comparator is Comparator.MORE_THAN:
        return _("a majority")
    if share.denominator == 3:
        return _("two-thirds") if share.numerator == 2 else f"{share.numerator}/3"
    value = percent(share, 0 if (share * 100).denominator == 1 else 1)
    return value if comparator is Comparator.AT_LEAST else _("more than %s") % value


def ballots_sentence(ballots: Mapping[str, int | None]) -> str:
    """Say on how many ballots the race stands, and on how many it decided nothing.

    ``ballots`` are those of a ``ContestCount``; what the source does not say is left out.
    """
    cast, blank, over = (ballots.get(n) for n in ("ballots_cast", "undervotes", "overvotes"))
    parts = [
        "" if cast is None else _("Ballots with this race: %(number)s") % {"number": number(cast)},
        "" if blank is None else _("left blank: %(number)s") % {"number": number(blank)},
        "" if over is None else _("marked too often: %(number)s") % {"number": number(over)},
    ]
    return f"{'; '.join(filter(None, parts))}." if cast is not None else ""
