"""What else a row of the desk's screen says: each room that knows something registers a loader.

A loader reads for all races at once, so that the number of queries does not grow with them:

    @row_flags
    def frozen(races, now):
        return {freeze.contest_id: [RowFlag(_("Frozen"))] for freeze in Freeze.objects...}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from elections.desk.board.urgency import Urgency
from elections.widgets.facts import ContestFacts


@dataclass(frozen=True)
class RowFlag:
    """A word about a race, with a sentence that says what to do.

    ``tone`` is for the colour: good, waiting, warning or critical. ``urgency``
    moves the race up, if it is more urgent than what else is known; None leaves
    it where it is. ``url`` leads to where something can be done about it.
    """

    word: str
    sentence: str = ""
    tone: str = "waiting"
    urgency: Urgency | None = None
    url: str = ""


Flags = Mapping[int, Iterable[RowFlag]]
FlagLoader = Callable[[Sequence[ContestFacts], datetime], Flags]
_loaders: list[FlagLoader] = []


def row_flags(loader: FlagLoader) -> FlagLoader:
    """Register a loader: it gets the facts of all races and gives flags by race."""
    if loader not in _loaders:
        _loaders.append(loader)
    return loader


def load_flags(races: Sequence[ContestFacts], now: datetime) -> dict[int, tuple[RowFlag, ...]]:
    """Return the flags of every race that has one, in the order their loaders registered."""
    flags: dict[int, list[RowFlag]] = defaultdict(list)
    for loader in _loaders:
        for contest_id, found in loader(races, now).items():
            flags[contest_id].extend(found)
    return {contest_id: tuple(found) for contest_id, found in flags.items()}
