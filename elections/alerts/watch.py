"""The watch: compares what is wrong now with the alerts that are open, and opens and closes.

It reads rows that others have committed, and nothing waits for it: whatever happens here,
a refresh and its publication have happened. A look that was missed is made up by the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils.translation import gettext as _

from elections.alerts.races import race_troubles
from elections.alerts.sources import source_troubles, watched_sources
from elections.alerts.turns import watch_counts
from elections.counting.guards import Reason
from elections.explanations import EXPLANATIONS
from elections.models import Alert, AlertKind, SourceState

logger = logging.getLogger(__name__)


def look(now: datetime) -> None:
    """Open what is new and close what is over. Trouble of one part is logged and harms no other."""
    for part in (_look_at_troubles, _look_at_documents, watch_counts):
        _guarded(part, now)


def _guarded(part: Callable[[datetime], object], now: datetime) -> None:
    try:
        part(now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("The watch could not look (%s).", part.__name__)


@transaction.atomic
def _look_at_troubles(now: datetime) -> None:
    wrong: list[Alert] = list(race_troubles(now))
    for source in watched_sources(now):
        wrong += source_troubles(source, now)
    _settle(wrong, now)


def _settle(wrong: Iterable[Alert], now: datetime) -> None:
    by_key = {(alert.kind, alert.subject): alert for alert in wrong}
    known = set()
    over = []
    for pk, kind, subject in Alert.objects.open().values_list("pk", "kind", "subject"):
        known.add((kind, subject))
        if (kind, subject) not in by_key:
            over.append(pk)
    Alert.objects.open().filter(pk__in=over).update(closed_at=now)
    Alert.open_all(alert for key, alert in by_key.items() if key not in known)


def _look_at_documents(now: datetime) -> None:
    """Tell of a document that stands and has changed without changing its time."""
    states = SourceState.objects.filter(
        source__is_active=True, standing__isnull=False, source__election__certified_at=None
    )
    for state in states.select_related("standing", "source__election").defer(
        "standing__compressed"
    ):
        if Reason.SAME_TIME_NEW_CONTENT in state.standing.reasons:
            Alert.open_all([_same_time(state, now)])


def _same_time(state: SourceState, now: datetime) -> Alert:
    source = state.source
    return Alert(
        kind=AlertKind.SAME_TIME,
        subject=f"snapshot:{state.standing_id}",
        lasts=False,
        message=f"{source.name}: {_(EXPLANATIONS[Reason.SAME_TIME_NEW_CONTENT])}",
        election=source.election,
        source=source,
        opened_at=now,
    )
