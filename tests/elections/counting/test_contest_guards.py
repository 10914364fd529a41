"""The judge of one contest, with real corrections, and what may release itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.guards import ContestVerdict, Drop, judge_contest, may_release_by_itself
from elections.counting.places import Rule
from elections.counting.tally import selections_ahead
from elections.counting.thresholds import FIFTY_FIVE_PERCENT, MAJORITY

CHANGED, HELD, UNCHANGED = ContestVerdict.CHANGED, ContestVerdict.HELD, ContestVerdict.UNCHANGED

# (before, after, seats, verdict, keys that drop, winners change)
CASES = {
    "the first count": (None, {"A": 5, "B": 3}, 1, CHANGED, [], False),
    "the first count, all zero": (None, {"A": 0, "B": 0}, 1, CHANGED, [], False),
    "nothing new": ({"A": 5, "B": 3}, {"A": 5, "B": 3}, 1, UNCHANGED, [], False),
    "nothing new, in another order": ({"A": 5, "B": 3}, {"B": 3, "A": 5}, 1, UNCHANGED, [], False),
    "nobody filed": ({}, {}, 1, UNCHANGED, [], False),
    "the first votes": ({"A": 0, "B": 0}, {"A": 5, "B": 3}, 1, CHANGED, [], False),
    "LAUSD 3, 20:36 to 03:46": (
        {"Schmerelson": 61_168, "Chang": 50_310},
        {"Schmerelson": 89_674, "Chang": 83_256},
        1,
        CHANGED,
        [],
        False,
    ),
    "LAUSD 2, 2022: the lead flips and nobody loses a vote": (
        {"Brenes": 29_498, "Rivas": 29_295},
        {"Brenes": 30_689, "Rivas": 30_736},
        1,
        CHANGED,
        [],
        True,
    ),
    "LAUSD 2, 2022, read stale without a time to tell it": (
        {"Brenes": 30_689, "Rivas": 30_736},
        {"Brenes": 29_498, "Rivas": 29_295},
        1,
        HELD,
        ["Brenes", "Rivas"],
        True,
    ),
    "Governor 2022: Dahle loses 5,100 while the total rises": (
        {"Newsom": 6_311_838, "Dahle": 4_325_269},
        {"Newsom": 6_317_310, "Dahle": 4_320_169},
        1,
        HELD,
        ["Dahle"],
        False,
    ),
    "one vote, as in AD9": (
        {"A": 70_000, "B": 60_000},
        {"A": 70_100, "B": 59_999},
        1,
        HELD,
        ["B"],
        False,
    ),
    "everything back to zero": ({"A": 500, "B": 400}, {"A": 0, "B": 0}, 1, HELD, ["A", "B"], True),
    "a drop that changes the leader": (
        {"A": 641, "B": 640},
        {"A": 639, "B": 640},
        1,
        HELD,
        ["A"],
        True,
    ),
    "a drop that makes a tie": ({"A": 641, "B": 640}, {"A": 640, "B": 640}, 1, HELD, ["A"], True),
    "a drop that ends a tie": ({"A": 641, "B": 641}, {"A": 641, "B": 640}, 1, HELD, ["B"], True),
    "a drop far behind": ({"A": 900, "B": 10}, {"A": 900, "B": 9}, 1, HELD, ["B"], False),
    "a drop that gives the second seat to another": (
        {"A": 900, "B": 700, "C": 699},
        {"A": 900, "B": 698, "C": 699},
        2,
        HELD,
        ["B"],
        True,
    ),
    "the same drop where only one seat is filled": (
        {"A": 900, "B": 700, "C": 699},
        {"A": 900, "B": 698, "C": 699},
        1,
        HELD,
        ["B"],
        False,
    ),
    "a drop that ties the second seat": (
        {"A": 900, "B": 700, "C": 699},
        {"A": 900, "B": 699, "C": 699},
        2,
        HELD,
        ["B"],
        True,
    ),
    "a drop that swaps first and second of two seats": (
        {"A": 900, "B": 899, "C": 10},
        {"A": 898, "B": 899, "C": 10},
        2,
        HELD,
        ["A"],
        True,
    ),
    "a drop within two safe seats": (
        {"A": 900, "B": 700, "C": 10},
        {"A": 900, "B": 690, "C": 10},
        2,
        HELD,
        ["B"],
        False,
    ),
    "a cut-line change without a drop": (
        {"A": 900, "B": 700, "C": 699},
        {"A": 900, "B": 700, "C": 701},
        2,
        CHANGED,
        [],
        True,
    ),
    "a selection with votes vanishes": ({"A": 9, "B": 3}, {"A": 9}, 1, HELD, ["B"], False),
    "a selection without votes vanishes": ({"A": 9, "B": 0}, {"A": 9}, 1, CHANGED, [], False),
    "all selections vanish": ({"A": 9, "B": 3}, {}, 1, HELD, ["A", "B"], True),
    "a write-in appears": ({"A": 9, "B": 3}, {"A": 9, "B": 3, "C": 1}, 1, CHANGED, [], False),
    "a selection gets another key": ({"A": 9, "B": 3}, {"A": 9, "b": 3}, 1, HELD, ["B"], False),
}

TOP_TWO = Rule(runoff=2)
MAJORITY_WINS = Rule(runoff=2, majority_wins=True)

selections = st.dictionaries(st.integers(1, 6), st.integers(0, 4) | st.integers(0, 10**7))


class TestJudgeContest:
    @pytest.mark.parametrize(
        ("before", "after", "seats", "verdict", "dropped", "changes_winners"),
        CASES.values(),
        ids=CASES.keys(),
    )
    def test_judges(self, before, after, seats, verdict, dropped, changes_winners):
        judgement = judge_contest(before, after, rule=Rule(seats))
        assert judgement.verdict == verdict
        assert [drop.key for drop in judgement.drops] == dropped
        assert judgement.changes_winners is changes_winners

    def test_says_who_loses_how_much(self):
        judgement = judge_contest(
            {"Newsom": 6_311_838, "Dahle": 4_325_269}, {"Newsom": 6_317_310, "Dahle": 4_320_169}
        )
        assert judgement.drops == (Drop("Dahle", 4_325_269, 4_320_169),)

    def test_counts_a_vanished_selection_as_a_drop_to_zero(self):
        assert judge_contest({"A": 9, "B": 3}, {"A": 9}).drops == (Drop("B", 3, 0),)

    def test_sees_that_a_measure_fails_while_yes_still_leads(self):
        before, after = {"Yes": 5_501, "No": 4_499}, {"Yes": 5_499, "No": 4_501}
        assert not judge_contest(before, after).changes_winners
        judgement = judge_contest(before, after, yes="Yes", thresholds=[FIFTY_FIVE_PERCENT])
        assert judgement.verdict is HELD
        assert judgement.changes_winners

    def test_lets_a_drop_that_keeps_a_measure_passing_change_nothing(self):
        judgement = judge_contest(
            {"Yes": 6_000, "No": 4_000},
            {"Yes": 5_999, "No": 4_000},
            yes="Yes",
            thresholds=[FIFTY_FIVE_PERCENT],
        )
        assert (judgement.verdict, judgement.changes_winners) == (HELD, False)

    @pytest.mark.parametrize(
        ("before", "after", "rule", "changes"),
        [
            ({"A": 50, "B": 30, "C": 29}, {"A": 50, "B": 28, "C": 29}, TOP_TWO, True),
            ({"A": 50, "B": 30, "C": 29}, {"A": 50, "B": 28, "C": 29}, MAJORITY_WINS, True),
            ({"A": 50, "B": 30, "C": 29}, {"A": 49, "B": 30, "C": 29}, TOP_TWO, False),
            ({"A": 51, "B": 30, "C": 19}, {"A": 50, "B": 30, "C": 20}, MAJORITY_WINS, True),
            ({"A": 49, "B": 30, "C": 21}, {"A": 49, "B": 30, "C": 18}, MAJORITY_WINS, True),
            ({"A": 50, "B": 49, "C": 9}, {"A": 48, "B": 49, "C": 9}, TOP_TWO, True),
        ],
        ids=[
            "who is second in a primary",
            "who is second where no majority wins",
            "nobody’s place",
            "a majority is lost",
            "a majority comes about",
            "the order of those who go on",
        ],
    )
    def test_sees_who_goes_on(self, before, after, rule, changes):
        assert judge_contest(before, after, rule=rule).changes_winners is changes

    def test_takes_no_pool_of_write_ins_for_a_person(self):
        before, after = {"A": 50, "B": 40, "W": 45}, {"A": 50, "B": 40, "W": 39}
        assert judge_contest(before, after, rule=TOP_TWO).changes_winners
        judgement = judge_contest(before, after, rule=Rule(), pooled={"W"})
        assert (judgement.verdict, judgement.changes_winners) == (HELD, False)

    def test_sees_a_measure_fail_by_the_threshold_that_may_hold(self):
        before, after = {"Yes": 56, "No": 44}, {"Yes": 54, "No": 46}
        judgement = judge_contest(
            before, after, yes="Yes", thresholds=[MAJORITY, FIFTY_FIVE_PERCENT]
        )
        assert judgement.changes_winners

    def test_takes_nothing_from_anybody_with_the_first_votes_of_a_measure(self):
        judgement = judge_contest(
            {"Yes": 0, "No": 0}, {"Yes": 6, "No": 4}, yes="Yes", thresholds=[FIFTY_FIVE_PERCENT]
        )
        assert (judgement.verdict, judgement.changes_winners) == (CHANGED, False)

    @given(selections, selections, st.integers(1, 4))
    def test_never_calls_it_changed_when_a_selection_lost_votes(self, before, after, seats):
        judgement = judge_contest(before, after, rule=Rule(seats))
        lost = {key for key, votes in before.items() if after.get(key, 0) < votes}
        assert {drop.key for drop in judgement.drops} == lost
        assert (judgement.verdict is HELD) == bool(lost)
        assert (judgement.verdict is UNCHANGED) == (before == after)

    @given(selections, selections, st.integers(1, 4))
    def test_keeps_the_winners_when_it_says_so(self, before, after, seats):
        if not judge_contest(before, after, rule=Rule(seats)).changes_winners and any(
            before.values()
        ):
            assert selections_ahead(before, seats) == selections_ahead(after, seats)
            assert selections_ahead(before) == selections_ahead(after)

    @given(selections, selections, st.integers(1, 4), st.randoms())
    def test_does_not_depend_on_the_order_of_selections(self, before, after, seats, random):
        shuffled = [list(before.items()), list(after.items())]
        for pairs in shuffled:
            random.shuffle(pairs)
        one = judge_contest(before, after, rule=Rule(seats))
        other = judge_contest(dict(shuffled[0]), dict(shuffled[1]), rule=Rule(seats))
        assert (one.verdict, one.changes_winners) == (other.verdict, other.changes_winners)
        assert set(one.drops) == set(other.drops)


FIRST_SEEN = datetime(2022, 11, 23, 0, 48, tzinfo=UTC)


class TestMayReleaseByItself:
    CASES = {
        "seen three times over ten minutes": (3, 10, False, True),
        "seen often, but for nine minutes": (9, 9, False, False),
        "seen twice in an hour": (2, 60, False, False),
        "seen once": (1, 0, False, False),
        "changes the winner": (30, 600, True, False),
        "first seen after now": (3, -1, False, False),
    }

    @pytest.mark.parametrize(
        ("sightings", "minutes", "changes_winners", "expected"), CASES.values(), ids=CASES.keys()
    )
    def test_answers(self, sightings, minutes, changes_winners, expected):
        assert (
            may_release_by_itself(
                sightings=sightings,
                first_seen_at=FIRST_SEEN,
                now=FIRST_SEEN + timedelta(minutes=minutes),
                changes_winners=changes_winners,
            )
            is expected
        )

    def test_follows_what_the_election_asks_for(self):
        asked = {
            "first_seen_at": FIRST_SEEN,
            "now": FIRST_SEEN + timedelta(minutes=30),
            "changes_winners": False,
            "needed_sightings": 5,
            "needed_minutes": 30,
        }
        assert may_release_by_itself(sightings=5, **asked)
        assert not may_release_by_itself(sightings=4, **asked)
        assert not may_release_by_itself(sightings=5, **asked | {"needed_minutes": 31})
