"""A ranked choice count round by round, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from elections.counting.details import Details, exhausted, gains
from elections.models import CountDetails
from elections.widgets.figures import number


@dataclass(frozen=True)
class RoundCell:
    """``votes`` is None for whoever is out by then. ``gain`` is with its sign, "" in round 1."""

    votes: int | None
    gain: str
    note: str


@dataclass(frozen=True)
class RoundLine:
    name: str
    cells: tuple[RoundCell, ...]


@dataclass(frozen=True)
class Rounds:
    """``thresholds`` are the votes that elect, by round; empty where the source tells none."""

    as_of: datetime
    time_zone: str
    numbers: tuple[str, ...]
    lines: tuple[RoundLine, ...]
    exhausted: tuple[int, ...]
    thresholds: tuple[int | None, ...]
    are_rounded: bool


def build_rounds(row: CountDetails, names: Mapping[int, str], time_zone: str) -> Rounds | None:
    """Return the table; None where the source tells no rounds."""
    details = row.details
    if not details.rounds:
        return None
    people = sorted(range(len(details.selections)), key=lambda place: _stays(details, place))
    thresholds = tuple(one.threshold for one in details.rounds)
    return Rounds(
        as_of=row.as_of,
        time_zone=time_zone,
        numbers=tuple(number(place + 1) for place in range(len(details.rounds))),
        lines=tuple(
            RoundLine(names.get(int(details.selections[place]), "—"), _cells(details, place))
            for place in people
        ),
        exhausted=exhausted(details.rounds),
        thresholds=thresholds if any(thresholds) else (),
        are_rounded=details.are_rounded,
    )


def _stays(details: Details, place: int) -> tuple[int, ...]:
    """Whoever has most in the latest round first, then by how long and how strong they stayed."""
    votes = [one.votes[place] for one in reversed(details.rounds)]
    return tuple(1 if count is None else -count for count in votes)


def _cells(details: Details, place: int) -> tuple[RoundCell, ...]:
    cells = []
    for index, one in enumerate(details.rounds):
        gain = gains(details.rounds, index)[place]
        note = ""
        if place in one.elected:
            note = _("Elected")
        elif place in one.eliminated:
            note = _("Eliminated")
        cells.append(RoundCell(one.votes[place], _signed(gain), note))
    return tuple(cells)


def _signed(gain: int | None) -> str:
    if gain is None:
        return ""
    return f"−{number(-gain)}" if gain < 0 else f"+{number(gain)}"
