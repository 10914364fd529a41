"""What an accepted document changes: counts, pointers and holds, in a few statements.

Nothing here commits; ``ingest`` runs it inside the transaction that also stores
the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.counting import guards
from elections.counting.guards import ContestJudgement, ContestVerdict
from elections.counting.results import Report
from elections.detailing import store_details_of
from elections.matching import Match
from elections.models import ContestCount, CurrentCount, Hold, Snapshot, Source


def store_counts(
    report: Report, snapshot: Snapshot, matches: Mapping[str, Match], *, now: datetime
) -> list[int]:
    """Store the counts of an accepted document and move the pointers to them.

    Returns the ids of the contests whose published result may now be another:
    all of the document's, because a release that changes nothing still confirms
    the count at a later time.
    """
    source = snapshot.source
    # Locked before anything is read, so that a decision of the desk comes wholly before or after.
    open_holds = Hold.objects.open().drops().filter(source=source).select_for_update()
    holds = {hold.contest_id: hold for hold in open_holds}
    shown = _shown(source)
    changed: list[ContestCount] = []
    confirmed: set[int] = set()
    for reported in report.contests:
        match = matches[reported.key]
        contest_id = match.contest_id
        votes, ballots = _votes(reported, match), _ballots(reported)
        votes_shown, ballots_shown = shown.get(contest_id, (None, None))
        verdict = guards.get_verdict(votes_shown, votes)
        if verdict is ContestVerdict.HELD:
            hold = holds.pop(contest_id, None)
            judgement = _judge(match, votes_shown, votes)
            _keep_back(match, snapshot, votes_shown, votes, ballots, judgement, hold, now)
            continue
        if verdict is ContestVerdict.CHANGED or ballots != ballots_shown:
            changed.append(_count(match, snapshot, votes, ballots, now))
        else:
            confirmed.add(contest_id)
    reported_ids = {match.contest_id for match in matches.values()}
    _withdraw([hold for pk, hold in holds.items() if pk in reported_ids], now)
    _record([count for count in changed if count.contest_id in shown], snapshot, now)
    first = [count for count in changed if count.contest_id not in shown]
    _record(first, snapshot, now, are_first=True)
    CurrentCount.point(
        CurrentCount(
            contest_id=count.contest_id,
            source=source,
            count=count,
            as_of=snapshot.counted_at,
        )
        for count in first
    )
    told = confirmed | {count.contest_id for count in changed}
    _move_pointers(snapshot, untold=shown.keys() - told)
    return list(reported_ids)


def _shown(source: Source) -> dict[int, tuple[dict[str, int], dict[str, int | None]]]:
    """Return the votes and the ballots of each contest that this source's count stands for."""
    names = ContestCount.BALLOTS
    rows = CurrentCount.objects.filter(source=source).values_list(
        "contest", "count__votes", *(f"count__{name}" for name in names)
    )
    return {
        contest_id: (votes, dict(zip(names, ballots, strict=True)))
        for contest_id, votes, *ballots in rows
    }


def _record(
    counts: list[ContestCount], snapshot: Snapshot, now: datetime, *, are_first: bool = False
) -> None:
    """Add the rows of a document; one that came back after another of its time has some.

    ``are_first``: of contests that have no pointer yet, so that their ids are needed.
    """
    if not counts:
        return
    if snapshot.first_seen_at != now:
        recorded = ContestCount.objects.filter(snapshot=snapshot)
        contest_ids = set(recorded.values_list("contest", flat=True))
        counts = [count for count in counts if count.contest_id not in contest_ids]
    if are_first:
        ContestCount.objects.bulk_create(counts)
    else:
        ContestCount.objects.add(counts)


def _move_pointers(snapshot: Snapshot, *, untold: Set[int]) -> None:
    """Point to the document's counts; where it says nothing new, it confirms what stands.

    ``untold`` are the contests that the document leaves out, or whose count is held.
    """
    new = ContestCount.objects.filter(snapshot=snapshot, contest=OuterRef("contest")).order_by()
    CurrentCount.objects.filter(source=snapshot.source).exclude(contest__in=untold).update(
        count=Coalesce(Subquery(new.values("pk")), F("count")),
        as_of=snapshot.counted_at,
        changed_at=timezone.now(),
    )


def store_history(
    report: Report, snapshot: Snapshot, matches: Mapping[str, Match], *, now: datetime
) -> list[int]:
    """Store a late document's counts for the timeline, where they add to it.

    Nothing that readers see as current moves.
    """
    before = _counts_before(snapshot)
    ContestCount.objects.bulk_create(
        _count(match, snapshot, votes, _ballots(reported), now)
        for reported in report.contests
        if (votes := _votes(reported, match := matches[reported.key]))
        != before.get(match.contest_id)
    )
    return []


def store_nothing(
    report: Report, snapshot: Snapshot, matches: Mapping[str, Match], *, now: datetime
) -> list[int]:
    """Store no count of a document whose races were only matched."""
    return []


def _votes(reported, match: Match) -> dict[str, int]:
    """Return the votes as ``ContestCount`` keeps them: selection id as text to votes."""
    ids = match.selections
    return {str(ids[selection.key]): selection.votes for selection in reported.selections}


def _ballots(reported) -> dict[str, int | None]:
    return {name: getattr(reported, name) for name in ContestCount.BALLOTS}


def _count(
    match: Match,
    snapshot: Snapshot,
    votes: dict[str, int],
    ballots: Mapping[str, int | None],
    now: datetime,
) -> ContestCount:
    return ContestCount(
        contest_id=match.contest_id,
        snapshot_id=snapshot.pk,
        counted_at=snapshot.counted_at,
        recorded_at=now,
        votes=votes,
        **ballots,
    )


def _judge(
    match: Match, votes_shown: dict[str, int] | None, votes: dict[str, int]
) -> ContestJudgement[str]:
    return guards.judge_contest(
        votes_shown,
        votes,
        rule=match.rule,
        pooled=match.pooled,
        yes=match.yes,
        thresholds=match.thresholds,
    )


def _counts_before(snapshot: Snapshot) -> dict[int, dict[str, int]]:
    """Return each contest's latest count of this source before the snapshot's own time."""
    counts = ContestCount.objects.filter(
        snapshot__source=snapshot.source, counted_at__lt=snapshot.counted_at
    )
    ordered = counts.order_by("counted_at", "pk").values_list("contest", "votes")
    return dict(ordered.iterator())


def _keep_back(
    match: Match,
    snapshot: Snapshot,
    votes_shown: dict[str, int],
    votes: dict[str, int],
    ballots: dict[str, int | None],
    judgement: ContestJudgement[str],
    hold: Hold | None,
    now: datetime,
) -> None:
    """Open a hold, or bring the open one up to the source's latest statement.

    What a person has rejected stays rejected while the source repeats it.
    """
    if hold is None:
        drops = Hold.objects.drops().filter(contest=match.contest_id, source=snapshot.source)
        latest = drops.first()
        if latest and latest.decision == Hold.Decision.REJECTED and latest.votes_held == votes:
            return
        hold = Hold(contest_id=match.contest_id, source=snapshot.source, opened_at=now)
    hold.snapshot = snapshot
    hold.votes_shown = votes_shown
    hold.votes_held, hold.ballots_held = votes, ballots
    hold.changes_winners = judgement.changes_winners
    hold.changed_at = timezone.now()
    hold.save()


def _withdraw(holds: list[Hold], now: datetime) -> None:
    for hold in holds:
        hold.decide(Hold.Decision.WITHDRAWN, at=now)


@transaction.atomic
def release_hold(
    hold: Hold,
    *,
    now: datetime,
    by: object | None = None,
    public_note: str = "",
    seen: int | None = None,
) -> bool:
    """Make the held count the current one, with a note to readers.

    Without a person the note says that the source corrected itself. Returns
    False when somebody has decided the hold before, or the source has said something
    newer than the document ``seen``.
    """
    decision = Hold.Decision.RELEASED if by else Hold.Decision.RELEASED_BY_ITSELF
    if hold.instead_of_id is None:
        note = _("%(source)s lowered an earlier count.") % {"source": hold.source.name}
    else:
        note = _("The count now comes from %(source)s.") % {"source": hold.source.name}
    if not hold.decide(decision, at=now, by=by, public_note=public_note or note, seen=seen):
        return False
    if hold.instead_of_id is not None:
        return True  # Its count stands already; the decision lets readers see it.
    # A document that came back after another of its time has been counted before.
    count, _is_new = ContestCount.objects.get_or_create(
        contest_id=hold.contest_id,
        snapshot=hold.snapshot,
        defaults={
            "counted_at": hold.snapshot.counted_at,
            "recorded_at": now,
            "votes": hold.votes_held,
            **hold.ballots_held,
        },
    )
    CurrentCount.point(
        [
            CurrentCount(
                contest_id=hold.contest_id,
                source=hold.source,
                count=count,
                as_of=hold.snapshot.counted_at,
            )
        ]
    )
    store_details_of(hold.snapshot, hold.contest_id)
    return True
