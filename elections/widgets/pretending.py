"""A race as it will be: results of made-up counts and calls, for previews alone.

Nothing of it is stored. The facts are replaced in memory and then go through the very code that
words a real result, so that a preview never says what the state would not allow.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import CallFact, CallKind
from elections.models import Contest, ContestCount, CurrentCount, Published, Selection, Source
from elections.widgets.facts import ContestFacts, load_facts
from elections.widgets.interventions import NOTHING
from elections.widgets.publish import render_fragment
from elections.widgets.result import build_result

_PRETENDED: ContextVar[Mapping[int, Published] | None] = ContextVar("pretended", default=None)
# Of each thousand votes: the first, the second and so on. They stand for no real count.
SHARES = (520, 300, 90, 50, 25)


class Phase(models.TextChoices):
    BEFORE = "race-before", _("Race: before the first count")
    COUNTING = "race-counting", _("Race: while votes are counted")
    CALLED = "race-called", _("Race: called")
    CERTIFIED = "race-certified", _("Race: certified")


VOTES = {Phase.BEFORE: 0, Phase.COUNTING: 112_000, Phase.CALLED: 198_000, Phase.CERTIFIED: 241_000}


@dataclass(frozen=True)
class PretendedCall:
    """Enough of a call to be counted with."""

    pk: int
    kind: CallKind
    selection_ids: tuple[int, ...]

    def as_fact(self) -> CallFact:
        return CallFact(self.pk, self.kind, self.selection_ids)


def pretended() -> Mapping[int, Published] | None:
    """Return the results that this preview pretends, by race; None outside one."""
    return _PRETENDED.get()


def published_row(contest_id: int) -> Published | None:
    """Return what readers got of a race, or what a preview pretends."""
    rows = pretended()
    if rows is not None:
        return rows.get(contest_id)
    return Published.objects.filter(pk=contest_id).first()


@contextmanager
def pretending(contest_ids: Collection[int], phase: Phase) -> Iterator[Mapping[int, Published]]:
    """Let the races look, inside this context, as they would in a phase."""
    token = _PRETENDED.set(pretend(contest_ids, phase))
    try:
        yield _PRETENDED.get() or {}
    finally:
        _PRETENDED.reset(token)


def pretend(contest_ids: Collection[int], phase: Phase) -> dict[int, Published]:
    """Return unsaved results of the confirmed races among these."""
    return {
        facts.contest.pk: _publish(_facts_in(facts, phase))
        for facts in load_facts(contest_ids)
        if facts.contest.is_confirmed
    }


def _publish(facts: ContestFacts) -> Published:
    result = build_result(facts, version=1)
    return Published(
        contest=facts.contest,
        version=1,
        html=render_fragment(result),
        payload=json.dumps(result.as_json()),
        # Whoever looks at a preview must not be given the real count a moment later.
        is_final=True,
        published_at=timezone.now(),
        checked_at=timezone.now(),
    )


def _facts_in(facts: ContestFacts, phase: Phase) -> ContestFacts:
    counted = None if phase is Phase.BEFORE else _count(facts, phase)
    plain = replace(
        facts,
        current=counted,
        counted=counted,
        calls=(),
        open_hold=None,
        correction=None,
        ballots_remaining=None,
        desk=NOTHING,
        counted_details=None,
    )
    if phase in {Phase.BEFORE, Phase.COUNTING}:
        return plain
    return replace(plain, calls=tuple(_calls(plain, phase)))


def _count(facts: ContestFacts, phase: Phase) -> CurrentCount:
    contest = facts.contest
    source = (facts.counted and facts.counted.source) or Source(
        name=str(_("The county")), election=contest.election
    )
    counted_at = _polls_close(contest) + timedelta(hours=3 + 24 * list(Phase).index(phase))
    count = ContestCount(contest=contest, counted_at=counted_at, votes=_votes(facts, phase))
    return CurrentCount(contest=contest, source=source, count=count, as_of=counted_at)


def _polls_close(contest: Contest) -> datetime:
    election = contest.election
    return election.polls_close_at or datetime.combine(
        election.election_date, datetime.min.time(), election.zone
    )


def _votes(facts: ContestFacts, phase: Phase) -> dict[str, int]:
    total = VOTES[phase]
    if facts.contest.has_yes_and_no:
        threshold = facts.contest.threshold
        needed = 500 if threshold is None else int(threshold.share * 1000)
        yes = min(needed + 40, 960)
        parts = {Selection.Answer.YES: yes, Selection.Answer.NO: 1000 - yes}
        return {str(s.pk): total * parts.get(s.answer, 0) // 1000 for s in facts.selections}
    people = facts.candidates
    shares = [*SHARES, *([10] * len(people))]
    return {str(s.pk): total * shares[place] // 1000 for place, s in enumerate(people)}


def _calls(facts: ContestFacts, phase: Phase) -> Iterator[PretendedCall]:
    if facts.contest.has_yes_and_no:
        yield PretendedCall(1, CallKind.PASSED, ())
    else:
        line = facts.line
        kind = CallKind.ADVANCED if line.is_runoff else CallKind.WINNER
        yield PretendedCall(1, kind, tuple(sorted(line.ahead)))
    if phase is Phase.CERTIFIED:
        yield PretendedCall(2, CallKind.CERTIFIED, ())
