"""The small labels: a race's state, and the marks beside a name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from elections.counting.calls import CallKind, RaceState
from elections.models import Contest, Selection

STATE_LABELS = {
    RaceState.NO_COUNT: gettext_lazy("No votes yet"),
    RaceState.COUNTING: gettext_lazy("Counting"),
    RaceState.LEADING: gettext_lazy("Counting"),
    RaceState.TIED: gettext_lazy("Tied"),
    RaceState.TOO_CLOSE: gettext_lazy("Too close to call"),
    RaceState.APPARENT_WINNER: gettext_lazy("Apparent winner"),
    RaceState.CONCEDED: gettext_lazy("Conceded"),
    RaceState.CALLED: gettext_lazy("Called"),
    RaceState.RUNOFF: gettext_lazy("Runoff"),
    RaceState.PASSED: gettext_lazy("Passed"),
    RaceState.FAILED: gettext_lazy("Failed"),
    RaceState.CERTIFIED: gettext_lazy("Certified"),
}
MARKS = {
    CallKind.APPARENT_WINNER: gettext_lazy("Apparent winner"),
    CallKind.WINNER: gettext_lazy("Winner"),
    CallKind.ADVANCED: gettext_lazy("Advances"),
    CallKind.RUNOFF: gettext_lazy("In the runoff"),
    CallKind.CONCEDED: pgettext_lazy("of a candidate", "Conceded"),
}
STATUS_MARKS = {
    Selection.Status.WITHDRAWN: gettext_lazy("Withdrew"),
    Selection.Status.WRITE_IN: gettext_lazy("Write-in"),
    Selection.Status.WRITE_IN_POOL: gettext_lazy("Counted together"),
}
OUTCOME_LABELS = {
    Contest.Type.RETENTION: {
        RaceState.PASSED: gettext_lazy("Retained"),
        RaceState.FAILED: gettext_lazy("Not retained"),
    },
    Contest.Type.RECALL: {
        RaceState.PASSED: gettext_lazy("Recall passed"),
        RaceState.FAILED: gettext_lazy("Recall failed"),
    },
}


def state_label(state: RaceState, kind: str) -> str:
    """Return the state in a word or two; a retention is not passed but retained."""
    return str(OUTCOME_LABELS.get(kind, {}).get(state) or STATE_LABELS[state])
