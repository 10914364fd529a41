"""Where the races of a page are, in one word, for whoever words something by it.

``NEWSROOM_PHASE_PROVIDER`` names ``get_phase``. The word follows what readers see: it comes from
the published results, so that a call taken back takes its words along.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import RaceState
from elections.models import Contest, Election, Published
from newsroom.bodies import blocks_of, values_in


class Phase(models.TextChoices):
    """In the order in which a race goes through them. The values are stored: never rename one."""

    BEFORE = "before", _("Before the polls close")
    POLLS_CLOSED = "polls-closed", _("Polls closed, nothing counted")
    COUNTING = "counting", _("Counting")
    CALLED = "called", _("Called")
    CERTIFIED = "certified", _("Certified")


_ORDER = list(Phase)
_CALLED = {RaceState.CALLED, RaceState.RUNOFF, RaceState.PASSED, RaceState.FAILED}


def get_phase(page: object, now: datetime | None = None) -> str | None:
    """Return the phase of what a page is about; None where it shows no race.

    The page of an election has the election's. Of several races in a story the one that is least
    far decides: nothing is worded as called while another race of the story is counted.
    """
    now = now or timezone.now()
    election = getattr(page, "election", None)
    if isinstance(election, Election):
        return phase_of_election(election, now)
    phases = [phase_of(contest, now) for contest in contests_of(page)]
    return min(phases, key=_ORDER.index) if phases else None


get_phase.choices = Phase.choices


def contests_of(page: object) -> list[Contest]:
    """Return the confirmed races that a page is about or shows in its body, each once."""
    contest = getattr(page, "contest", None)
    if isinstance(contest, Contest):
        return _confirmed([contest])
    body = getattr(page, "body", None)
    return _confirmed(values_in(blocks_of(body), Contest)) if body else []


def _confirmed(contests: Iterable[Contest]) -> list[Contest]:
    found = {contest.pk: contest for contest in contests if contest.is_confirmed}
    return list(found.values())


def phase_of(contest: Contest, now: datetime) -> Phase:
    if is_certified(contest.election, now):
        return Phase.CERTIFIED
    state = _state_shown(contest)
    if state == RaceState.CERTIFIED:
        return Phase.CERTIFIED
    if state in _CALLED:
        return Phase.CALLED
    if now < contest.election.polls_close_at:
        return Phase.BEFORE
    return Phase.POLLS_CLOSED if state == RaceState.NO_COUNT else Phase.COUNTING


def phase_of_election(election: Election, now: datetime) -> Phase:
    """Return certified, before or counting: an election is not called, its races are."""
    if is_certified(election, now):
        return Phase.CERTIFIED
    return Phase.BEFORE if now < election.polls_close_at else Phase.COUNTING


def is_certified(election: Election, now: datetime) -> bool:
    return election.certified_at is not None and election.certified_at <= now


def _state_shown(contest: Contest) -> RaceState:
    try:
        return RaceState(json.loads(contest.published.payload)["state"])
    except Published.DoesNotExist:
        return RaceState.NO_COUNT
