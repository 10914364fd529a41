"""What the desk does with a held count that it does not believe."""

from __future__ import annotations

from datetime import datetime

from elections.models import Hold
from elections.widgets.publish import publish


def reject(hold: Hold, *, now: datetime, by: object) -> bool:
    """Keep showing what stands. False when somebody has decided it before."""
    if not hold.decide(Hold.Decision.REJECTED, at=now, by=by):
        return False
    publish([hold.contest_id])
    return True
