"""Asking a source without believing it: one fetch, read and judged, and nothing stored.

The source may not be saved yet. What comes back is what the next refresh would make of the same
answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from elections import judging, retrieving
from elections.counting.guards import Judgement, Reason
from elections.counting.results import ContestCount, Report
from elections.feeds import get_provider
from elections.feeds.contract import Get
from elections.models import Source, SourceState


@dataclass(frozen=True)
class Trial:
    """What a source answered. ``size`` is of the document, in bytes."""

    report: Report
    judgement: Judgement
    size: int

    @property
    def with_votes(self) -> list[ContestCount]:
        """The races in which somebody has a vote."""
        return [
            contest
            for contest in self.report.contests
            if any(selection.votes for selection in contest.selections)
        ]

    @property
    def is_embargoed(self) -> bool:
        """Whether the votes are from before the polls close: then nobody is shown one."""
        return Reason.BEFORE_POLLS_CLOSE in self.judgement.reasons


def try_source(source: Source, *, now: datetime, get: Get | None = None) -> Trial:
    """Ask ``source`` once. ``get`` replaces the network.

    :raises FeedError: it could not be fetched, or is not what its provider sends.
    """
    provider = get_provider(source.provider)
    response = provider.retrieve(source.address, get or retrieving.open_door(source))
    report = provider.parse(response.body)
    return Trial(report, judge(report, source, now), len(response.body))


def judge(report: Report, source: Source, now: datetime) -> Judgement:
    """Say what would become of a report, beside what stands; ``source`` may not be saved yet."""
    states = SourceState.objects.filter(source=source.pk).select_related("standing")
    return judging.judge(report, source, states.first() or SourceState(), now)
