"""One source: how it does, when it is asked next, what it said lately."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Table
from wagtail.admin.views import generic

from elections import ingest
from elections.alerts.vanished import missing_counts
from elections.desk.asking import may_ask
from elections.desk.documents import document_columns, fetch_columns
from elections.desk.health import source_health, sources_with_health
from elections.desk.mapping_page import may_map
from elections.desk.records import LISTING
from elections.feeds import csv_feed
from elections.models import Fetch, SentSheet, Snapshot, Source

LATEST = 10


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
            map_url=reverse("elections_sources:map", args=[source.pk])
            if may_map(self.request.user)
            else "",
            send_url=reverse("elections_sheets:send", args=[source.pk])
            if source.provider == csv_feed.name and may_act
            else "",
            sheets=SentSheet.objects.filter(source=source, snapshot__isnull=False)
            .select_related("sent_by", "snapshot")
            .defer("compressed", "snapshot__compressed")[:LATEST],
            waiting=ingest.awaiting_person(source) if may_act else None,
            **kwargs,
        )
