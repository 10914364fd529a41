"""How far an election is: how many of its races are in which state, and what comes next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from django.db.models import QuerySet

from elections.counting.calls import RaceState
from elections.models import BallotsRemaining, Election, Published
from elections.pages.choices import Choices
from elections.widgets.labels import STATE_LABELS

ORDER = tuple(STATE_LABELS)


class _Told(msgspec.Struct):
    """As much of a published payload as is read here."""

    state: RaceState


class Phase(StrEnum):
    """Where an election is, as its page tells it."""

    BEFORE = "before"
    WAITING = "waiting"
    COUNTING = "counting"
    FINAL = "final"


@dataclass(frozen=True)
class StateCount:
    """So many races have this label; ``url`` leads to them alone, or back to all."""

    label: str
    number: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Overview:
    """``labels``: of each race. ``ballots_left``: the latest estimate for all races, or None."""

    phase: Phase
    labels: dict[int, str]
    counts: tuple[StateCount, ...]
    ballots_left: BallotsRemaining | None

    def in_state(self, state: str) -> set[int]:
        """Return the races with the same label as this state: reading, they are one."""
        wanted = _label(state)
        return {pk for pk, label in self.labels.items() if label == wanted}

    @classmethod
    def of(
        cls, election: Election, rows: QuerySet[Published], choices: Choices, now: datetime
    ) -> Overview:
        """Read the states of ``rows``, the published races that were asked for."""
        told = {pk: (_state(payload), final) for pk, payload, final in _payloads(rows)}
        labels = {pk: str(STATE_LABELS[state]) for pk, (state, _final) in told.items()}
        phase = _phase(election, told, now)
        return cls(
            phase=phase,
            labels=labels,
            counts=_counts(labels, choices),
            ballots_left=None if phase is Phase.FINAL else _latest_estimate(election),
        )


def _payloads(rows: QuerySet[Published]) -> QuerySet:
    return rows.order_by().values_list("pk", "payload", "is_final")


def _state(payload: str) -> RaceState:
    return msgspec.json.decode(payload, type=_Told).state


def _label(state: str) -> str:
    return str(STATE_LABELS[RaceState(state)]) if state in set(RaceState) else ""


def _phase(election: Election, told: dict[int, tuple[RaceState, bool]], now: datetime) -> Phase:
    if told and all(final for _state, final in told.values()):
        return Phase.FINAL
    if any(state is not RaceState.NO_COUNT for state, _final in told.values()):
        return Phase.COUNTING
    return Phase.BEFORE if now < election.polls_close_at else Phase.WAITING


def _counts(labels: dict[int, str], choices: Choices) -> tuple[StateCount, ...]:
    """Count the labels, in the order of the states; two states may share one."""
    numbers = Counter(labels.values())
    first = {str(STATE_LABELS[state]): state for state in reversed(ORDER)}
    chosen = _label(choices.state)
    return tuple(
        StateCount(
            label=label,
            number=numbers[label],
            url=choices.with_state("" if label == chosen else state.value),
            is_chosen=label == chosen,
        )
        for label, state in reversed(first.items())
        if numbers[label] or label == chosen
    )


def _latest_estimate(election: Election) -> BallotsRemaining | None:
    rows = BallotsRemaining.objects.filter(election=election, contest=None)
    return rows.order_by("-as_of", "-pk").first()
