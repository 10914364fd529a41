"""Which calls stand, the state of a race, and the words it allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.calls import (
    CallFact,
    CallKind,
    RaceState,
    Word,
    allowed_words,
    may_say,
    race_state,
    standing_calls,
)

INCUMBENT, CHALLENGER, THIRD = 7, 8, 9


def made(*calls: tuple) -> list[CallFact]:
    """Number calls from 1: ``(kind, selection_ids)`` or ``(RETRACTED, (), id)``."""
    return [CallFact(number, *call) for number, call in enumerate(calls, start=1)]


APPARENT = (CallKind.APPARENT_WINNER, (INCUMBENT,))
WINNER = (CallKind.WINNER, (INCUMBENT,))
OTHER_WINNER = (CallKind.WINNER, (CHALLENGER,))
CONCEDED = (CallKind.CONCEDED, (CHALLENGER,))
TOO_CLOSE = (CallKind.TOO_CLOSE,)
CERTIFIED = (CallKind.CERTIFIED,)
RUNOFF = (CallKind.RUNOFF, (INCUMBENT, CHALLENGER))


def retract(call_id: int) -> tuple:
    return (CallKind.RETRACTED, (), call_id)


# name: (calls, seats, ids in force, state with a leader counted)
CASES = {
    "nothing called": ((), 1, [], RaceState.LEADING),
    "an apparent winner": ((APPARENT,), 1, [1], RaceState.APPARENT_WINNER),
    "the night of Nov. 3, 2020": ((APPARENT, CONCEDED), 1, [1, 2], RaceState.APPARENT_WINNER),
    "a concession alone": ((CONCEDED,), 1, [1], RaceState.CONCEDED),
    "a concession, then a winner": ((CONCEDED, WINNER), 1, [1, 2], RaceState.CALLED),
    "a winner, then a concession": ((WINNER, CONCEDED), 1, [1, 2], RaceState.CALLED),
    "a concession in a race too close to call": (
        (TOO_CLOSE, CONCEDED),
        1,
        [1, 2],
        RaceState.TOO_CLOSE,
    ),
    "a winner after an apparent one": ((APPARENT, WINNER), 1, [2], RaceState.CALLED),
    "too close after an apparent winner": ((APPARENT, TOO_CLOSE), 1, [2], RaceState.TOO_CLOSE),
    "a winner taken back": ((WINNER, retract(1)), 1, [], RaceState.LEADING),
    "a winner taken back, the apparent one stands again": (
        (APPARENT, CONCEDED, WINNER, retract(3)),
        1,
        [1, 2],
        RaceState.APPARENT_WINNER,
    ),
    "both taken back": ((APPARENT, WINNER, retract(2), retract(1)), 1, [], RaceState.LEADING),
    "the earlier taken back, the later stands": (
        (APPARENT, WINNER, retract(1)),
        1,
        [2],
        RaceState.CALLED,
    ),
    "a retraction taken back": ((WINNER, retract(1), retract(2)), 1, [1], RaceState.CALLED),
    "a retraction of a retraction taken back": (
        (WINNER, retract(1), retract(2), retract(3)),
        1,
        [],
        RaceState.LEADING,
    ),
    "called again after a retraction": (
        (WINNER, retract(1), OTHER_WINNER),
        1,
        [3],
        RaceState.CALLED,
    ),
    "taken back twice": ((WINNER, retract(1), retract(1)), 1, [], RaceState.LEADING),
    "a retraction of a call yet to come": ((retract(2), WINNER), 1, [2], RaceState.CALLED),
    "another winner for the only seat": ((WINNER, OTHER_WINNER), 1, [2], RaceState.CALLED),
    "winners of two seats, one by one": ((WINNER, OTHER_WINNER), 2, [1, 2], RaceState.CALLED),
    "a third winner for two seats": (
        (WINNER, OTHER_WINNER, (CallKind.WINNER, (THIRD,))),
        2,
        [2, 3],
        RaceState.CALLED,
    ),
    "one of two seats only apparent": (
        (WINNER, (CallKind.APPARENT_WINNER, (CHALLENGER,))),
        2,
        [1, 2],
        RaceState.CALLED,
    ),
    "too close between two winners replaces the first": (
        (WINNER, TOO_CLOSE, OTHER_WINNER),
        2,
        [3],
        RaceState.CALLED,
    ),
    "a runoff": ((RUNOFF,), 1, [1], RaceState.RUNOFF),
    "a runoff after an apparent winner": ((APPARENT, RUNOFF), 1, [2], RaceState.RUNOFF),
    "two go on from a primary, one by one": (
        ((CallKind.ADVANCED, (INCUMBENT,)), (CallKind.ADVANCED, (CHALLENGER,))),
        1,
        [1, 2],
        RaceState.RUNOFF,
    ),
    "a measure passes": (((CallKind.PASSED,),), 1, [1], RaceState.PASSED),
    "a measure fails after all": (
        ((CallKind.PASSED,), (CallKind.FAILED,)),
        1,
        [2],
        RaceState.FAILED,
    ),
    "certified": ((WINNER, CONCEDED, CERTIFIED), 1, [1, 2, 3], RaceState.CERTIFIED),
    "certified, and a winner called late": ((CERTIFIED, WINNER), 1, [1, 2], RaceState.CERTIFIED),
    "certified without a call": ((CERTIFIED,), 1, [1], RaceState.CERTIFIED),
    "certification taken back": ((WINNER, CERTIFIED, retract(2)), 1, [1], RaceState.CALLED),
}


class TestStandingCalls:
    @pytest.mark.parametrize(
        ("calls", "seats", "in_force", "state"), CASES.values(), ids=CASES.keys()
    )
    def test_are(self, calls, seats, in_force, state):
        assert [call.id for call in standing_calls(made(*calls), seats=seats)] == in_force


class TestRaceState:
    @pytest.mark.parametrize(
        ("calls", "seats", "in_force", "state"), CASES.values(), ids=CASES.keys()
    )
    def test_is(self, calls, seats, in_force, state):
        found = race_state(
            calls=made(*calls), has_votes=True, is_tied=False, enough_counted=True, seats=seats
        )
        assert found is state

    COUNTS = {
        "nothing counted": (False, False, None, RaceState.NO_COUNT),
        "nothing counted of a known vote": (False, False, False, RaceState.NO_COUNT),
        "too little counted": (True, False, False, RaceState.COUNTING),
        "too little counted, and tied": (True, True, False, RaceState.COUNTING),
        "enough counted": (True, False, True, RaceState.LEADING),
        "nobody knows how much is left": (True, False, None, RaceState.LEADING),
        "tied": (True, True, True, RaceState.TIED),
        "tied, and nobody knows how much is left": (True, True, None, RaceState.TIED),
    }

    @pytest.mark.parametrize(
        ("has_votes", "is_tied", "enough", "state"), COUNTS.values(), ids=COUNTS.keys()
    )
    def test_without_a_call_is_what_the_count_shows(self, has_votes, is_tied, enough, state):
        found = race_state(calls=(), has_votes=has_votes, is_tied=is_tied, enough_counted=enough)
        assert found is state

    def test_is_called_before_anything_is_counted_when_the_desk_says_so(self):
        found = race_state(calls=made(WINNER), has_votes=False, is_tied=False, enough_counted=None)
        assert found is RaceState.CALLED


class TestCallFact:
    def test_refuses_a_retraction_that_names_no_call(self):
        with pytest.raises(ValueError, match="a retraction, and only that"):
            CallFact(1, CallKind.RETRACTED)

    def test_refuses_another_call_that_names_one(self):
        with pytest.raises(ValueError, match="a retraction, and only that"):
            CallFact(2, CallKind.WINNER, (INCUMBENT,), retracts=1)

    def test_takes_a_kind_that_comes_as_plain_text(self):
        calls = [CallFact(1, "winner", (INCUMBENT,)), CallFact(2, "retracted", (), 1)]
        assert standing_calls(calls) == ()
        state = race_state(calls=calls[:1], has_votes=True, is_tied=False, enough_counted=None)
        assert state is RaceState.CALLED


WORDS_OF_WINNING = {Word.APPARENT_WINNER, Word.WINNER, Word.ADVANCES, Word.PASSED}
WORD_OF_KIND = {
    CallKind.APPARENT_WINNER: Word.APPARENT_WINNER,
    CallKind.WINNER: Word.WINNER,
    CallKind.RUNOFF: Word.RUNOFF,
    CallKind.ADVANCED: Word.ADVANCES,
    CallKind.CONCEDED: Word.CONCEDED,
    CallKind.TOO_CLOSE: Word.TOO_CLOSE,
    CallKind.PASSED: Word.PASSED,
    CallKind.FAILED: Word.FAILED,
    CallKind.CERTIFIED: Word.CERTIFIED,
}


class TestAllowedWords:
    def test_are_given_for_every_state(self):
        assert all(isinstance(allowed_words(state), frozenset) for state in RaceState)

    @pytest.mark.parametrize(
        "state",
        [
            RaceState.NO_COUNT,
            RaceState.COUNTING,
            RaceState.LEADING,
            RaceState.TIED,
            RaceState.TOO_CLOSE,
            RaceState.CONCEDED,
        ],
    )
    def test_name_no_winner_before_the_desk_does(self, state):
        assert not allowed_words(state) & WORDS_OF_WINNING

    @pytest.mark.parametrize(
        ("word", "state", "expected"),
        [
            (Word.LEADING, RaceState.COUNTING, False),
            (Word.LEADING, RaceState.LEADING, True),
            (Word.LEADING, RaceState.TIED, False),
            (Word.LEADING, RaceState.CERTIFIED, False),
            (Word.COUNTING, RaceState.NO_COUNT, False),
            (Word.COUNTING, RaceState.CERTIFIED, False),
            (Word.CONCEDED, RaceState.LEADING, False),
            (Word.CONCEDED, RaceState.APPARENT_WINNER, True),
            (Word.WINNER, RaceState.APPARENT_WINNER, False),
            (Word.WINNER, RaceState.CALLED, True),
            (Word.WINNER, RaceState.RUNOFF, False),
            (Word.WINNER, RaceState.CERTIFIED, True),
            (Word.PASSED, RaceState.FAILED, False),
            (Word.CERTIFIED, RaceState.CALLED, False),
        ],
    )
    def test_decide_what_may_be_said(self, word, state, expected):
        assert may_say(word, state) is expected


@st.composite
def histories(draw):
    """Any list of calls, retractions of any call among them."""
    calls = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        kind = draw(st.sampled_from(CallKind))
        if kind is CallKind.RETRACTED:
            calls.append(CallFact(number, kind, (), draw(st.integers(1, number))))
        else:
            ids = draw(st.lists(st.sampled_from([7, 8, 9]), unique=True, max_size=2))
            calls.append(CallFact(number, kind, tuple(ids)))
    return calls


def state_of(calls, seats=1):
    return race_state(calls=calls, has_votes=True, is_tied=False, enough_counted=True, seats=seats)


class TestCallsAlways:
    @given(histories(), st.integers(1, 3))
    def test_have_their_own_word_allowed_while_they_stand(self, calls, seats):
        state = state_of(calls, seats)
        for call in standing_calls(calls, seats=seats):
            is_overtaken = state is RaceState.CERTIFIED and call.kind is CallKind.TOO_CLOSE
            assert is_overtaken or may_say(WORD_OF_KIND[call.kind], state)

    @given(histories(), st.integers(1, 3))
    def test_are_as_before_when_the_latest_is_taken_back(self, calls, seats):
        if not calls:
            return
        back = CallFact(len(calls) + 1, CallKind.RETRACTED, (), calls[-1].id)
        assert standing_calls([*calls, back], seats=seats) == standing_calls(
            calls[:-1], seats=seats
        )

    @given(histories(), st.integers(1, 3))
    def test_name_no_more_winners_one_by_one_than_there_are_seats(self, calls, seats):
        winners = [
            call
            for call in standing_calls(calls, seats=seats)
            if call.kind in {CallKind.WINNER, CallKind.APPARENT_WINNER}
        ]
        named = {key for call in winners for key in call.selection_ids}
        assert len(winners) <= 1 or len(named) <= seats

    @given(histories(), st.sampled_from([7, 8, 9]))
    def test_get_no_result_from_a_concession(self, calls, selection_id):
        concession = CallFact(len(calls) + 1, CallKind.CONCEDED, (selection_id,))
        before, after = state_of(calls), state_of([*calls, concession])
        assert after is before or (before, after) == (RaceState.LEADING, RaceState.CONCEDED)
