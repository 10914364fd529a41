"""What a source itself says is left to count, kept beside what the desk has written down.

Neither changes the other's rows: the newer statement, by the time that it gives, is the one that
readers see, with its source.
"""

from __future__ import annotations

from datetime import datetime

from elections.counting.guards import LONGEST_AHEAD_OF_CLOCK
from elections.counting.results import BallotsLeft
from elections.models import BallotsRemaining, Snapshot


def store_ballots_left(told: BallotsLeft | None, snapshot: Snapshot, *, now: datetime) -> bool:
    """Keep what a document says is left, unless its source has said the same before.

    A statement from the future is left out: it would outlast every true one. Returns whether
    there is a new row.
    """
    if told is None or told.as_of > now + LONGEST_AHEAD_OF_CLOCK:
        return False
    source = snapshot.source
    next_update_at = told.next_update_at
    if next_update_at is not None and next_update_at <= told.as_of:
        next_update_at = None
    latest = BallotsRemaining.objects.filter(snapshot__source=source).order_by("-pk").first()
    said = (told.estimate, told.as_of, next_update_at)
    if latest and said == (latest.estimate, latest.as_of, latest.next_update_at):
        return False
    BallotsRemaining.objects.create(
        election_id=source.election_id,
        estimate=told.estimate,
        as_of=told.as_of,
        next_update_at=next_update_at,
        source_name=source.name,
        source_url=source.public_url,
        snapshot=snapshot,
    )
    return True
