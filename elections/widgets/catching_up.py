"""What the side behind would need of the ballots left, in a sentence and as data."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting.calls import RaceState
from elections.counting.outstanding import (
    Answer,
    Estimate,
    Outlook,
    candidate_outlook,
    measure_outlook,
)
from elections.models import BallotsRemaining, Selection
from elections.widgets.conditions import thresholds_of
from elections.widgets.estimates import ballots_left, turnout_share
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import number, percent

SAID_IN = {RaceState.LEADING, RaceState.TOO_CLOSE}
"""Once a race is called, conceded or certified, what somebody would need is no news."""


def estimate_for(facts: ContestFacts) -> Estimate | None:
    """Return the estimate of the ballots left in the race; None where nobody knows.

    One for the whole election is scaled by ballots cast or registered voters, where known. That
    as many ballots leave the race blank as so far is taken from the count, where it says so.
    """
    left, count = facts.ballots_remaining, facts.current and facts.current.count
    ballots = None if left is None else ballots_left(left, facts.contest, count)
    if ballots is None:
        return None
    return Estimate(
        ballots,
        turnout_share=None if facts.desk.overrides else turnout_share(facts.contest, count),
        is_scaled=left.contest_id is None,
    )


def race_outlook(facts: ContestFacts, state: RaceState) -> Outlook[int] | None:
    """Return what would turn the race; None where it would be improper to say.

    It is not said of a race that is decided, tied or held for review, nor of a measure
    whose threshold hangs on another one, nor where first choices decide nothing.
    """
    if state not in SAID_IN or facts.open_hold is not None or facts.contest.is_ranked_choice:
        return None
    thresholds = thresholds_of(facts)
    if len(thresholds) > 1:
        return None
    estimate = estimate_for(facts)
    if not thresholds:
        several = facts.contest.votes_allowed > 1 or facts.contest.number_elected > 1
        return candidate_outlook(facts.votes, facts.line.lead, estimate, has_several_votes=several)
    answers = {s.answer: s.pk for s in facts.selections if s.pk in facts.votes}
    if not {"yes", "no"} <= answers.keys():
        return None
    return measure_outlook(answers["yes"], answers["no"], facts.votes, thresholds[0], estimate)


def outlook_sentence(facts: ContestFacts, outlook: Outlook[int] | None) -> str:
    """Say what the side behind would need; "" where no share can be given."""
    if outlook is None or outlook.answer in {Answer.UNKNOWN, Answer.WITHIN_REACH}:
        return ""
    words = {
        "name": facts.spoken_names[outlook.behind],
        "ballots": number(int(outlook.ballots + Fraction(1, 2))),
        "share": _share_text(outlook, is_lower_bound(facts, outlook)),
    }
    said = _measure_text(facts, outlook) if thresholds_of(facts) else _candidate_text(outlook)
    sentences = [said % words]
    if outlook.is_scaled:
        sentences.append(
            _("Our estimate, from the one for all races and this race’s share of the voters.")
        )
    if outlook.assumes_turnout:
        sentences.append(_("As many ballots are taken to leave this race blank as so far."))
    return " ".join(sentences)


def is_lower_bound(facts: ContestFacts, outlook: Outlook[int]) -> bool:
    """Whether more than the share may be needed: fewer votes may be left than was said."""
    left, current = facts.ballots_remaining, facts.current
    is_older = left is not None and current is not None and left.as_of < current.count.counted_at
    return outlook.is_at_least or is_older


def _share_text(outlook: Outlook[int], at_least: bool) -> str:
    if outlook.share is None:
        return ""
    share = percent(outlook.share)
    if outlook.is_more_than:
        return _("more than %(share)s") % {"share": share}
    return _("at least %(share)s") % {"share": share} if at_least else share


def _candidate_text(outlook: Outlook[int]) -> str:
    if outlook.answer is Answer.NEEDS:
        return _(
            "To catch up, %(name)s would need %(share)s of an estimated %(ballots)s ballots left "
            "for these two."
        )
    if outlook.ballots == 0:
        return _("%(name)s cannot catch up if it is right that no ballots are left.")
    if outlook.assumes_others:
        return _(
            "%(name)s cannot catch up if the estimate of %(ballots)s ballots left for these two is "
            "right and the others keep their share."
        )
    return _(
        "%(name)s cannot catch up if the estimate of %(ballots)s ballots left for these two is "
        "right."
    )


def _measure_text(facts: ContestFacts, outlook: Outlook[int]) -> str:
    by_id = {selection.pk: selection for selection in facts.selections}
    is_yes = by_id[outlook.behind].answer == Selection.Answer.YES
    if outlook.answer is Answer.NEEDS and is_yes:
        return _(
            "To get there, %(name)s would need %(share)s of an estimated %(ballots)s ballots left."
        )
    if outlook.answer is Answer.NEEDS:
        return _(
            "To bring it below that, %(name)s would need %(share)s of an estimated %(ballots)s "
            "ballots left."
        )
    if is_yes:
        return _("%(name)s cannot get there if the estimate of %(ballots)s ballots left is right.")
    return _(
        "%(name)s cannot bring it below that if the estimate of %(ballots)s ballots left is right."
    )


def outlook_json(
    facts: ContestFacts, outlook: Outlook[int] | None, sentence: str
) -> dict[str, object] | None:
    """Return the public form; None where nothing is said. Shares are of 0 to 1."""
    if outlook is None:
        return None
    left: BallotsRemaining | None = facts.ballots_remaining
    return {
        "answer": outlook.answer.value,
        "selection": outlook.behind,
        "ballots": None if outlook.ballots is None else round(outlook.ballots),
        "share_needed": None if outlook.share is None else round(float(outlook.share), 6),
        "at_least": is_lower_bound(facts, outlook),
        "scaled": outlook.is_scaled,
        "as_of": left and left.as_of.isoformat(),
        "source": left.source_name if left else "",
        "sentence": sentence,
    }
