"""What a race hangs on: its threshold, the measure that changes it, the recall before it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting.calls import CallKind, RaceState, standing_calls
from elections.counting.tally import ThresholdStanding, threshold_standing
from elections.counting.thresholds import MAJORITY, Comparator, Threshold
from elections.models import Contest
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import percent, points, vote_count


def has_passed(facts: ContestFacts) -> bool | None:
    """Return whether a question passed: by the desk's call, or by its certified count.

    None while nobody has said so.
    """
    in_force = standing_calls([call.as_fact() for call in facts.calls])
    kinds = {call.kind for call in in_force}
    if CallKind.PASSED in kinds or CallKind.FAILED in kinds:
        return CallKind.PASSED in kinds
    if CallKind.CERTIFIED not in kinds:
        return None
    thresholds = thresholds_of(facts) or (MAJORITY,)
    standing = standing_against(facts, thresholds[0]) if len(thresholds) == 1 else None
    return standing and standing.is_met


def thresholds_of(facts: ContestFacts) -> tuple[Threshold, ...]:
    """Return the thresholds that may hold: none, one, or two while another measure is open.

    Of two the first holds if that measure fails, the second if it passes.
    """
    contest = facts.contest
    if contest.threshold is None:
        return ()
    second = contest.conditional_threshold
    if second is None or facts.depends_on is None:
        return (contest.threshold,)
    passed = has_passed(facts.depends_on)
    if passed is None:
        return (contest.threshold, second)
    return (second,) if passed else (contest.threshold,)


def measure_outcome(facts: ContestFacts) -> bool | None:
    """Return whether a measure would pass if the count ended now.

    None without a threshold, without votes, and while that hangs on another measure.
    """
    standings = [standing_against(facts, threshold) for threshold in thresholds_of(facts)]
    met = {standing.is_met for standing in standings if standing is not None}
    return met.pop() if len(met) == 1 else None


def threshold_sentence(facts: ContestFacts, state: RaceState) -> str:
    """Say what a measure needs and how far it is from it; "" without a threshold.

    While too little is counted it says only what is needed.
    """
    thresholds = thresholds_of(facts)
    if not thresholds:
        return ""
    if len(thresholds) == 1:
        return _needs(facts, thresholds[0], state)
    other = {"measure": facts.depends_on.contest.name}
    said = [_needs(facts, threshold, state) for threshold in thresholds]
    return " ".join(
        [
            _("If “%(measure)s” fails: %(needs)s") % {**other, "needs": _lower(said[0])},
            _("If it passes: %(needs)s") % {"needs": _lower(said[1])},
        ]
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _needs(facts: ContestFacts, threshold: Threshold, state: RaceState) -> str:
    needed = needed_text(threshold.share, threshold.comparator)
    standing = standing_against(facts, threshold)
    if standing is None or state is RaceState.COUNTING:
        return _("Needs %(needed)s to pass.") % {"needed": needed}
    if standing.is_met and standing.margin_votes == 0:
        return _("Needs %(needed)s to pass: has exactly that.") % {"needed": needed}
    is_close = abs(standing.gap_share) * 100 < Fraction(1, 20)
    votes_away = vote_count(abs(standing.margin_votes))
    gap = {"needed": needed, "gap": votes_away if is_close else points(standing.gap_share)}
    if standing.is_met:
        return _("Needs %(needed)s to pass: above it by %(gap)s.") % gap
    return _("Needs %(needed)s to pass: short by %(gap)s.") % gap


def standing_against(facts: ContestFacts, threshold: Threshold) -> ThresholdStanding | None:
    answers = {s.answer: facts.votes.get(s.pk, 0) for s in facts.selections}
    if not {"yes", "no"} <= answers.keys():
        return None
    return threshold_standing(answers["yes"], answers["no"], threshold)


def needed_text(share: Fraction, comparator: Comparator) -> str:
    if share == Fraction(1, 2) and comparator is Comparator.MORE_THAN:
        return _("a majority")
    if share.denominator == 3:
        return _("two-thirds") if share.numerator == 2 else f"{share.numerator}/3"
    value = percent(share, 0 if (share * 100).denominator == 1 else 1)
    return value if comparator is Comparator.AT_LEAST else _("more than %s") % value


def threshold_marks(facts: ContestFacts) -> tuple[str, ...]:
    """Return the thresholds in percent for an SVG attribute: never localised."""
    return tuple(
        f"{float(threshold.share * 100):.2f}".rstrip("0").rstrip(".")
        for threshold in thresholds_of(facts)
    )


def place_line(facts: ContestFacts) -> str:
    """Say how many win or go on, and what the race hangs on; "" where that is plain."""
    return " ".join(part for part in (_places(facts), _dependence(facts)) if part)


def _places(facts: ContestFacts) -> str:
    if facts.contest.is_ranked_choice:
        return _("Voters rank the candidates; the votes and shares above are first choices.")
    rule = facts.contest.rule
    number = {"number": rule.runoff or rule.seats}
    if rule.majority_wins:
        return _("The top %(number)s go to a runoff unless one has a majority.") % number
    if rule.runoff:
        return _("The top %(number)s go on, whatever their share.") % number
    return _("The top %(number)s win.") % number if rule.seats > 1 else ""


def _dependence(facts: ContestFacts) -> str:
    """Say of a race to replace somebody that it counts only if the recall passes."""
    if facts.depends_on is None or facts.contest.has_yes_and_no:
        return ""
    other = {"question": facts.depends_on.contest.name}
    passed = has_passed(facts.depends_on)
    if passed is None:
        return _("This counts only if “%(question)s” passes.") % other
    if not passed:
        return _("“%(question)s” failed, so nobody takes office through this race.") % other
    return ""


def outcome_sentence(kind: str, in_force: Sequence[CallKind]) -> str:
    """Say how a question came out, once the desk has called it; "" before."""
    if CallKind.PASSED in in_force:
        return passed_sentence(kind)
    return failed_sentence(kind) if CallKind.FAILED in in_force else ""


def passed_sentence(kind: str) -> str:
    if kind == Contest.Type.RETENTION:
        return _("The voters said yes: retained in office.")
    if kind == Contest.Type.RECALL:
        return _("The recall passed.")
    return _("The measure passed.")


def failed_sentence(kind: str) -> str:
    if kind == Contest.Type.RETENTION:
        return _("The voters said no: not retained in office.")
    if kind == Contest.Type.RECALL:
        return _("The recall failed.")
    return _("The measure failed.")
