"""Which calls stand, what state they and the count put a race in, and its words.

Calls are the desk's and append-only: one is taken back or followed by another,
never edited. A concession is a fact with a source and not a result: it names no
winner, and takes none away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CallKind(StrEnum):
    """What the desk said. The values are stored: never rename one."""

    APPARENT_WINNER = "apparent-winner"
    WINNER = "winner"
    RUNOFF = "runoff"
    ADVANCED = "advanced"
    CONCEDED = "conceded"
    TOO_CLOSE = "too-close"
    PASSED = "passed"
    FAILED = "failed"
    RETRACTED = "retracted"
    CERTIFIED = "certified"


class RaceState(StrEnum):
    """Where a race is. The values are stored and sent to readers: never rename one."""

    NO_COUNT = "no-count"
    COUNTING = "counting"
    LEADING = "leading"
    TIED = "tied"
    TOO_CLOSE = "too-close"
    APPARENT_WINNER = "apparent-winner"
    CONCEDED = "conceded"
    CALLED = "called"
    RUNOFF = "runoff"
    PASSED = "passed"
    FAILED = "failed"
    CERTIFIED = "certified"


class Word(StrEnum):
    """What a widget, a headline or a newsletter may want to say about a race.

    ``WINNER`` covers "wins", "won" and "called"; ``LEADING`` covers "leads by";
    ``ADVANCES`` covers "goes on to the second round".
    """

    COUNTING = "counting"
    LEADING = "leading"
    TIED = "tied"
    TOO_CLOSE = "too close"
    CONCEDED = "conceded"
    APPARENT_WINNER = "apparent winner"
    WINNER = "winner"
    ADVANCES = "advances"
    RUNOFF = "runoff"
    PASSED = "passed"
    FAILED = "failed"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class CallFact:
    """One call, as it was made.

    ``selection_ids`` are those it is about: the winners, who goes on, who
    conceded; empty when it is about the whole race. ``retracts`` is the id of
    the call that this one takes back, and is given exactly when ``kind`` is
    RETRACTED. Taking back a retraction puts the call back in force.

    :raises ValueError: a retraction names no call, or another call names one.
    """

    id: int
    kind: CallKind
    selection_ids: tuple[int, ...] = ()
    retracts: int | None = None

    def __post_init__(self) -> None:
        if (self.kind == CallKind.RETRACTED) != (self.retracts is not None):
            raise ValueError(f"Call {self.id}: a retraction, and only that, names another call.")


_WINNERS: Final = frozenset({CallKind.APPARENT_WINNER, CallKind.WINNER})
_SECOND_ROUND: Final = frozenset({CallKind.RUNOFF, CallKind.ADVANCED})
_BESIDE: Final = frozenset({CallKind.CONCEDED, CallKind.CERTIFIED})

_STATES: Final = {
    CallKind.APPARENT_WINNER: RaceState.APPARENT_WINNER,
    CallKind.WINNER: RaceState.CALLED,
    CallKind.RUNOFF: RaceState.RUNOFF,
    CallKind.ADVANCED: RaceState.RUNOFF,
    CallKind.TOO_CLOSE: RaceState.TOO_CLOSE,
    CallKind.PASSED: RaceState.PASSED,
    CallKind.FAILED: RaceState.FAILED,
}


def standing_calls(calls: Sequence[CallFact], *, seats: int = 1) -> tuple[CallFact, ...]:
    """Return the calls in force, in the order they were made, from all ever made.

    ``calls`` are in the order they were made. What was taken back is not in
    force, and the retractions themselves are not returned. Of what is left:

    * Concessions and certifications stand beside everything else.
    * A later statement about the result replaces an earlier one, but for two
      things that a desk says one by one: the winners of a contest with several
      ``seats``, as far as the seats reach, and the selections that go on to a
      second round. A winner call replaces an apparent one for the same selection.

    Example: one seat, "apparent winner 7", "8 conceded", "winner 7" leaves the
    concession and the winner; when the winner is taken back, the apparent winner
    and the concession stand again.
    """
    untouched = _not_taken_back(calls)
    statements = [call for call in untouched if call.kind not in _BESIDE]
    in_force = {call.id for call in _latest_statements(statements, seats)}
    return tuple(call for call in untouched if call.kind in _BESIDE or call.id in in_force)


def race_state(
    *,
    calls: Sequence[CallFact],
    has_votes: bool,
    is_tied: bool,
    enough_counted: bool | None,
    seats: int = 1,
) -> RaceState:
    """Return the state of a race from all its calls and its count.

    What the desk says comes before what the count shows. A certification in
    force is final, whatever was called after it; who won is still read from
    ``standing_calls``. Then the latest statement about the result; where one of
    several seats is called and another only apparent, the race is CALLED. A
    concession gives the state only where no statement stands. RUNOFF also means
    that selections go on from a primary.

    Without a call the count decides: nothing counted; too little of it to say
    who leads (``enough_counted`` is False); a tie at the cut-line; a leader.
    ``enough_counted`` is None when nobody knows the expected vote: then we say
    who leads. Whether a leader gets a colour is not decided by the state.
    """
    standing = standing_calls(calls, seats=seats)
    kinds = [call.kind for call in standing]
    if CallKind.CERTIFIED in kinds:
        return RaceState.CERTIFIED
    statements = [kind for kind in kinds if kind != CallKind.CONCEDED]
    if CallKind.WINNER in statements:
        return RaceState.CALLED
    if statements:  # But for winners, those that stand together lead to one state.
        return _STATES[statements[-1]]
    if kinds:
        return RaceState.CONCEDED
    if not has_votes:
        return RaceState.NO_COUNT
    if enough_counted is False:
        return RaceState.COUNTING
    return RaceState.TIED if is_tied else RaceState.LEADING


def allowed_words(state: RaceState) -> frozenset[Word]:
    """Return the words that a race in this state allows.

    Allowed is not true: "conceded" and "winner" also need a standing call that
    says of whom, "leading" a lead. Weaker words stay allowed under a stronger
    state until certification, when nobody leads and nothing is being counted.
    """
    return _ALLOWED[state]


def may_say(word: Word, state: RaceState) -> bool:
    """Answer whether a race in this state allows the word."""
    return word in _ALLOWED[state]


_COUNT_GOES_ON: Final = frozenset({Word.COUNTING, Word.LEADING})
_DESK_SPOKE: Final = _COUNT_GOES_ON | {Word.CONCEDED}

_ALLOWED: Final[dict[RaceState, frozenset[Word]]] = {
    RaceState.NO_COUNT: frozenset(),
    RaceState.COUNTING: frozenset({Word.COUNTING}),
    RaceState.LEADING: _COUNT_GOES_ON,
    RaceState.TIED: frozenset({Word.COUNTING, Word.TIED}),
    RaceState.TOO_CLOSE: _DESK_SPOKE | {Word.TOO_CLOSE, Word.TIED},
    RaceState.CONCEDED: _DESK_SPOKE,
    RaceState.APPARENT_WINNER: _DESK_SPOKE | {Word.APPARENT_WINNER},
    RaceState.CALLED: _DESK_SPOKE | {Word.APPARENT_WINNER, Word.WINNER},
    RaceState.RUNOFF: _DESK_SPOKE | {Word.RUNOFF, Word.ADVANCES},
    RaceState.PASSED: _DESK_SPOKE | {Word.PASSED},
    RaceState.FAILED: _DESK_SPOKE | {Word.FAILED},
    RaceState.CERTIFIED: frozenset(
        {
            Word.CERTIFIED,
            Word.CONCEDED,
            Word.APPARENT_WINNER,
            Word.WINNER,
            Word.RUNOFF,
            Word.ADVANCES,
            Word.PASSED,
            Word.FAILED,
            Word.TIED,
        }
    ),
}


def _not_taken_back(calls: Sequence[CallFact]) -> list[CallFact]:
    """Return the calls in force or replaced, without retractions and what they took back.

    Read from the end: whether a retraction is in force is known before the
    earlier call that it names is reached.
    """
    taken_back: set[int] = set()
    left: list[CallFact] = []
    for call in reversed(calls):
        if call.id in taken_back:
            continue
        if call.retracts is not None:
            taken_back.add(call.retracts)
        else:
            left.append(call)
    return left[::-1]


def _latest_statements(statements: Sequence[CallFact], seats: int) -> list[CallFact]:
    """Return the latest statement and the earlier ones that it only adds to."""
    kept: list[CallFact] = []
    named: set[int] = set()
    for call in reversed(statements):
        if not kept:
            kept.append(call)
            named.update(call.selection_ids)
            continue
        is_winner = call.kind in _WINNERS and kept[0].kind in _WINNERS
        is_advance = call.kind in _SECOND_ROUND and kept[0].kind in _SECOND_ROUND
        if not (is_winner or is_advance):
            break
        together = named.union(call.selection_ids)
        if is_winner and len(together) > seats:
            break
        if together != named:
            kept.append(call)
            named = together
    return kept
