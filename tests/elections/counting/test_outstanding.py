import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.outstanding import (
    Answer,
    Estimate,
    candidate_outlook,
    measure_outlook,
    scaled_to_contest,
)
from elections.counting.tally import lead, standings, threshold_standing
from elections.counting.thresholds import (
    FIFTY_FIVE_PERCENT,
    MAJORITY,
    TWO_THIRDS,
    Comparator,
    Threshold,
)


def estimate(ballots: int, **known) -> Estimate:
    return Estimate(Fraction(ballots), **{"turnout_share": Fraction(1), **known})


def outlook(votes: dict[str, int], left: Estimate | None, **rules):
    return candidate_outlook(votes, lead(votes), left, **rules)


class TestCandidates:
    @pytest.mark.parametrize(
        ("ahead", "behind", "to_come", "needed"),
        [
            (27_140, 26_288, 51_787, "50.82"),  # Los Angeles Unified, District 2, 2022.
            (6_418, 0, 67_879, "54.73"),  # District 3, 2024: only the margin matters.
        ],
    )
    def test_need_what_was_worked_out_by_hand(self, ahead, behind, to_come, needed):
        found = outlook({"ahead": ahead, "behind": behind}, estimate(to_come))
        assert f"{float(found.share * 100):.2f}" == needed
        assert found.behind == "behind"

    def test_behind_them_leave_a_share_to_others(self):
        found = outlook({"a": 500, "b": 400, "others": 100}, estimate(1000))
        assert found.ballots == 900
        assert found.share == Fraction(1, 2) + Fraction(100, 1800)
        assert found.share_of_all == found.share * Fraction(9, 10)

    def test_may_be_given_another_share_of_others(self):
        found = outlook(
            {"a": 500, "b": 400, "others": 100}, estimate(1000, others_share=Fraction(1, 2))
        )
        assert found.ballots == 500

    def test_count_only_the_ballots_that_vote_in_the_contest(self):
        found = outlook({"a": 50, "b": 40}, estimate(100, turnout_share=Fraction(4, 5)))
        assert found.ballots == 80
        assert not found.is_at_least

    def test_need_at_least_that_share_when_drop_off_is_unknown(self):
        assert outlook({"a": 50, "b": 40}, Estimate(Fraction(100))).is_at_least

    def test_cannot_catch_up_with_more_than_all_of_what_is_left(self):
        assert outlook({"a": 50, "b": 40}, estimate(9)).answer is Answer.OUT_OF_REACH
        assert outlook({"a": 50, "b": 40}, estimate(10)).share == 1

    def test_cannot_catch_up_only_while_others_get_their_share(self):
        votes = {"a": 50, "b": 40, "c": 30, "d": 30}
        assert outlook(votes, estimate(15)).assumes_others
        assert not outlook(votes, estimate(9)).assumes_others

    def test_cannot_catch_up_when_nothing_is_left(self):
        assert outlook({"a": 50, "b": 40}, estimate(0)).answer is Answer.OUT_OF_REACH

    def test_have_no_answer_without_an_estimate(self):
        assert outlook({"a": 50, "b": 40}, None).answer is Answer.UNKNOWN

    @pytest.mark.parametrize("votes", [{"a": 50, "b": 50}, {"a": 0, "b": 0}, {"a": 9}, {}])
    def test_need_nothing_where_nobody_is_behind(self, votes):
        assert outlook(votes, estimate(100)) is None

    @pytest.mark.parametrize(
        ("left", "answer"), [(9, Answer.OUT_OF_REACH), (10, Answer.WITHIN_REACH)]
    )
    def test_of_several_seats_have_only_the_bound(self, left, answer):
        found = candidate_outlook(
            {"a": 70, "b": 50, "c": 40},
            lead({"a": 70, "b": 50, "c": 40}, 2),
            estimate(left),
            has_several_votes=True,
        )
        assert (found.answer, found.behind, found.share) == (answer, "c", None)


class TestMeasures:
    def test_short_of_it_say_what_yes_needs(self):
        found = measure_outlook("y", "n", {"y": 54, "n": 46}, FIFTY_FIVE_PERCENT, estimate(100))
        assert (found.behind, found.share) == ("y", Fraction(56, 100))
        assert not found.is_more_than

    def test_above_it_say_what_no_needs(self):
        found = measure_outlook("y", "n", {"y": 56, "n": 44}, FIFTY_FIVE_PERCENT, estimate(100))
        assert (found.behind, found.share) == ("n", Fraction(46, 100))
        assert found.is_more_than

    def test_of_a_majority_need_more_than_half_for_yes_and_half_for_no(self):
        yes = measure_outlook("y", "n", {"y": 50, "n": 50}, MAJORITY, estimate(100))
        no = measure_outlook("y", "n", {"y": 51, "n": 49}, MAJORITY, estimate(100))
        assert (yes.behind, yes.share, yes.is_more_than) == ("y", Fraction(1, 2), True)
        assert (no.behind, no.share, no.is_more_than) == ("n", Fraction(51, 100), False)

    def test_have_no_answer_without_an_estimate(self):
        assert measure_outlook("y", "n", {"y": 1, "n": 2}, MAJORITY, None).answer is Answer.UNKNOWN

    def test_before_the_first_vote_say_nothing(self):
        assert measure_outlook("y", "n", {"y": 0, "n": 0}, MAJORITY, estimate(9)) is None

    def test_cannot_turn_when_nothing_is_left(self):
        found = measure_outlook("y", "n", {"y": 1, "n": 2}, MAJORITY, estimate(0))
        assert found.answer is Answer.OUT_OF_REACH


class TestScaledToContest:
    def test_is_the_part_of_the_whole(self):
        assert scaled_to_contest(780_000, 1, 10) == 78_000

    @pytest.mark.parametrize(
        ("part", "whole"), [(None, 10), (10, None), (0, 10), (10, 0), (11, 10)]
    )
    def test_is_unknown_where_a_measure_is(self, part, whole):
        assert scaled_to_contest(780_000, part, whole) is None


counts = st.integers(min_value=0, max_value=60)
left = st.integers(min_value=0, max_value=60)
thresholds = st.builds(
    lambda a, b, c: Threshold(min(a, b), max(a, b), c),
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from(Comparator),
).filter(lambda t: t.share < 1 or t.comparator is Comparator.AT_LEAST)


class TestAgainstEveryWayToCount:
    """Hand out the ballots left one by one, and see which way turns it with the fewest."""

    @given(a=counts, b=counts, ballots=left)
    def test_candidates_need_the_fewest_ballots_that_draw_level(self, a, b, ballots):
        found = outlook({"a": a, "b": b}, estimate(ballots))
        if found is None:
            assert a == b
            return
        most, fewest = max(a, b), min(a, b)
        enough = [k for k in range(ballots + 1) if fewest + k >= most + ballots - k]
        if found.answer is Answer.OUT_OF_REACH:
            assert not enough
        else:
            assert math.ceil(found.share * ballots) == enough[0]

    @given(yes=counts, no=counts, ballots=left, threshold=thresholds)
    def test_measures_need_the_fewest_ballots_that_turn_them(self, yes, no, ballots, threshold):
        found = measure_outlook("y", "n", {"y": yes, "n": no}, threshold, estimate(ballots))
        now = threshold_standing(yes, no, threshold)
        if found is None:
            assert now is None
            return
        assert found.behind == ("n" if now.is_met else "y")
        enough = [
            k for k in range(ballots + 1) if turns(yes, no, ballots, k, threshold, now.is_met)
        ]
        if found.answer is Answer.OUT_OF_REACH:
            assert not enough
        else:
            needed = found.share * ballots
            fewest = math.floor(needed) + 1 if found.is_more_than else math.ceil(needed)
            assert fewest == enough[0]

    @given(
        votes=st.lists(counts, min_size=3, max_size=3),
        ballots=st.integers(min_value=0, max_value=12),
    )
    def test_several_votes_a_ballot_never_make_up_more_than_the_bound(self, votes, ballots):
        tally = dict(zip("abc", votes, strict=True))
        line = lead(tally, 2)
        found = candidate_outlook(tally, line, estimate(ballots), has_several_votes=True)
        if found is None:
            return
        can_draw_level = tally[line.behind] + ballots >= tally[line.ahead]
        assert (found.answer is Answer.WITHIN_REACH) == can_draw_level

    @given(votes=st.dictionaries(st.integers(0, 9), counts, min_size=2), ballots=left)
    def test_shares_lie_between_a_half_and_one(self, votes, ballots):
        found = outlook(votes, Estimate(Fraction(ballots)))
        if found is not None and found.answer is Answer.NEEDS:
            assert Fraction(1, 2) < found.share <= 1
            assert found.share_of_all <= found.share

    @given(votes=st.dictionaries(st.integers(0, 9), counts))
    def test_shares_of_what_is_counted_add_up_to_one(self, votes):
        shares = [standing.share for standing in standings(votes)]
        if any(votes.values()):
            assert sum(shares) == 1
        else:
            assert set(shares) <= {None}


def turns(yes: int, no: int, ballots: int, taken: int, threshold: Threshold, is_met: bool) -> bool:
    """Whether the side behind turns it by taking so many of the ballots left."""
    yes_more = ballots - taken if is_met else taken
    after = threshold_standing(yes + yes_more, no + ballots - yes_more, threshold)
    return after.is_met != is_met


def test_two_thirds_of_half_counted_is_exact():
    found = measure_outlook("y", "n", {"y": 2, "n": 2}, TWO_THIRDS, estimate(2))
    assert found.share == 1
