"""Keep what a source says about who won, for the desk. Nothing of it is shown to readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from elections.counting.results import ContestCount, Report
from elections.matching import Match
from elections.models import ReportedCall, Snapshot


def store_reported_calls(
    report: Report, snapshot: Snapshot, matches: Mapping[str, Match], *, now: datetime
) -> None:
    """Add a row for each race of which the source now says something else.

    A source that has called a race and says nothing of it any more has taken its call back.
    """
    source = snapshot.source
    told = ReportedCall.objects.filter(source=source).values_list("contest", flat=True)
    latest = {
        row.contest_id: row for row in ReportedCall.objects.filter(source=source).latest(set(told))
    }
    rows = []
    for reported in report.contests:
        match = matches[reported.key]
        before = latest.get(match.contest_id)
        if reported.reported_call is None and (before is None or not before.kind):
            continue
        row = _row(reported, match, snapshot, now, authority=before.authority if before else "")
        if before is None or not row.says_the_same(before):
            rows.append(row)
    ReportedCall.objects.bulk_create(rows)


def _row(
    reported: ContestCount, match: Match, snapshot: Snapshot, now: datetime, *, authority: str
) -> ReportedCall:
    said = reported.reported_call
    return ReportedCall(
        contest_id=match.contest_id,
        source=snapshot.source,
        snapshot=snapshot,
        authority=said.authority if said else authority,
        status=said.status if said else "",
        kind=said.kind.value if said and said.kind else "",
        selections=sorted(match.selections[key] for key in said.selections) if said else [],
        called_at=said.called_at if said else None,
        recorded_at=now,
    )
