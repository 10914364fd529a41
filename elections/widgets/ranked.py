"""Ranked choice in words: first choices are no lead, and a round has its number.

What decides is the latest round that the source has told; before there are rounds, nobody is
ahead in the race, only in first choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting import tally
from elections.counting.calls import CallFact, CallKind, RaceState, Word, may_say
from elections.counting.details import Details
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import number, percent, points, vote_count

CALLED = {CallKind.WINNER, CallKind.APPARENT_WINNER}


def latest_round(details: Details | None) -> dict[int, int]:
    """Return the votes of whoever is left in the latest round; empty without rounds."""
    if details is None or not details.rounds:
        return {}
    votes = zip(details.selections, details.rounds[-1].votes, strict=True)
    return {int(key): count for key, count in votes if count is not None}


def elected(details: Details | None) -> list[int]:
    """Return whom the rounds have elected, in their order."""
    if details is None:
        return []
    return [int(details.selections[place]) for one in details.rounds for place in one.elected]


def is_tied(facts: ContestFacts) -> bool:
    """Whether the latest round ties the race: equal first choices do not."""
    seats = facts.contest.number_elected
    return seats == 1 and tally.is_tied_at_cut_line(latest_round(facts.details))


def selections_ahead(facts: ContestFacts) -> set[int]:
    """Return who is in a winning position by the latest round; nobody before there are rounds."""
    if facts.contest.number_elected > 1:
        return set(elected(facts.details))
    return set(tally.selections_ahead(latest_round(facts.details)))


def ranked_sentence(
    facts: ContestFacts,
    votes: Mapping[int, int],
    *,
    state: RaceState,
    in_force: Sequence[CallFact],
) -> str:
    """Say who is ahead in which round, or in first choices; needs at least one vote."""
    names = {selection.pk: selection.name for selection in facts.selections}
    if not may_say(Word.LEADING, state) and state in {RaceState.COUNTING, RaceState.NO_COUNT}:
        return _("%(votes)s counted so far, too few to say who leads.") % {
            "votes": vote_count(sum(votes.values()))
        }
    called = _called_sentence(names, in_force)
    if latest_round(facts.details):
        said = _round_sentence(facts, names)
    else:
        said = _first_choices_sentence(votes, names)
    return f"{called} {said}".strip()


def _called_sentence(names: Mapping[int, str], in_force: Sequence[CallFact]) -> str:
    calls = [call for call in in_force if call.kind in CALLED]
    people = [names[pk] for call in calls for pk in call.selection_ids if pk in names]
    if not people:
        return ""
    facts = {"names": _(" and ").join(people)}
    if any(call.kind is CallKind.APPARENT_WINNER for call in calls):
        return _("Apparent winner: %(names)s.") % facts
    return _("Winner: %(names)s.") % facts


def _first_choices_sentence(votes: Mapping[int, int], names: Mapping[int, str]) -> str:
    lead = tally.lead(votes)
    if lead is None:
        return _("Nobody is ahead in first choices. No rounds have been reported yet.")
    share = Fraction(votes[lead.ahead], sum(votes.values()))
    if share > Fraction(1, 2):
        return _("%(name)s has a majority of the first choices counted so far: %(share)s.") % {
            "name": names[lead.ahead],
            "share": percent(share),
        }
    return _(
        "%(name)s is ahead in first choices by %(votes)s (%(points)s). Nobody has a majority of "
        "them, and no rounds have been reported yet."
    ) % {
        "name": names[lead.ahead],
        "votes": vote_count(lead.margin_votes),
        "points": points(lead.margin_share),
    }


def _round_sentence(facts: ContestFacts, names: Mapping[int, str]) -> str:
    rounds = number(len(facts.details.rounds))
    if facts.contest.number_elected > 1:
        people = [names[pk] for pk in elected(facts.details) if pk in names]
        if not people:
            return _("Nobody has been elected by round %(round)s, the latest.") % {"round": rounds}
        said = {"round": rounds, "names": ", ".join(people)}
        return _("Elected by round %(round)s, the latest: %(names)s.") % said
    votes = {pk: count for pk, count in latest_round(facts.details).items() if pk in names}
    lead = tally.lead(votes)
    if lead is None:
        return _("Nobody is ahead in round %(round)s, the latest.") % {"round": rounds}
    return _(
        "In round %(round)s, the latest, %(name)s is ahead of %(other)s by %(votes)s (%(points)s)."
    ) % {
        "round": rounds,
        "name": names[lead.ahead],
        "other": names[lead.behind],
        "votes": vote_count(lead.margin_votes),
        "points": points(lead.margin_share),
    }
