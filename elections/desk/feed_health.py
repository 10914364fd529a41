"""How all sources do, whether anybody asks them, and every attempt, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from elections.desk.board.ages import age_text
from elections.desk.documents import fetch_columns
from elections.desk.health import Health, source_health, sources_with_health
from elections.desk.records import LIST_TEMPLATE, LISTING, ON_WIDE_SCREENS
from elections.models import AlertDelivery, Fetch, Heartbeat, Source
from elections.models.poll_plan import HOPELESS_STREAK

TASKS = {
    "refresh_due": (gettext_lazy("Asking sources"), timedelta(minutes=1)),
    "publish_due": (gettext_lazy("Publishing what went stale"), timedelta(minutes=2)),
    "alert_due": (gettext_lazy("Watching and telling"), timedelta(minutes=1)),
}
"""What runs by itself, and how old its latest run may be."""


@dataclass(frozen=True)
class SourceLine:
    """One source in the table."""

    source: Source
    health: Health
    good_age: str
    pace: str
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True)
class TaskLine:
    """One periodic task; ``age`` is of its latest run to the end."""

    label: str
    age: str
    is_alive: bool


def source_lines(now: datetime) -> list[SourceLine]:
    """Return every source, those that are asked first."""
    sources = sources_with_health(Source.objects.all())
    lines = [_line(source, now) for source in sources]
    return sorted(lines, key=lambda line: (line.due_at is None, line.due_at or now))


def _line(source: Source, now: datetime) -> SourceLine:
    is_asked = source.is_active and source.mode == Source.Mode.AUTOMATIC
    due_at = source.next_due_at(now) if is_asked else None
    return SourceLine(
        source=source,
        health=source_health(source, now),
        good_age=age_text(source.latest_good_at, now),
        pace=_pace(source, now) if is_asked else "",
        due_at=due_at,
        is_overdue=due_at is not None and due_at < now,
    )


def _pace(source: Source, now: datetime) -> str:
    """Say how often it is asked, and why more rarely than usual."""
    interval = source.interval(now)
    if interval is None:
        return _("Not any more: the election is certified")
    seconds = int(interval.total_seconds())
    if seconds < 60:
        said = ngettext("Every %(n)s second", "Every %(n)s seconds", seconds) % {"n": seconds}
    else:
        minutes = seconds // 60
        said = ngettext("Every %(n)s minute", "Every %(n)s minutes", minutes) % {"n": minutes}
    streak = source.latest_error_streak or 0
    if source.needs_person and streak >= HOPELESS_STREAK:
        return _("%(pace)s: somebody has to act first") % {"pace": said}
    return _("%(pace)s: more rarely while it fails") % {"pace": said} if streak else said


def task_lines(now: datetime) -> list[TaskLine]:
    beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
    return [
        TaskLine(
            str(label),
            age_text(beats.get(name), now),
            name in beats and now - beats[name] <= oldest,
        )
        for name, (label, oldest) in TASKS.items()
    ]


class AnyFetchFilterSet(WagtailFilterSet):
    outcome = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Outcome"),
        choices=Fetch.Outcome.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Fetch
        fields = ["outcome", "source"]


class FeedHealthView(PermissionCheckedMixin, BaseListingView):
    model = Source
    any_permission_required = ["add", "change", "delete", "view"]
    template_name = "elections/desk/feed_health.html"
    results_template_name = LIST_TEMPLATE
    table_classname = LISTING
    page_title = gettext_lazy("Health of the feeds")
    header_icon = "history"
    paginate_by = 50
    filterset_class = AnyFetchFilterSet
    index_url_name = "elections_sources:health"
    index_results_url_name = "elections_sources:health_results"
    empty_message = gettext_lazy("No source has been asked yet.")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        known = {column.name: column for column in fetch_columns()}
        source = Column("source", label=_("Source"), accessor="source.name")
        duration = NumberColumn(
            "duration", label=_("Seconds"), accessor=_seconds, classname=ON_WIDE_SCREENS
        )
        names = ("started_at", "outcome", "http_status", "size", "message")
        when, outcome, status, size, message = (known[name] for name in names)
        return [when, source, outcome, status, size, duration, message]

    def get_base_queryset(self) -> QuerySet[Fetch]:
        return Fetch.objects.select_related("source").order_by("-pk")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_sources:index"), "label": _("Sources")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        waiting = AlertDelivery.objects.filter(sent_at=None, failed_at=None)
        return super().get_context_data(
            lines=source_lines(now),
            tasks=task_lines(now),
            messages_waiting=waiting.count(),
            latest_trouble=waiting.exclude(error="").values_list("error", flat=True).last() or "",
            now=now,
            **kwargs,
        )


def _seconds(fetch: Fetch) -> str:
    return f"{(fetch.finished_at - fetch.started_at).total_seconds():.1f}"
