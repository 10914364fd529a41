"""Calls in the words that the desk's kinds of them allow, and which were taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from elections.counting.calls import CallFact, CallKind

SAID = {
    CallKind.APPARENT_WINNER: gettext_lazy("Apparent winner: %(names)s."),
    CallKind.WINNER: gettext_lazy("Winner: %(names)s."),
    CallKind.RUNOFF: gettext_lazy("In the runoff: %(names)s."),
    CallKind.ADVANCED: gettext_lazy("Advances: %(names)s."),
    CallKind.CONCEDED: gettext_lazy("Conceded: %(names)s."),
    CallKind.TOO_CLOSE: gettext_lazy("Too close to call."),
    CallKind.PASSED: gettext_lazy("The measure passed."),
    CallKind.FAILED: gettext_lazy("The measure failed."),
    CallKind.CERTIFIED: gettext_lazy("The result was certified."),
}


@dataclass(frozen=True)
class CallMade:
    """A call with the names of those it is about."""

    fact: CallFact
    at: datetime
    names: tuple[str, ...]
    authority: str
    source_url: str = ""

    @property
    def sentence(self) -> str:
        return str(SAID[self.fact.kind]) % {"names": ", ".join(self.names)}


def taken_back(calls: Sequence[CallMade]) -> dict[int, CallMade]:
    """Return what stands taken back, and by which call; from the end, as in counting.calls."""
    named: dict[int, CallMade] = {}
    for call in reversed(calls):
        if call.fact.id not in named and call.fact.retracts is not None:
            named[call.fact.retracts] = call
    return named
