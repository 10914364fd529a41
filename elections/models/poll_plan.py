"""When to ask a source again: a function of the election's phase and the source's answers.

The intervals come from how official feeds behave: a release every 11 to 56
minutes on the night, then about one a day, and nothing after certification.
"""

from __future__ import annotations

from datetime import datetime, timedelta

BEFORE_ELECTION = timedelta(hours=1)
NIGHT = timedelta(seconds=30)
QUIET_NIGHT = timedelta(minutes=5)
CANVASS = timedelta(minutes=15)
AROUND_ANNOUNCED_UPDATE = timedelta(seconds=60)

WARM_UP = timedelta(minutes=30)
NIGHT_LENGTH = timedelta(hours=12)
QUIET_AFTER = timedelta(hours=2)
ANNOUNCED_WINDOW = timedelta(minutes=30)
LONGEST_BACK_OFF = timedelta(minutes=10)
HOPELESS = timedelta(hours=1)
HOPELESS_STREAK = 6


def poll_interval(
    *,
    now: datetime,
    polls_close_at: datetime,
    certified_at: datetime | None,
    latest_change_at: datetime | None,
    next_update_at: datetime | None,
    error_streak: int,
    may_recover: bool = True,
) -> timedelta | None:
    """Return how long to wait after the latest attempt, or None to leave the source alone.

    ``latest_change_at`` is when the source last said something new, None if it
    never did. ``next_update_at`` is the time the county announced for its next
    release, None when unknown. Each failure in a row doubles the interval, up to
    ten minutes or the phase's own interval, whichever is longer. Without ``may_recover``
    a person has to act first: after six failures it is asked once an hour. On the night it
    is not given up so soon, since many a feed is “not found” until its first release.
    """
    if certified_at is not None and certified_at <= now:
        return None
    interval = _phase_interval(now, polls_close_at, latest_change_at, next_update_at)
    if error_streak == 0:
        return interval
    if not may_recover and error_streak >= HOPELESS_STREAK and interval >= CANVASS:
        return max(interval, HOPELESS)
    return max(interval, min(interval * 2 ** min(error_streak, 8), LONGEST_BACK_OFF))


def _phase_interval(
    now: datetime,
    polls_close_at: datetime,
    latest_change_at: datetime | None,
    next_update_at: datetime | None,
) -> timedelta:
    if now < polls_close_at - WARM_UP:
        return BEFORE_ELECTION
    if next_update_at is not None and abs(next_update_at - now) <= ANNOUNCED_WINDOW:
        return AROUND_ANNOUNCED_UPDATE
    if now >= polls_close_at + NIGHT_LENGTH:
        return CANVASS
    quiet_since = max(polls_close_at, latest_change_at or polls_close_at)
    return QUIET_NIGHT if now - quiet_since > QUIET_AFTER else NIGHT
