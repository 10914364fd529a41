"""Corrected numbers end by themselves: at their time, or when the source has moved."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from elections.models import Override
from elections.widgets.facts import load_facts

ENDED = "elections.end_override"
"""What Wagtail's log calls it, whoever ends one."""


def end_overrides(now: datetime) -> int:
    """Write the end of every corrected number whose condition has come; return how many.

    What readers see does not wait for this. In a frozen race only their time ends them: what the
    source says there reaches nobody. Wagtail's log names no user.
    """
    standing: dict[int, list[Override]] = {}
    for override in Override.objects.filter(ended_at=None):
        standing.setdefault(override.contest_id, []).append(override)
    if not standing:
        return 0
    over = [
        override
        for facts in load_facts(standing, now=now)
        for override in standing[facts.contest.pk]
        if facts.desk.is_over(override, facts.counted, now)
    ]
    return sum(_end(override, now) for override in over)


def _end(override: Override, now: datetime) -> bool:
    reason = _reason(override, now)
    is_ended = override.end(at=now, reason=reason)
    if is_ended:
        log(override.contest, ENDED, data={"row": override.pk, "reason": reason})
    return is_ended


def _reason(override: Override, now: datetime) -> str:
    if override.expires_at is not None and override.expires_at <= now:
        return _("Its time was over.")
    return _("The source’s number had changed.")
