"""What is wrong with a source right now, as alerts that last until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from elections.alerts.vanished import missing_counts
from elections.models import Alert, AlertKind, Fetch, Source

STREAK = 3
SILENT_AT_LEAST = timedelta(minutes=10)
SILENT_INTERVALS = 3
DRIFT_CODES = frozenset(
    {"bad-value", "bad-version", "doctype", "duplicate", "no-time", "schema-drift"}
)
"""Why a document could be taken apart, and yet not be read: its shape is another."""


def watched_sources(now: datetime) -> QuerySet[Source]:
    """Return the sources that somebody counts on: switched on, of a count that goes on."""
    fetches = Fetch.objects.filter(source=OuterRef("pk")).order_by("-pk")
    good = fetches.exclude(outcome__in=Fetch.ERRORS)
    return (
        Source.objects.filter(is_active=True)
        .filter(Q(election__certified_at=None) | Q(election__certified_at__gt=now))
        .select_related("election")
        .with_latest_fetch()
        .annotate(
            latest_outcome=Subquery(fetches.values("outcome")[:1]),
            latest_message=Subquery(fetches.values("message")[:1]),
            latest_good_at=Subquery(good.values("started_at")[:1]),
        )
    )


def source_troubles(source: Source, now: datetime) -> Iterator[Alert]:
    """Yield an alert for each thing that is wrong with one of ``watched_sources``."""
    is_failing = (source.latest_error_streak or 0) >= STREAK
    if _is_stale(source, now) and not is_failing:
        said = _("%(source)s has given no good answer since %(at)s. Readers keep the last count.")
        yield _alert(
            source,
            AlertKind.STALE_SOURCE,
            said % {"source": source.name, "at": _clock(source, source.latest_good_at)},
            now,
        )
    if is_failing:
        said = _("%(source)s failed %(streak)s times in a row. %(message)s")
        facts = {"source": source.name, "streak": source.latest_error_streak}
        yield _alert(
            source, AlertKind.ERROR_STREAK, said % {**facts, "message": _told(source)}, now
        )
    if source.latest_outcome == Fetch.Outcome.REJECTED and source.latest_code in DRIFT_CODES:
        said = _("%(source)s sends something that its format does not know. %(message)s")
        facts = {"source": source.name, "message": _told(source)}
        yield _alert(source, AlertKind.SCHEMA_DRIFT, said % facts, now)
    if source.latest_outcome == Fetch.Outcome.HELD:
        said = _("A document of %(source)s is held. %(message)s")
        facts = {"source": source.name, "message": _told(source)}
        yield _alert(source, AlertKind.DOCUMENT_HELD, said % facts, now)
    yield from _vanished(source, now)


def _is_stale(source: Source, now: datetime) -> bool:
    if source.mode != Source.Mode.AUTOMATIC or source.latest_good_at is None:
        return False
    interval = source.interval(now)
    if interval is None:
        return False
    return now - source.latest_good_at > max(SILENT_AT_LEAST, SILENT_INTERVALS * interval)


def _vanished(source: Source, now: datetime) -> Iterator[Alert]:
    for current in missing_counts(source):
        said = _(
            "%(race)s is not in the latest document of %(source)s. Readers keep the count of "
            "%(at)s. Ask the elections office."
        )
        facts = {"race": current.contest.name, "source": source.name}
        alert = _alert(
            source,
            AlertKind.CONTEST_VANISHED,
            said % {**facts, "at": _clock(source, current.as_of)},
            now,
            subject=f"source:{source.pk}:contest:{current.contest_id}",
        )
        alert.contest = current.contest
        yield alert


def _alert(
    source: Source, kind: AlertKind, message: str, now: datetime, subject: str = ""
) -> Alert:
    return Alert(
        kind=kind,
        subject=subject or f"source:{source.pk}",
        lasts=True,
        message=message,
        election=source.election,
        source=source,
        opened_at=now,
    )


def _told(source: Source) -> str:
    return _(source.latest_message) if source.latest_message else ""


def _clock(source: Source, moment: datetime) -> str:
    local = moment.astimezone(source.election.zone)
    return f"{date_format(local, 'SHORT_DATETIME_FORMAT')} {local:%Z}"
