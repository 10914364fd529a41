"""Corrected numbers end by themselves: at their time, or when the source has moved."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from elections.models import Freeze, Override
from elections.widgets.facts import load_facts


def end_overrides(now: datetime) -> int:
    """Write the end of every corrected number whose condition has come; return how many.

    What readers see does not wait for this. A frozen race keeps its corrections.
    """
    frozen = Freeze.objects.in_force(now).values("contest")
    standing: dict[int, list[Override]] = {}
    for override in Override.objects.filter(ended_at=None).exclude(contest__in=frozen):
        standing.setdefault(override.contest_id, []).append(override)
    if not standing:
        return 0
    return sum(
        override.end(at=now, reason=_reason(override, now))
        for facts in load_facts(standing, now=now)
        for override in standing[facts.contest.pk]
        if override.is_over(now=now, source_votes=facts.source_votes(override.selection_id))
    )


def _reason(override: Override, now: datetime) -> str:
    if override.expires_at is not None and override.expires_at <= now:
        return _("Its time was over.")
    return _("The source’s number had changed.")
