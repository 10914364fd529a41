import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.notices import NoticeKind, notices, vanished
from elections.counting.places import Rule
from elections.counting.tally import selections_ahead
from elections.counting.thresholds import FIFTY_FIVE_PERCENT, MAJORITY

LEAD, CUT_LINE, TIE, THRESHOLD = NoticeKind

# Before, after, seats, and what is noticed.
PLACES = {
    "the first count": (None, {"A": 5, "B": 3}, 1, []),
    "the first votes": ({"A": 0, "B": 0}, {"A": 5, "B": 3}, 1, []),
    "a lead that grows": ({"A": 5, "B": 3}, {"A": 9, "B": 4}, 1, []),
    "LAUSD 2, 2022: the lead flips": (
        {"Brenes": 29_498, "Rivas": 29_295},
        {"Brenes": 30_689, "Rivas": 30_736},
        1,
        [(LEAD, {"Rivas"}, {"Brenes"})],
    ),
    "a lead becomes a tie": ({"A": 5, "B": 3}, {"A": 5, "B": 5}, 1, [(TIE, {"A", "B"}, set())]),
    "a tie that goes on": ({"A": 5, "B": 5}, {"A": 6, "B": 6}, 1, []),
    "a third joins the tie": (
        {"A": 5, "B": 5, "C": 4},
        {"A": 6, "B": 6, "C": 6},
        1,
        [(TIE, {"A", "B", "C"}, set())],
    ),
    "a tie is broken": ({"A": 5, "B": 5}, {"A": 5, "B": 6}, 1, [(LEAD, {"B"}, set())]),
    "a tie in the first count": (None, {"A": 5, "B": 5}, 1, [(TIE, {"A", "B"}, set())]),
    "third place catches second, two seats": (
        {"A": 9, "B": 5, "C": 4},
        {"A": 9, "B": 5, "C": 6},
        2,
        [(CUT_LINE, {"C"}, {"B"})],
    ),
    "two seats, the order within them changes": (
        {"A": 9, "B": 5, "C": 4},
        {"A": 9, "B": 10, "C": 4},
        2,
        [(LEAD, {"B"}, {"A"})],
    ),
    "two seats, tied for the second": (
        {"A": 9, "B": 5, "C": 4},
        {"A": 9, "B": 5, "C": 5},
        2,
        [(TIE, {"B", "C"}, set())],
    ),
    "as many seats as candidates": ({"A": 5, "B": 3}, {"A": 5, "B": 4}, 2, []),
}

# Yes and no before and after, threshold, who gained, who lost; None where nothing is noticed.
THRESHOLDS = {
    "55 % is reached": ((54, 46), (55, 45), FIFTY_FIVE_PERCENT, {"yes"}, set()),
    "55 % is lost while yes leads": ((55, 45), (60, 50), FIFTY_FIVE_PERCENT, set(), {"yes"}),
    "more than half is lost at exactly half": ((6, 5), (6, 6), MAJORITY, set(), {"yes"}),
    "it stays above": ((60, 40), (61, 40), FIFTY_FIVE_PERCENT, None, None),
    "yes overtakes no below the threshold": ((40, 50), (52, 50), FIFTY_FIVE_PERCENT, None, None),
    "the first votes": ((0, 0), (60, 40), FIFTY_FIVE_PERCENT, None, None),
}


class TestNotices:
    @pytest.mark.parametrize(("before", "after", "seats", "expected"), PLACES.values(), ids=PLACES)
    def test_name_who_gained_and_who_lost(self, before, after, seats, expected):
        found = [
            (n.kind, set(n.gained), set(n.lost)) for n in notices(before, after, rule=Rule(seats))
        ]
        assert found == expected

    @pytest.mark.parametrize(
        ("before", "after", "threshold", "gained", "lost"), THRESHOLDS.values(), ids=THRESHOLDS
    )
    def test_of_a_measure_are_about_its_threshold(self, before, after, threshold, gained, lost):
        was, now = (dict(zip(("yes", "no"), votes, strict=True)) for votes in (before, after))
        found = notices(was, now, yes="yes", thresholds=[threshold])
        if gained is None:
            assert found == ()
        else:
            assert [(n.kind, n.gained, n.lost) for n in found] == [(THRESHOLD, gained, lost)]

    @given(
        st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 5), min_size=1),
        st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 5), min_size=1),
        st.integers(1, 3),
    )
    def test_miss_nobody_who_comes_into_a_seat(self, before, after, seats):
        new = selections_ahead(after, seats) - selections_ahead(before, seats)
        told = {key for notice in notices(before, after, rule=Rule(seats)) for key in notice.gained}
        if any(before.values()):
            assert new <= told


TOP_TWO, MAJORITY_WINS = Rule(runoff=2), Rule(runoff=2, majority_wins=True)

# Before, after, the rule, and what is noticed.
SECOND_ROUNDS = {
    "third overtakes second": (
        {"A": 50, "B": 30, "C": 29},
        {"A": 51, "B": 30, "C": 31},
        TOP_TWO,
        [(CUT_LINE, {"C"}, {"B"}, False)],
    ),
    "the two who go on change places": (
        {"A": 50, "B": 49, "C": 9},
        {"A": 50, "B": 52, "C": 9},
        TOP_TWO,
        [(LEAD, {"B"}, {"A"}, False)],
    ),
    "a tie for the second place": (
        {"A": 50, "B": 30, "C": 29},
        {"A": 50, "B": 30, "C": 30},
        TOP_TWO,
        [(TIE, {"B", "C"}, set(), False)],
    ),
    "somebody reaches a majority": (
        {"A": 50, "B": 30, "C": 20},
        {"A": 60, "B": 30, "C": 20},
        MAJORITY_WINS,
        [(CUT_LINE, {"A"}, {"B"}, True)],
    ),
    "the majority is gone": (
        {"A": 60, "B": 30, "C": 20},
        {"A": 60, "B": 40, "C": 21},
        MAJORITY_WINS,
        [(CUT_LINE, {"B"}, set(), False)],
    ),
    "the majority grows": ({"A": 60, "B": 30}, {"A": 70, "B": 31}, MAJORITY_WINS, []),
}


class TestSecondRounds:
    @pytest.mark.parametrize(
        ("before", "after", "rule", "expected"), SECOND_ROUNDS.values(), ids=SECOND_ROUNDS
    )
    def test_tell_who_goes_on(self, before, after, rule, expected):
        found = notices(before, after, rule=rule)
        assert [(n.kind, n.gained, n.lost, n.is_majority) for n in found] == expected

    def test_let_no_pool_of_write_ins_lead(self):
        assert notices({"A": 5, "W": 3}, {"A": 5, "W": 9}, pooled={"W"}) == ()

    def test_tell_of_two_thresholds_once(self):
        was, now = {"yes": 49, "no": 51}, {"yes": 56, "no": 44}
        found = notices(was, now, yes="yes", thresholds=[MAJORITY, FIFTY_FIVE_PERCENT])
        assert [notice.kind for notice in found] == [THRESHOLD]


class TestVanished:
    @pytest.mark.parametrize(
        ("known", "named", "gone"),
        [
            ({1, 2, 3}, {1, 2, 3}, set()),
            ({1, 2, 3}, {1, 3}, {2}),
            ({1}, {1, 2}, set()),
            (set(), {1}, set()),
            ({1, 2}, set(), {1, 2}),
        ],
    )
    def test_are_the_contests_that_are_not_named_any_more(self, known, named, gone):
        assert vanished(known, named) == gone
