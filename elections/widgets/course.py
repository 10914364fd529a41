"""The courses of races' counts, read from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property

from elections.models import Contest, ContestCount
from elections.widgets.interventions import shown_to_readers
from elections.widgets.languages import Names
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


class Courses:
    """The courses of several races, in the language of the answer at hand.

    Their rows are read together when the first is drawn: two queries, whatever their number, and
    one more for the names in a further language.
    """

    def __init__(self, contests: Iterable[Contest]):
        self._contests = {contest.pk: contest for contest in contests}

    def draw(self, contest: Contest) -> Timeline | None:
        """Return the course of a race; None before its second release. Another's costs its own."""
        if contest.pk not in self._contests:
            return Courses([contest]).draw(contest)
        counts = self._counts.get(contest.pk, ())
        return race_timeline(self._names.contest(self._contests[contest.pk]), counts)

    @cached_property
    def _names(self) -> Names:
        return Names.current()

    @cached_property
    def _counts(self) -> Mapping[int, list[ContestCount]]:
        prefetch_related_objects(list(self._contests.values()), "selections")
        counted = ContestCount.objects.filter(contest__in=self._contests.keys())
        found: dict[int, list[ContestCount]] = defaultdict(list)
        for count in shown_to_readers(counted.order_by("counted_at", "pk")):
            found[count.contest_id].append(count)
        return found
