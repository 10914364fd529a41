"""Which races come first on the desk's screen, and what each group of them is called."""

from __future__ import annotations

from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import RaceState


class Urgency(IntEnum):
    """The lower, the sooner somebody should look."""

    WAITS = 1
    CONTRADICTION = 2
    STALE = 3
    LEAD_CHANGED = 4
    COUNTING = 5
    CALLED = 6
    CERTIFIED = 7

    @property
    def heading(self) -> Promise:
        return HEADINGS[self]

    @property
    def needs_somebody(self) -> bool:
        return self <= Urgency.LEAD_CHANGED


HEADINGS = {
    Urgency.WAITS: _("Waits for a decision"),
    Urgency.CONTRADICTION: _("Two statements disagree"),
    Urgency.STALE: _("Source is late or fails"),
    Urgency.LEAD_CHANGED: _("Tied, or the lead changed"),
    Urgency.COUNTING: _("Counting"),
    Urgency.CALLED: _("Called"),
    Urgency.CERTIFIED: _("Certified"),
}
CALLED_STATES = {
    RaceState.APPARENT_WINNER,
    RaceState.CALLED,
    RaceState.RUNOFF,
    RaceState.PASSED,
    RaceState.FAILED,
}


def plain_urgency(state: RaceState) -> Urgency:
    """Return how urgent a race is when nothing is wrong with it."""
    if state is RaceState.CERTIFIED:
        return Urgency.CERTIFIED
    if state is RaceState.TIED:
        return Urgency.LEAD_CHANGED
    return Urgency.CALLED if state in CALLED_STATES else Urgency.COUNTING
