"""From a source's address to what readers see: fetch, parse, guard, store, publish.

``refresh`` may run twice, late, beside itself, or be killed anywhere: a lease lets
one worker at a time ask a source, one transaction stores a document, and what
stands is a pointer that only moves forward in the source's own time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from elections.attempts import Attempt
from elections.counting.guards import Judgement, Reason, Verdict
from elections.counting.results import Report
from elections.detailing import store_details, store_missing_details
from elections.estimating import store_ballots_left
from elections.explanations import BY_HAND, OLD_AGAIN, explain
from elections.feeds import get_details_reader, get_provider
from elections.feeds.contract import FeedError, Get, Response
from elections.judging import judge
from elections.matching import match_report, without_left_out
from elections.models import Fetch, Hold, Snapshot, Source, SourceState
from elections.releasing import release_confirmed
from elections.retrieving import retrieve
from elections.storing import store_counts, store_history, store_nothing
from elections.told_calls import store_reported_calls
from elections.widgets.publish import PublishError, publish
from elections.widgets.purging import purge_pages_showing

logger = logging.getLogger(__name__)

OUTCOMES = {
    Verdict.ACCEPTED: Fetch.Outcome.ACCEPTED,
    Verdict.STALE: Fetch.Outcome.STALE,
    Verdict.HELD: Fetch.Outcome.HELD,
    Verdict.EMBARGOED: Fetch.Outcome.EMBARGOED,
    Verdict.REJECTED: Fetch.Outcome.REJECTED,
}


STORES = {
    Verdict.ACCEPTED: store_counts,
    Verdict.STALE: store_history,
    # Its votes are nobody's business, but its races may be named already.
    Verdict.EMBARGOED: store_nothing,
}
# Time, a new version of a parser, or a person may change what becomes of these bytes.
JUDGED_AGAIN = {Verdict.HELD, Verdict.EMBARGOED, Verdict.REJECTED}


def refresh(
    source: Source, *, get: Get | None = None, clock: Callable[[], datetime] = timezone.now
) -> Fetch | None:
    """Ask ``source`` once and bring what it says to the readers.

    ``get`` replaces the network, for recorded documents. Returns the attempt's
    row, or None when another worker is asking this source. A feed's failure is a
    row, not an exception; a failure of ours is both.
    """
    lease = SourceState.claim(source)
    if lease is None:
        return None
    attempt = Attempt(source, lease, clock(), clock)
    try:
        return _ask(attempt, get)
    except PublishError:
        raise  # The count is stored and on record; the next tick publishes it.
    except Exception:
        attempt.record_crash()
        raise


def _ask(attempt: Attempt, get: Get | None) -> Fetch | None:
    source = attempt.source
    previous = Fetch.objects.latest_with_validators(source, attempt.started_at)
    before = _state_before(source)
    try:
        response = retrieve(source, before.standing, previous, get)
    except FeedError as error:
        return attempt.record_failure(error)
    digest = previous.sha256 if response.is_unchanged else Snapshot.digest(response.body)
    return _weigh(attempt, response, digest, before)


def _weigh(
    attempt: Attempt,
    response: Response,
    digest: str,
    before: SourceState,
    waived: Collection[Reason] = (),
) -> Fetch | None:
    """Decide whether a document is what stands, an old one, or one to take in."""
    source = attempt.source
    if before.standing is not None and before.standing.sha256 == digest:
        return _record_unchanged(attempt, response, before)
    known = Snapshot.objects.filter(source=source, sha256=digest).defer("compressed").first()
    if known is None or known.verdict in JUDGED_AGAIN or _is_of_the_same_time(known, before):
        return _take_in(attempt, response, digest, known, waived)
    return _record_old(attempt, response, known)


def take_in(
    source: Source,
    body: bytes,
    *,
    now: datetime,
    sent_by: object | None,
    waived: Collection[Reason] = (),
) -> Fetch | None:
    """Take in a document that a person has sent or typed, as if the source had answered with it.

    ``waived`` are the reasons that this person has answered for. Returns the attempt's row, or
    None while somebody else is asking or sending. As ``refresh`` does, a document that cannot
    be taken is a row; a failure of ours is both a row and an exception.
    """
    lease = SourceState.claim(source)
    if lease is None:
        return None
    attempt = Attempt(source, lease, now, lambda: now, sent_by)
    by_hand = Response(status=0, body=body)  # No server has answered.
    try:
        return _weigh(attempt, by_hand, Snapshot.digest(body), _state_before(source), waived)
    except PublishError:
        raise
    except Exception:
        attempt.record_crash()
        raise


def _is_of_the_same_time(known: Snapshot, before: SourceState) -> bool:
    """Answer whether a document came back that another of the same time has replaced."""
    standing = before.standing
    return standing is not None and known.counted_at == standing.counted_at


def awaiting_person(source: Source) -> Snapshot | None:
    """Return the document that waits for a person because races are missing.

    None when the source has answered anything else since.
    """
    answers = Fetch.objects.filter(source=source).exclude(outcome=Fetch.Outcome.FAILED)
    latest = answers.select_related("snapshot").defer("snapshot__compressed").first()
    if latest is None or latest.outcome != Fetch.Outcome.HELD or latest.snapshot is None:
        return None
    return latest.snapshot if Reason.TOO_FEW_CONTESTS in latest.snapshot.reasons else None


def accept(snapshot: Snapshot, *, now: datetime) -> bool:
    """Show a document that was held because races are missing: a person says that it is right.

    False when the source has answered anything else since, or while somebody is asking it.
    """
    if awaiting_person(snapshot.source) != snapshot:
        return False
    lease = SourceState.claim(snapshot.source)
    if lease is None or awaiting_person(snapshot.source) != snapshot:
        return False
    attempt = Attempt(snapshot.source, lease, now, lambda: now)
    waived = {Reason.TOO_FEW_CONTESTS}
    fetch = _take_in(attempt, None, snapshot.sha256, snapshot, waived)
    return fetch is not None and fetch.outcome == Fetch.Outcome.ACCEPTED


def _state_before(source: Source) -> SourceState:
    """Return what stands, and whether it holds anything back.

    Read before the source is asked, so that the usual answer, nothing new, costs a row and no
    look-up. Only the holder of the lease moves what stands.
    """
    return (
        SourceState.objects.filter(source=source)
        .select_related("standing")
        .defer("standing__compressed")
        .annotate(
            has_open_holds=Exists(Hold.objects.open().drops().filter(source=OuterRef("source")))
        )
        .get()
    )


def _record_unchanged(attempt: Attempt, response: Response, before: SourceState) -> Fetch:
    standing = before.standing
    fetch = attempt.record(
        Fetch.Outcome.UNCHANGED, response, snapshot=standing, sha256=standing.sha256
    )
    if before.has_open_holds:
        release_confirmed(attempt.source, now=attempt.started_at)
    if get_details_reader(attempt.source.provider) is not None:
        _complete(standing)
    return fetch


def _complete(standing: Snapshot) -> None:
    """Read the parts of counts that nobody followed when the document came."""
    contest_ids = store_missing_details(standing)
    if contest_ids:
        publish(contest_ids)
        purge_pages_showing(contest_ids)


def _record_old(attempt: Attempt, response: Response, known: Snapshot) -> Fetch:
    """Record a document that stood once, or came late once, and does not stand."""
    return attempt.record(
        Fetch.Outcome.STALE, response, message=OLD_AGAIN, snapshot=known, sha256=known.sha256
    )


def _take_in(
    attempt: Attempt,
    response: Response | None,
    digest: str,
    known: Snapshot | None,
    waived: Collection[Reason] = (),
) -> Fetch | None:
    """Read, judge and store a document, then publish what it changed.

    Without a ``response`` it is the ``known`` one, judged again.
    """
    source = attempt.source
    is_new_body = response is not None and not response.is_unchanged
    body = response.body if is_new_body else known.body
    try:
        report = get_provider(source.provider).parse(body)
    except FeedError as error:
        return _record_unreadable(attempt, response, digest, error, known)
    with transaction.atomic():
        state = _locked_state(attempt)
        if state is None:
            logger.warning("Source %s took too long; another worker has taken over.", source.pk)
            return None
        judgement = judge(report, source, state, attempt.started_at).without(waived)
        snapshot = _record_snapshot(attempt, body, digest, report, judgement, known)
        touched = _store(attempt, report, snapshot, judgement.verdict)
        if judgement.verdict is Verdict.ACCEPTED:
            store_details(snapshot, body)
        fetch = attempt.record(
            OUTCOMES[judgement.verdict],
            response,
            snapshot=snapshot,
            sha256=digest,
            code=judgement.reasons[0].value if judgement.reasons else "",
            message=BY_HAND if response is None else explain(judgement),
        )
        if judgement.verdict is Verdict.ACCEPTED:
            state.standing = snapshot
            state.save(update_fields=["standing"])
    publish(touched)
    if judgement.verdict is Verdict.ACCEPTED:
        release_confirmed(attempt.source, now=attempt.started_at)
    return fetch


def _locked_state(attempt: Attempt) -> SourceState | None:
    """Lock the source for storing; None when the lease has gone to somebody else."""
    states = SourceState.objects.select_for_update(of=("self",)).select_related("standing")
    states = states.defer("standing__compressed")
    return states.filter(source=attempt.source, lease=attempt.lease).first()


def _record_snapshot(
    attempt: Attempt,
    body: bytes,
    digest: str,
    report: Report,
    judgement: Judgement,
    known: Snapshot | None,
) -> Snapshot:
    reasons = [reason.value for reason in judgement.reasons]
    if known is not None:
        known.verdict, known.reasons = judgement.verdict, reasons
        known.counted_at, known.contest_count = report.counted_at, len(report.contests)
        known.ballots_cast = report.ballots_cast
        known.save(
            update_fields=["verdict", "reasons", "counted_at", "contest_count", "ballots_cast"]
        )
        return known
    return Snapshot.objects.create(
        source=attempt.source,
        sha256=digest,
        compressed=Snapshot.pack(body),
        size=len(body),
        first_seen_at=attempt.started_at,
        counted_at=report.counted_at,
        contest_count=len(report.contests),
        ballots_cast=report.ballots_cast,
        verdict=judgement.verdict,
        reasons=reasons,
    )


def _store(attempt: Attempt, report: Report, snapshot: Snapshot, verdict: Verdict) -> list[int]:
    """Store what the document says as far as its verdict allows; return the contests touched."""
    if verdict not in STORES:
        return []
    source = attempt.source
    provider = get_provider(source.provider)
    matches = match_report(report, election=source.election, provider=provider)
    report, matches = without_left_out(report, matches, source.election)
    if verdict is Verdict.ACCEPTED:
        store_reported_calls(report, snapshot, matches, now=attempt.started_at)
        store_ballots_left(report.ballots_left, snapshot, now=attempt.started_at)
    return STORES[verdict](report, snapshot, matches, now=attempt.started_at)


def _record_unreadable(
    attempt: Attempt,
    response: Response | None,
    digest: str,
    error: FeedError,
    known: Snapshot | None,
) -> Fetch:
    """Keep the bytes of a document that nobody can read, once for a row of the same failure."""
    latest = Fetch.objects.filter(source=attempt.source).order_by("-pk").first()
    if known is None and (latest is None or latest.code != error.code):
        known = Snapshot.objects.create(
            source=attempt.source,
            sha256=digest,
            compressed=Snapshot.pack(response.body),
            size=len(response.body),
            first_seen_at=attempt.started_at,
            verdict=Verdict.REJECTED,
            reasons=[error.code],
        )
    return attempt.record(
        Fetch.Outcome.REJECTED,
        response,
        snapshot=known,
        sha256=digest,
        code=error.code,
        message=f"{error.message} ({error.path})" if error.path else error.message,
    )
