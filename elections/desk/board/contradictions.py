"""Calls that the count does not bear out, as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from elections.counting import calls
from elections.counting.calls import CallFact, CallKind
from elections.desk.board.flags import Flags, RowFlag, row_flags
from elections.desk.board.urgency import Urgency
from elections.widgets.conditions import measure_outcome
from elections.widgets.facts import ContestFacts

WINNERS = {CallKind.APPARENT_WINNER, CallKind.WINNER}
SAYS_MET = {CallKind.PASSED: True, CallKind.FAILED: False}


@row_flags
def calls_against_counts(races: Sequence[ContestFacts], now: datetime) -> Flags:
    """Flag each race whose called winner is behind, or whose measure stands the other way."""
    return {race.contest.pk: [_flag(race)] for race in races if is_contradicted(race)}


def is_contradicted(race: ContestFacts) -> bool:
    """Whether a call in force names somebody who has no seat in the count that stands."""
    if not race.calls or not any(race.votes.values()):
        return False
    seats = race.contest.number_elected
    in_force = calls.standing_calls([call.as_fact() for call in race.calls], seats=seats)
    return any(_is_against(call, race) for call in in_force)


def _is_against(call: CallFact, race: ContestFacts) -> bool:
    if call.kind in SAYS_MET:
        outcome = measure_outcome(race)
        return outcome is not None and outcome != SAYS_MET[call.kind]
    if call.kind not in WINNERS or race.contest.is_ranked_choice:
        return False
    return not race.line.ahead.issuperset(call.selection_ids)


def _flag(race: ContestFacts) -> RowFlag:
    return RowFlag(
        _("Call against the count"),
        _("What was called does not stand so in the count. Check it, or take the call back."),
        tone="critical",
        urgency=Urgency.CONTRADICTION,
    )
