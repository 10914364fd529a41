"""What a source said: every attempt, every document, and the raw bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from elections.desk.records import LIST_TEMPLATE, LISTING, ON_WIDE_SCREENS
from elections.explanations import EXPLANATIONS
from elections.models import Fetch, Snapshot, Source

EXACT = "elections-exact"
VERDICTS = {
    "accepted": gettext_lazy("Accepted"),
    "stale": gettext_lazy("Older than what we have"),
    "held": gettext_lazy("Held for review"),
    "embargoed": gettext_lazy("Before the polls closed"),
    "rejected": gettext_lazy("Not readable"),
}


def verdict_text(snapshot: Snapshot) -> str:
    return str(VERDICTS.get(snapshot.verdict, snapshot.verdict))


def reasons_text(snapshot: Snapshot) -> str:
    """Return why a document got its verdict; codes of unreadable ones stay codes."""
    known = {reason.value: text for reason, text in EXPLANATIONS.items()}
    return " ".join(_(known[code]) if code in known else code for code in snapshot.reasons)


def message_text(fetch: Fetch) -> str:
    return _(fetch.message) if fetch.message else ""


def to_the_second(moment: datetime | None) -> str:
    """Return a time as a log wants it; "" for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"


def _first_seen_text(snapshot: Snapshot) -> str:
    return to_the_second(snapshot.first_seen_at)


def _counted_text(snapshot: Snapshot) -> str:
    return to_the_second(snapshot.counted_at)


def _started_text(fetch: Fetch) -> str:
    return to_the_second(fetch.started_at)


def _status_text(fetch: Fetch) -> str:
    return str(fetch.http_status or "")


def _sender_text(fetch: Fetch) -> str:
    return fetch.sent_by.get_username() if fetch.sent_by else "–"


def fetch_columns() -> list[BaseColumn]:
    return [
        Column("started_at", label=_("When"), accessor=_started_text, classname=EXACT),
        Column("outcome", label=_("Outcome"), accessor="get_outcome_display"),
        Column(
            "http_status", label=_("HTTP status"), accessor=_status_text, classname=ON_WIDE_SCREENS
        ),
        NumberColumn("size", label=_("Bytes"), classname=ON_WIDE_SCREENS),
        Column("message", label=_("What happened"), accessor=message_text),
        Column("sent_by", label=_("Sent by"), accessor=_sender_text, classname=ON_WIDE_SCREENS),
    ]


def document_columns() -> list[BaseColumn]:
    return [
        TitleColumn(
            "sha256",
            label=_("Document"),
            accessor=str,
            classname=EXACT,
            get_url=lambda snapshot: reverse("elections_sources:raw", args=[snapshot.pk]),
        ),
        Column(
            "first_seen_at",
            label=_("First seen"),
            accessor=_first_seen_text,
            classname=f"{EXACT} {ON_WIDE_SCREENS}",
        ),
        Column("counted_at", label=_("Counted at"), accessor=_counted_text, classname=EXACT),
        NumberColumn("contest_count", label=_("Races"), classname=ON_WIDE_SCREENS),
        NumberColumn("size", label=_("Bytes"), classname=ON_WIDE_SCREENS),
        TitleColumn(
            "text",
            label=_("Text"),
            accessor=lambda snapshot: _("Read"),
            get_url=lambda snapshot: reverse("elections_sources:text", args=[snapshot.pk]),
        ),
        Column("verdict", label=_("Verdict"), accessor=verdict_text),
        Column("reasons", label=_("Why"), accessor=reasons_text),
    ]


class SourceChildListView(PermissionCheckedMixin, BaseListingView):
    """A list of what belongs to one source."""

    model = Source
    any_permission_required = ["add", "change", "delete", "view"]
    paginate_by = 50
    header_icon = "history"
    inspect_url_name = None
    url_name = ""
    results_template_name = LIST_TEMPLATE
    table_classname = LISTING
    empty_message = gettext_lazy("Nothing yet. It fills up as soon as the source is asked.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.source = get_object_or_404(Source, pk=kwargs["pk"])

    def get_index_url(self) -> str:
        return reverse(self.url_name, args=[self.source.pk])

    def get_index_results_url(self) -> str:
        return reverse(f"{self.url_name}_results", args=[self.source.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inspect_url = reverse(self.inspect_url_name, args=[self.source.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_sources:index"), "label": _("Sources")},
            {"url": inspect_url, "label": str(self.source)},
            {"url": "", "label": self.page_title},
        ]


class FetchFilterSet(WagtailFilterSet):
    outcome = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Outcome"),
        choices=Fetch.Outcome.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Fetch
        fields = ["outcome"]


class FetchListView(SourceChildListView):
    page_title = gettext_lazy("Attempts")
    url_name = "elections_sources:attempts"
    filterset_class = FetchFilterSet

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return fetch_columns()

    def get_base_queryset(self) -> QuerySet[Fetch]:
        return Fetch.objects.filter(source=self.source).select_related("sent_by").order_by("-pk")


class DocumentFilterSet(WagtailFilterSet):
    verdict = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Verdict"),
        choices=list(VERDICTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Snapshot
        fields = ["verdict"]


class DocumentListView(SourceChildListView):
    page_title = gettext_lazy("Documents")
    header_icon = "doc-full"
    url_name = "elections_sources:documents"
    filterset_class = DocumentFilterSet

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return document_columns()

    def get_base_queryset(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.filter(source=self.source).defer("compressed").order_by("-pk")


class RawDocumentView(PermissionCheckedMixin, View):
    """The bytes as they came, for a text editor: a browser must not run them."""

    model = Source
    any_permission_required = ["add", "change", "delete", "view"]
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        snapshot = get_object_or_404(Snapshot, pk=pk)
        name = f"{snapshot.first_seen_at:%Y%m%d-%H%M%S}-{snapshot.sha256[:12]}.txt"
        return HttpResponse(
            snapshot.body,
            content_type="text/plain; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )
