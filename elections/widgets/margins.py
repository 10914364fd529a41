"""How far a race is from turning, and the sentence that says how that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting import tally
from elections.counting.calls import RaceState, Word, may_say
from elections.counting.places import ONE_SEAT, CutLine, Rule, cut_line
from elections.counting.thresholds import Threshold
from elections.widgets.figures import percent, points, spoken_answer, vote_count


@dataclass(frozen=True)
class Ballot:
    """Who stands for how many seats; for a question, which selections are Yes and No.

    ``is_conditional``: another measure decides which of two thresholds holds.
    """

    names: Mapping[int, str]
    rule: Rule = ONE_SEAT
    pooled: frozenset[int] = frozenset()
    threshold: Threshold | None = None
    yes: int | None = None
    no: int | None = None
    is_ranked: bool = False
    is_conditional: bool = False

    @property
    def spoken(self) -> dict[int, str]:
        """Names as sentences use them."""
        answers = {self.yes, self.no}
        return {
            selection: spoken_answer(name) if selection in answers else name
            for selection, name in self.names.items()
        }

    def known(self, votes: Mapping[int, int]) -> dict[int, int]:
        """Return the votes of those on the ballot, in its order."""
        return {selection: votes[selection] for selection in self.names if selection in votes}

    def standing(self, votes: Mapping[int, int]) -> tally.ThresholdStanding | None:
        if self.threshold is None or self.yes is None or self.no is None:
            return None
        return tally.threshold_standing(
            votes.get(self.yes, 0), votes.get(self.no, 0), self.threshold
        )

    def line(self, votes: Mapping[int, int]) -> CutLine[int]:
        return cut_line(self.known(votes), self.rule, self.pooled)

    def distance(self, votes: Mapping[int, int]) -> Fraction | None:
        """Return the share that would turn the race: 0 in a tie, None where nothing can turn."""
        if self.threshold is not None:
            standing = self.standing(votes)
            return None if standing is None else abs(standing.gap_share)
        known = self.known(votes)
        if self.is_ranked or sum(known.values()) == 0:
            return None
        line = self.line(votes)
        if line.is_tied:
            return Fraction(0)
        return None if line.lead is None else line.lead.margin_share


def margin_sentence(
    ballot: Ballot,
    votes: Mapping[int, int],
    before: Mapping[int, int] | None,
    *,
    state: RaceState = RaceState.LEADING,
) -> str:
    """Say who is ahead and by how much, and what it was before; "" where nobody can be.

    ``state`` is the race's at that time: it decides which words may be said.
    """
    known = ballot.known(votes)
    if sum(known.values()) == 0:
        return ""
    if state is RaceState.COUNTING:
        is_open = ballot.line(votes).is_pool_ahead
        return "" if is_open else _("That is too few to say who leads.")
    standing = ballot.standing(votes)
    if standing is not None:
        return _threshold_sentence(ballot, standing, before)
    if ballot.is_ranked:
        return _first_choices(ballot, votes)
    line = ballot.line(votes)
    if line.is_tied:
        return _tie(line, state)
    lead = line.lead
    if lead is None:
        return ""
    is_final = state is RaceState.CERTIFIED
    if not (is_final or may_say(Word.LEADING, state)):
        return ""
    earlier = ballot.line(before or {})
    was = earlier.lead if earlier.places == line.places else None
    names = ballot.spoken
    facts = {
        "places": str(line.places),
        "name": names[lead.ahead],
        "other": names[lead.behind],
        "votes": vote_count(lead.margin_votes),
        "points": points(lead.margin_share),
    }
    now = _now(facts, line, is_final=is_final)
    return f"{now} {_before(ballot, lead, was)}".strip() if before is not None else now


def _first_choices(ballot: Ballot, votes: Mapping[int, int]) -> str:
    """Say who is ahead in first choices, which decides nothing yet."""
    lead = tally.lead(ballot.known(votes))
    if lead is None:
        return ""
    return _("%(name)s is ahead in first choices by %(votes)s (%(points)s).") % {
        "name": ballot.names[lead.ahead],
        "votes": vote_count(lead.margin_votes),
        "points": points(lead.margin_share),
    }


def _tie(line: CutLine[int], state: RaceState) -> str:
    if not may_say(Word.TIED, state):
        return _("There are equal votes for the last place.")
    if line.places > 1:
        return _("There is a tie for the last place.")
    return _("There is a tie for first place.")


def _now(facts: Mapping[str, str], line: CutLine[int], *, is_final: bool) -> str:
    is_last_seat = line.places > 1
    if line.is_runoff and is_final:
        return _("%(name)s took the last of %(places)s places by %(votes)s (%(points)s).") % facts
    if line.is_runoff:
        sentence = _(
            "%(name)s holds the last of %(places)s places by %(votes)s (%(points)s), "
            "ahead of %(other)s."
        )
        return sentence % facts
    if is_last_seat and is_final:
        return _("%(name)s took the last seat by %(votes)s (%(points)s).") % facts
    if is_last_seat:
        sentence = _("%(name)s holds the last seat by %(votes)s (%(points)s), ahead of %(other)s.")
        return sentence % facts
    if is_final:
        return _("%(name)s finished ahead by %(votes)s (%(points)s).") % facts
    return _("%(name)s leads by %(votes)s (%(points)s).") % facts


def _before(ballot: Ballot, lead: tally.Lead[int], was: tally.Lead[int] | None) -> str:
    if was is None:
        return ""
    votes = vote_count(was.margin_votes)
    if was.ahead == lead.ahead:
        return _("Before, it was %(votes)s.") % {"votes": votes}
    return _("Before, %(name)s was ahead by %(votes)s.") % {
        "name": ballot.spoken[was.ahead],
        "votes": votes,
    }


def _threshold_sentence(
    ballot: Ballot, standing: tally.ThresholdStanding, before: Mapping[int, int] | None
) -> str:
    gap = points(standing.gap_share)
    if abs(standing.gap_share) * 100 < Fraction(1, 20):
        gap = vote_count(abs(standing.margin_votes))
    facts = {"share": percent(standing.yes_share), "gap": gap}
    if ballot.is_conditional:
        answer = ballot.names[ballot.yes]
        now = _("%(answer)s has %(share)s of the votes.") % {**facts, "answer": answer}
    elif standing.is_met:
        now = _("Yes has %(share)s and is above what it needs by %(gap)s.") % facts
    else:
        now = _("Yes has %(share)s and is short of what it needs by %(gap)s.") % facts
    was = ballot.standing(before) if before is not None else None
    if was is None or percent(was.yes_share) == facts["share"]:
        return now
    return f"{now} " + _("Before, it had %(share)s.") % {"share": percent(was.yes_share)}
