"""The course of a race's count, read from its rows."""

from __future__ import annotations

from collections.abc import Iterable

from elections.models import Contest, ContestCount
from elections.widgets.interventions import shown_to_readers
from elections.widgets.timeline import Release, Timeline, build_timeline


def race_timeline(
    contest: Contest, counts: Iterable[ContestCount] | None = None
) -> Timeline | None:
    """Return the count of a race over its releases; None before the second release.

    A release that changed no vote is no step of it. Late documents are in it, at the time they
    speak of. ``counts`` are the race's, in order of ``counted_at``, where somebody has read them
    already.
    """
    if counts is None:
        counted = ContestCount.objects.filter(contest=contest).order_by("counted_at", "pk")
        counts = shown_to_readers(counted)
    names = {selection.pk: selection.name for selection in contest.selections.all()}
    releases = [Release(counted_at=count.counted_at, votes=count.tally) for count in counts]
    return build_timeline(
        [
            release
            for before, release in zip([None, *releases], releases, strict=False)
            if before is None or release.votes != before.votes
        ],
        names=names,
        time_zone=contest.election.zone,
    )
