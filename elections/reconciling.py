"""A change of source that would lower a number becomes a hold, for a person to decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from elections.counting.guards import judge_contest
from elections.models import Contest, CurrentCount, Hold, Selection
from elections.widgets.choosing import Choice, choose_counts


def contests_of_several_sources(now: datetime) -> list[int]:
    """Return the races that two sources or more count, in elections that go on."""
    going_on = Q(election__certified_at=None) | Q(election__certified_at__gt=now)
    contests = Contest.objects.confirmed().filter(going_on).order_by()
    several = contests.annotate(told_by=Count("current_counts")).filter(told_by__gt=1)
    return list(several.values_list("pk", flat=True))


def hold_switches_due(now: datetime) -> int:
    """Hold what waits in every race of several sources; return how many wait."""
    return hold_switches(contests_of_several_sources(now), now=now)


@transaction.atomic
def hold_switches(contest_ids: Collection[int], *, now: datetime) -> int:
    """Open, refresh or withdraw the holds of changes that wait; return how many wait."""
    open_holds = Hold.objects.open().switches().select_for_update()
    holds = {hold.contest_id: hold for hold in open_holds}
    choices = choose_counts(set(contest_ids) | holds.keys())
    waiting = {pk: choice for pk, choice in choices.items() if choice.waiting is not None}
    for pk, hold in holds.items():
        choice = waiting.get(pk)
        if choice is None or not _is_about(hold, choice):
            hold.decide(Hold.Decision.WITHDRAWN, at=now)
    for pk, choice in waiting.items():
        hold = holds.get(pk)
        _keep_back(choice, hold if hold is not None and _is_about(hold, choice) else None, now)
    return len(waiting)


def _is_about(hold: Hold, choice: Choice) -> bool:
    sources = (hold.source_id, hold.instead_of_id)
    return sources == (choice.waiting.source_id, choice.shown.source_id)


def _keep_back(choice: Choice, hold: Hold | None, now: datetime) -> None:
    """Write what waits into the hold; what a person has rejected is not asked again."""
    waiting, contest = choice.waiting, choice.waiting.contest
    if hold is None:
        latest = (
            Hold.objects.switches()
            .filter(contest=contest, source=waiting.source, instead_of=choice.shown.source)
            .first()
        )
        is_rejected = latest is not None and latest.decision == Hold.Decision.REJECTED
        if is_rejected and latest.tally_held == waiting.count.tally:
            return
        hold = Hold(
            contest=contest,
            source=waiting.source,
            instead_of=choice.shown.source,
            opened_at=now,
        )
    shown = {str(key): votes for key, votes in choice.seen.items()}
    if (hold.votes_held, hold.votes_shown) == (waiting.count.votes, shown):
        return
    hold.snapshot = waiting.count.snapshot
    hold.votes_shown, hold.votes_held = shown, waiting.count.votes
    hold.changes_winners = _changes_winners(contest, choice, waiting)
    hold.changed_at = timezone.now()
    hold.save()


def _changes_winners(contest: Contest, choice: Choice, waiting: CurrentCount) -> bool:
    return judge_contest(
        choice.seen,
        waiting.count.tally,
        rule=contest.rule,
        pooled=Selection.objects.pooled_in(contest),
        yes=Selection.objects.yes_of(contest),
        thresholds=contest.possible_thresholds,
    ).changes_winners
