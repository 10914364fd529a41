"""What readers are told of a recount: only what the newsroom's own table says."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from elections.counting.calls import RaceState
from elections.counting.places import CutLine
from elections.counting.recounts import is_within
from elections.models import RecountRule
from elections.widgets.conditions import standing_against, thresholds_of
from elections.widgets.facts import ContestFacts

TOO_EARLY = {RaceState.NO_COUNT, RaceState.COUNTING}


@dataclass(frozen=True)
class RecountNote:
    """What is said, and the address of the law that says so."""

    text: str
    source_url: str


def recount_note(facts: ContestFacts, state: RaceState, line: CutLine[int]) -> RecountNote | None:
    """Return the note for a race whose margin is within one of the table; else None.

    Of several the one that comes without a request is told.
    """
    if state in TOO_EARLY or line.is_pool_ahead or not facts.recount_rules:
        return None
    if facts.contest.is_ranked_choice:
        return None
    margin = _measure_margin(facts) if facts.contest.has_yes_and_no else _margin(facts, line)
    if margin is None:
        return None
    votes, of_two = margin
    total = sum(facts.votes.values())
    within = [
        rule
        for rule in facts.recount_rules
        if is_within(rule.margin, votes=votes, total=total, of_two=of_two)
    ]
    if not within:
        return None
    rule = min(within, key=lambda rule: (rule.trigger != RecountRule.Trigger.AUTOMATIC, rule.pk))
    return RecountNote(_text(rule), rule.source_url)


def _margin(facts: ContestFacts, line: CutLine[int]) -> tuple[int, int] | None:
    """Return the votes between the two at the line, and the votes of both; None without two."""
    if line.lead is not None:
        both = facts.votes[line.lead.ahead] + facts.votes[line.lead.behind]
        return line.lead.margin_votes, both
    if not line.is_tied:
        return None
    at_the_line = sorted((facts.votes[pk] for pk in facts.contenders), reverse=True)
    return 0, 2 * at_the_line[line.places - 1]


def _measure_margin(facts: ContestFacts) -> tuple[int, int] | None:
    """Return how many votes a question is from its threshold, and its votes."""
    thresholds = thresholds_of(facts)
    if not thresholds:
        return _margin(facts, facts.line)
    standing = standing_against(facts, thresholds[0])
    if standing is None or len(thresholds) > 1:
        return None
    return abs(standing.margin_votes), sum(facts.votes.values())


def _text(rule: RecountRule) -> str:
    place = {"place": rule.place}
    if rule.trigger == RecountRule.Trigger.AUTOMATIC:
        said = _(
            "This is within the margin at which there is a recount without a request in %(place)s."
        )
    else:
        said = _("This is within the margin at which a recount may be requested in %(place)s.")
    return f"{said % place} {rule.who_pays}".strip()
