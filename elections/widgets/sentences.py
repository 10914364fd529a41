"""The one sentence that says the thing, in words that the race's state allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from elections.counting import tally
from elections.counting.calls import CallFact, CallKind, RaceState, Word, may_say
from elections.counting.places import CutLine
from elections.counting.thresholds import MAJORITY
from elections.models import Selection
from elections.widgets.conditions import outcome_sentence, thresholds_of
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import number, percent, points, vote_count
from elections.widgets.ranked import ranked_sentence

WON = {CallKind.WINNER}
APPARENT = {CallKind.APPARENT_WINNER}
SECOND_ROUND = {CallKind.ADVANCED, CallKind.RUNOFF}


def lead_sentence(
    facts: ContestFacts, *, state: RaceState, in_force: Sequence[CallFact], line: CutLine[int]
) -> str:
    """Say who is ahead and by how much, or why nobody can be said to be."""
    said = _nothing_to_decide(facts, in_force)
    if said:
        return said
    total = sum(facts.votes.values())
    if total == 0:
        return _("No votes have been counted yet.")
    if facts.contest.is_ranked_choice:
        return ranked_sentence(facts, facts.votes, state=state, in_force=in_force)
    if line.is_pool_ahead:
        return _pool_sentence(facts)
    if state is RaceState.COUNTING:
        return _("%(votes)s counted so far, too few to say who leads.") % {
            "votes": vote_count(total)
        }
    outcome = outcome_sentence(facts.contest.contest_type, [call.kind for call in in_force])
    if is_above_or_below(facts):
        return f"{outcome} {_yes_sentence(facts, state)}".strip()
    return f"{outcome} {_standing_sentence(facts, state, in_force, line)}".strip()


def _nothing_to_decide(facts: ContestFacts, in_force: Sequence[CallFact]) -> str:
    """Say that nobody, or only one, can be chosen; "" where there is a choice."""
    if not facts.selections:
        return _("Nobody is on the ballot for this race.")
    if facts.contest.has_yes_and_no:
        return ""
    candidates = facts.candidates
    if not candidates:
        return _("No name is on the ballot for this race. Voters can only write one in.")
    if len(candidates) > 1 or facts.line.is_pool_ahead:
        return ""
    name = {"name": candidates[0].name}
    if any(call.kind in WON for call in in_force):
        return _("%(name)s was the only candidate on the ballot and has won.") % name
    return _("%(name)s is the only candidate on the ballot.") % name


def _pool_sentence(facts: ContestFacts) -> str:
    pooled = max(facts.votes[pk] for pk in facts.pooled if pk in facts.votes)
    return _(
        "Write-ins, counted together, have %(votes)s. Whose they are is not known yet, so nobody "
        "can say who is in front."
    ) % {"votes": vote_count(pooled)}


def is_above_or_below(facts: ContestFacts) -> bool:
    """Whether more yes than no says little, because more, or less, than half is needed."""
    thresholds = thresholds_of(facts)
    return bool(thresholds) and thresholds != (MAJORITY,)


def _yes_sentence(facts: ContestFacts, state: RaceState) -> str:
    yes = next(s for s in facts.selections if s.answer == Selection.Answer.YES)
    share = {"answer": yes.name, "share": _share(facts, yes.pk)}
    if state is RaceState.CERTIFIED:
        return _("%(answer)s finished with %(share)s of the votes.") % share
    return _("%(answer)s has %(share)s of the votes.") % share


def _share(facts: ContestFacts, selection_id: int) -> str:
    by_id = {standing.key: standing for standing in tally.standings(facts.votes)}
    return percent(by_id[selection_id].share)


def _standing_sentence(
    facts: ContestFacts, state: RaceState, in_force: Sequence[CallFact], line: CutLine[int]
) -> str:
    if line.is_tied:
        return _tie_sentence(facts, state, in_force, line)
    if line.lead is None:
        return (
            _("There are as many places as candidates.")
            if line.is_runoff
            else _("There are as many seats as candidates.")
        )
    if not may_say(Word.LEADING, state) and state is not RaceState.CERTIFIED:
        return ""
    names = facts.spoken_names
    margin = {
        "name": names[line.lead.ahead],
        "other": names[line.lead.behind],
        "votes": vote_count(line.lead.margin_votes),
        "points": points(line.lead.margin_share),
        "places": str(line.places),
    }
    if line.is_runoff:
        return _second_round_sentence(facts, state, in_force, line, margin)
    if line.places > 1:
        return _multi_seat_sentence(margin, state)
    said = _single_seat_sentence(margin, line.lead.ahead, in_force, state)
    if line.majority_of is not None and may_say(Word.LEADING, state):
        share = {"share": _share(facts, line.majority_of)}
        return f"{said} {_('That is %(share)s, a majority so far.') % share}"
    return said


def _single_seat_sentence(
    margin: dict[str, str], ahead: int, in_force: Sequence[CallFact], state: RaceState
) -> str:
    called = {selection: call.kind for call in in_force for selection in call.selection_ids}
    kind = called.get(ahead)
    if kind in WON and state is RaceState.CERTIFIED:
        return _("%(name)s won by %(votes)s (%(points)s).") % margin
    if kind in WON:
        return _("%(name)s has won and is ahead by %(votes)s (%(points)s).") % margin
    if state is RaceState.CERTIFIED:
        return _("%(name)s finished ahead by %(votes)s (%(points)s).") % margin
    if kind in APPARENT:
        return _("%(name)s is the apparent winner, ahead by %(votes)s (%(points)s).") % margin
    return _("%(name)s leads by %(votes)s (%(points)s).") % margin


def _multi_seat_sentence(margin: dict[str, str], state: RaceState) -> str:
    if state is RaceState.CERTIFIED:
        return _("%(name)s took the last seat by %(votes)s (%(points)s).") % margin
    return _("%(name)s holds the last seat by %(votes)s (%(points)s), ahead of %(other)s.") % margin


def _second_round_sentence(
    facts: ContestFacts,
    state: RaceState,
    in_force: Sequence[CallFact],
    line: CutLine[int],
    margin: dict[str, str],
) -> str:
    """Say who goes on, once it is called; before, who is first and who holds the last place."""
    names = facts.spoken_names
    called = {pk for call in in_force if call.kind in SECOND_ROUND for pk in call.selection_ids}
    going_on = [names[pk] for pk in facts.votes if pk in called]
    if state is RaceState.CERTIFIED:
        last = _("%(name)s took the last of %(places)s places by %(votes)s (%(points)s).") % margin
    else:
        last = (
            _(
                "%(name)s holds the last of %(places)s places by %(votes)s (%(points)s), "
                "ahead of %(other)s."
            )
            % margin
        )
    if going_on and may_say(Word.ADVANCES, state):
        said = _("%(names)s go on.") if len(going_on) > 1 else _("%(names)s goes on.")
        return f"{said % {'names': joined(going_on)}} {last}"
    if state is RaceState.CERTIFIED:
        return last
    first = tally.standings({pk: facts.votes[pk] for pk in line.ahead})[0]
    share = {"name": names[first.key], "share": _share(facts, first.key)}
    if facts.contest.rule.majority_wins:
        return f"{_('%(name)s leads with %(share)s, short of a majority.') % share} {last}"
    return f"{_('%(name)s leads with %(share)s.') % share} {last}"


def _tie_sentence(
    facts: ContestFacts, state: RaceState, in_force: Sequence[CallFact], line: CutLine[int]
) -> str:
    """Say who has equal votes; the word tied where the state allows it, and who was declared."""
    names = facts.spoken_names
    standings = tally.standings({pk: facts.votes[pk] for pk in facts.contenders})
    at_the_line = standings[line.places - 1].votes
    level = [standing.key for standing in standings if standing.votes == at_the_line]
    said = {"names": joined([names[pk] for pk in level]), "votes": vote_count(at_the_line)}
    won = [pk for call in in_force if call.kind in WON for pk in call.selection_ids if pk in level]
    if won and may_say(Word.WINNER, state):
        winner = {"name": joined([names[pk] for pk in won])}
        declared = _("%(name)s was declared the winner.") % winner
        return f"{_('%(names)s have %(votes)s each.') % said} {declared}"
    if state is RaceState.CERTIFIED:
        return _("%(names)s finished tied with %(votes)s each.") % said
    if may_say(Word.TIED, state):
        return _("%(names)s are tied with %(votes)s each.") % said
    return _("%(names)s have %(votes)s each.") % said


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


def joined(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: A, B and C."""
    return _(" and ").join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
