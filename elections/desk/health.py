"""How a source is doing, in a word and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.models import Fetch, Hold, Source

LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Health:
    """``tone`` is for the colour: good, waiting, warning or critical. The words carry it."""

    word: str
    tone: str
    sentence: str


def sources_with_health(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Annotate what ``source_health`` asks about each source."""
    fetches = Fetch.objects.filter(source=OuterRef("pk")).order_by("-pk")
    good = fetches.exclude(outcome__in=Fetch.ERRORS)
    return (
        sources.select_related("election")
        .with_latest_fetch()
        .annotate(
            latest_outcome=Subquery(fetches.values("outcome")[:1]),
            latest_message=Subquery(fetches.values("message")[:1]),
            latest_good_at=Subquery(good.values("started_at")[:1]),
            open_holds=Count("holds", filter=Q(holds__decision=Hold.Decision.OPEN)),
        )
    )


def source_health(source: Source, now: datetime) -> Health:
    """Say how a source of ``sources_with_health`` is doing."""
    health = _idle(source, now) or _troubled(source, now)
    if health is None:
        message = _message(source)
        health = Health(_("Answers"), "good", message or _("There is nothing to do."))
    if source.open_holds:
        held = ngettext(
            "%(count)s count is held: release or reject it under Holds.",
            "%(count)s counts are held: release or reject them under Holds.",
            source.open_holds,
        ) % {"count": source.open_holds}
        if health.tone == "good":
            return Health(_("Held"), "warning", held)
        return Health(health.word, health.tone, f"{health.sentence} {held}")
    return health


def _idle(source: Source, now: datetime) -> Health | None:
    if not source.is_active:
        return Health(_("Off"), "waiting", _("It is not asked. Make it active to ask it again."))
    certified_at = source.election.certified_at
    if certified_at is not None and certified_at <= now:
        return Health(
            _("Done"), "waiting", _("The election is certified, so the source is left alone.")
        )
    if source.latest_fetch_at is None and source.mode == Source.Mode.REPLAY:
        return Health(
            _("Waiting"),
            "waiting",
            _("Nothing was played yet. Play recorded documents into it with the replay command."),
        )
    if source.latest_fetch_at is None and source.mode == Source.Mode.BY_HAND:
        return Health(
            _("Waiting"),
            "waiting",
            _("Nothing was sent yet. Upload or paste a sheet on the page of the source."),
        )
    return None


def _troubled(source: Source, now: datetime) -> Health | None:
    if source.latest_fetch_at is None:
        return Health(
            _("Not asked yet"),
            "warning",
            _(
                "It will be asked within seconds. If this stays, start the task worker and the "
                "schedule, or choose “Ask now”."
            ),
        )
    if source.latest_error_streak:
        return Health(_("Failing"), "critical", _message(source))
    if source.latest_outcome in (Fetch.Outcome.HELD, Fetch.Outcome.EMBARGOED):
        return Health(Fetch.Outcome(source.latest_outcome).label, "warning", _message(source))
    due_at = source.next_due_at(now)
    is_asked = source.mode == Source.Mode.AUTOMATIC
    if is_asked and due_at is not None and now - due_at > LATE_AFTER:
        return Health(
            _("Late"),
            "warning",
            _(
                "It should have been asked %(age)s ago. Start the task worker and the schedule, "
                "or choose “Ask now”."
            )
            % {"age": timesince(due_at, now)},
        )
    return None


def _message(source: Source) -> str:
    return _(source.latest_message) if source.latest_message else ""
