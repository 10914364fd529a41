"""One source: how it does, when it is asked next, what it said lately."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Table
from wagtail.admin.views import generic

from elections import ingest
from elections.desk.asking import may_ask
from elections.desk.documents import document_columns, fetch_columns
from elections.desk.health import source_health, sources_with_health
from elections.desk.records import LISTING
from elections.models import Contest, CurrentCount, Fetch, Hold, Snapshot, Source, SourceState

LATEST = 10


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
    held = Hold.objects.filter(kept_back, source=source, contest=OuterRef("contest"))
    counts = CurrentCount.objects.filter(
        ~Exists(held),
        source=source,
        contest__status=Contest.Status.CONFIRMED,
        as_of__lt=standing.counted_at,
    )
    return counts.select_related("contest").order_by("contest__order", "contest__name", "pk")


class SourceInspectView(generic.InspectView):
    page_title = _("State")

    def get_object(self, queryset: Any = None) -> Source:
        return get_object_or_404(sources_with_health(Source.objects.all()), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source, now = self.object, timezone.now()
        fetches = (
            Fetch.objects.filter(source=source).select_related("sent_by").order_by("-pk")[:LATEST]
        )
        snapshots = Snapshot.objects.filter(source=source).defer("compressed").order_by("-pk")
        may_act = may_ask(self.request.user)
        is_asked = source.is_active and source.mode == Source.Mode.AUTOMATIC
        return super().get_context_data(
            source=source,
            health=source_health(source, now),
            missing=missing_counts(source),
            next_due_at=source.next_due_at(now) if is_asked else None,
            now=now,
            fetches=Table(fetch_columns(), fetches, classname=LISTING),
            documents=Table(document_columns(), snapshots[:LATEST], classname=LISTING),
            ask_url=reverse("elections_sources:ask", args=[source.pk])
            if is_asked and may_act
            else "",
            try_url=reverse("elections_sources:try", args=[source.pk])
            if source.mode == Source.Mode.AUTOMATIC and may_act
            else "",
            waiting=ingest.awaiting_person(source) if may_act else None,
            **kwargs,
        )
