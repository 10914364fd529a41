"""What becomes of a document: the guards of ``counting``, asked about what stands."""

from __future__ import annotations

from datetime import datetime

from elections.counting import guards
from elections.counting.fingerprints import fingerprint
from elections.counting.results import Report
from elections.feeds import get_provider
from elections.feeds.contract import FeedError
from elections.models import Snapshot, Source, SourceState


def judge(report: Report, source: Source, state: SourceState, now: datetime) -> guards.Judgement:
    """Say what would become of a document that is not stored yet."""
    standing, election = state.standing, source.election
    return guards.judge_report(
        report,
        now=now,
        polls_close_at=election.polls_close_at,
        latest_counted_at=standing and standing.counted_at,
        latest_contest_count=standing and standing.contest_count,
        election_date=election.election_date,
        latest_fingerprint=_fingerprint(standing, source)
        if _is_stamped(standing, report)
        else None,
    )


def _is_stamped(standing: Snapshot | None, report: Report) -> bool:
    """Answer whether the document that stands has the report's very time."""
    return standing is not None and standing.counted_at == report.counted_at


def _fingerprint(standing: Snapshot, source: Source) -> str | None:
    """Return what the document that stands says; None when its format cannot be read any more."""
    try:
        return fingerprint(get_provider(source.provider).parse(standing.body))
    except FeedError:
        return None
