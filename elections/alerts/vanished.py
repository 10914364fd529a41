"""Races that a source counted before, and that its latest document leaves out."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from elections.models import Contest, CurrentCount, Hold, Source, SourceState


def missing_counts(source: Source) -> QuerySet[CurrentCount]:
    """Return what readers keep of the confirmed races that the standing document left out.

    A count that the document has, and that was held or rejected, is not missing.
    """
    state = SourceState.objects.filter(source=source).select_related("standing")
    standing = next((row.standing for row in state.defer("standing__compressed")), None)
    if standing is None:
        return CurrentCount.objects.none()
    kept_back = Q(decision=Hold.Decision.OPEN, snapshot=standing) | Q(
        decision=Hold.Decision.REJECTED, snapshot__counted_at__gt=OuterRef("as_of")
    )
    held = Hold.objects.drops().filter(kept_back, source=source, contest=OuterRef("contest"))
    counts = CurrentCount.objects.filter(
        ~Exists(held),
        source=source,
        contest__status=Contest.Status.CONFIRMED,
        as_of__lt=standing.counted_at,
    )
    return counts.select_related("contest").order_by("contest__order", "contest__name", "pk")
