"""Lets held counts out, by a person or because the source has confirmed them."""

from __future__ import annotations

from datetime import datetime

from elections.counting import guards
from elections.models import Fetch, Hold, Source
from elections.storing import release_hold
from elections.widgets.publish import publish


def release_confirmed(source: Source, *, now: datetime) -> None:
    """Let out the held corrections that the source has confirmed often enough."""
    election = source.election
    if election.release_sightings == 0:
        return
    confirming = [Fetch.Outcome.ACCEPTED, Fetch.Outcome.UNCHANGED]
    for hold in Hold.objects.open().drops().filter(source=source).select_related("contest"):
        sightings = Fetch.objects.filter(
            source=source, outcome__in=confirming, started_at__gte=hold.opened_at
        ).count()
        if guards.may_release_by_itself(
            sightings=sightings,
            first_seen_at=hold.opened_at,
            now=now,
            changes_winners=hold.changes_winners,
            needed_sightings=election.release_sightings,
            needed_minutes=election.release_minutes,
        ):
            release(hold, now=now)


def release(hold: Hold, *, now: datetime, by: object | None = None, public_note: str = "") -> bool:
    """Show a held count after all. False when somebody has decided it before."""
    if not release_hold(hold, now=now, by=by, public_note=public_note):
        return False
    publish([hold.contest_id])
    return True
