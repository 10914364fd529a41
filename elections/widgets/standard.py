"""An election's published results in the standard form: NIST SP 1500-100, version 2, as JSON.

The same numbers as readers get, built from the published rows and nothing else, so that what a
person at the desk holds back, pins or overrides is held back, pinned or overridden here. Who won
is a call and not part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from elections.counting.results import ContestType, Report
from elections.feeds.keyed import KeyedContest, KeyedSelection, is_answer
from elections.feeds.nist_export import Issue, ResultsStatus, export_report
from elections.models import Contest, Election, Published
from elections.widgets.views import conditional, text_etag

APPLICATION = "newsroom-elections"


@require_safe
def nist(request: HttpRequest, election_id: int) -> HttpResponse:
    """Give the document; not found while nothing of the election is published."""
    election = get_object_or_404(Election, pk=election_id)
    rows = list(
        Published.objects.filter(contest__election=election)
        .select_related("contest")
        .order_by("contest__order", "pk")
        .defer("html", "translations")
    )
    if not rows:
        raise Http404
    body = export_report(_report(election, rows), _issue(election, rows)).decode()
    return conditional(
        request, body, etag=text_etag(body), content_type="application/json; charset=utf-8"
    )


def _report(election: Election, rows: Sequence[Published]) -> Report:
    payloads = [(row.contest, json.loads(row.payload)) for row in rows]
    times = [
        datetime.fromisoformat(said["counted_at"]) for _, said in payloads if said["counted_at"]
    ]
    return Report(
        counted_at=max(times, default=max(row.published_at for row in rows)),
        contests=tuple(_contest(contest, said, n) for n, (contest, said) in enumerate(payloads)),
        election_date=election.election_date,
        election_title=election.name,
        election_key=str(election.pk),
    )


def _contest(contest: Contest, said: Mapping[str, Any], order: int) -> KeyedContest:
    return KeyedContest(
        said["title"],
        tuple(
            KeyedSelection(
                one["name"],
                one["votes"],
                one["party"],
                "" if is_answer(one["name"]) else str(one["id"]),
            )
            for one in said["selections"]
        ),
        ContestType(said["type"]),
        contest.votes_allowed,
        contest.threshold,
        question=contest.question,
        note=contest.coverage_note,
        group=contest.group,
        order=order,
        id=str(contest.pk),
    )


def _issue(election: Election, rows: Iterable[Published]) -> Issue:
    """The sequence is the sum of the versions, which only ever rise."""
    issuer = getattr(settings, "WAGTAIL_SITE_NAME", "") or APPLICATION
    return Issue(
        issuer=issuer,
        issuer_abbreviation="".join(word[0] for word in issuer.split()).upper(),
        application=APPLICATION,
        jurisdiction=election.jurisdiction or election.name,
        status=_status(election, rows),
        sequence=max(sum(row.version for row in rows), 1),
        is_test=election.is_test,
    )


def _status(election: Election, rows: Iterable[Published]) -> ResultsStatus:
    """Certified is what an office has certified; “complete” is never said: nobody knows it."""
    if election.certified_at or all(row.is_final for row in rows):
        return ResultsStatus.CERTIFIED
    if any(row.count_id for row in rows):
        return ResultsStatus.UNOFFICIAL_PARTIAL
    return ResultsStatus.PRE_ELECTION
