"""What open alerts say of a race on the desk's screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from elections.desk.board.flags import Flags, RowFlag, row_flags
from elections.desk.board.urgency import Urgency
from elections.models import Alert, AlertKind
from elections.models.one_of import OneOf
from elections.widgets.facts import ContestFacts

RECENT = timedelta(minutes=30)
LASTING = {
    AlertKind.CONTEST_VANISHED: Urgency.CONTRADICTION,
    AlertKind.SOURCES_DISAGREE: Urgency.CONTRADICTION,
    AlertKind.SCHEMA_DRIFT: None,
}
MOMENTS = {
    AlertKind.CUT_LINE_CHANGED: Urgency.LEAD_CHANGED,
    AlertKind.THRESHOLD_CROSSED: Urgency.LEAD_CHANGED,
}


@row_flags
def alert_flags(races: Sequence[ContestFacts], now: datetime) -> Flags:
    """Flag what lasts, and for half an hour what happened; holds and leads have their own."""
    happened = Q(kind__in=MOMENTS, opened_at__gte=now - RECENT)
    lasting = Q(kind__in=LASTING, lasts=True, closed_at=None)
    alerts = Alert.objects.filter(
        happened | lasting, contest__in=OneOf(race.contest.pk for race in races)
    )
    flags: dict[int, list[RowFlag]] = defaultdict(list)
    for alert in alerts.order_by("-opened_at", "-pk"):
        kind = AlertKind(alert.kind)
        flags[alert.contest_id].append(
            RowFlag(
                word=str(kind.label),
                sentence=alert.message,
                tone="warning",
                urgency=LASTING.get(kind) or MOMENTS.get(kind),
                url=reverse("elections_races:inspect", args=[alert.contest_id]),
            )
        )
    return flags
