"""Standings, leads, ties and thresholds, with figures from real counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.tally import (
    is_tied_at_cut_line,
    lead,
    selections_ahead,
    standings,
    threshold_standing,
)
from elections.counting.thresholds import (
    FIFTY_FIVE_PERCENT,
    MAJORITY,
    TWO_THIRDS,
    Comparator,
    Threshold,
)

counts = st.dictionaries(st.integers(1, 12), st.integers(0, 5_000_000) | st.integers(0, 3))
seat_numbers = st.integers(1, 7)
thresholds = st.builds(
    lambda part, whole, comparator: Threshold(min(part, whole), max(part, whole), comparator),
    st.integers(1, 100),
    st.integers(1, 100),
    st.sampled_from(Comparator),
)


@st.composite
def shuffled_counts(draw):
    votes = draw(counts)
    return votes, dict(draw(st.permutations(list(votes.items()))))


class TestStandings:
    def test_give_the_figures_of_district_3_in_2024(self):
        first, second = standings({"Chang": 116_478, "Schmerelson": 124_331})
        assert (first.key, first.votes, first.rank) == ("Schmerelson", 124_331, 1)
        assert (second.key, second.votes, second.rank) == ("Chang", 116_478, 2)
        assert first.share == Fraction(124_331, 240_809)
        assert f"{float(first.share):.2%}" == "51.63%"

    def test_give_no_share_when_nothing_is_counted(self):
        assert [(s.share, s.rank) for s in standings({"A": 0, "B": 0})] == [(None, 1), (None, 1)]

    def test_give_a_share_of_zero_to_none_of_500_votes(self):
        loser = standings({"A": 500, "B": 0})[1]
        assert loser.share == 0
        assert loser.share is not None

    def test_let_equal_votes_share_a_rank_and_skip_the_next(self):
        placed = standings({"D": 1, "B": 641, "C": 641, "A": 700})
        assert [(s.key, s.rank) for s in placed] == [("A", 1), ("B", 2), ("C", 2), ("D", 4)]

    def test_keep_the_order_of_equal_votes(self):
        assert [s.key for s in standings({"Z": 5, "A": 5, "M": 5})] == ["Z", "A", "M"]

    def test_are_empty_for_a_contest_without_candidates(self):
        assert standings({}) == ()

    @given(counts)
    def test_have_shares_that_sum_to_one_when_anything_is_counted(self, votes):
        shares = [standing.share for standing in standings(votes)]
        if any(votes.values()):
            assert sum(shares) == 1
        else:
            assert set(shares) <= {None}

    @given(shuffled_counts())
    def test_give_the_same_rank_and_share_in_any_order(self, pair):
        one, other = ({s.key: (s.rank, s.share) for s in standings(votes)} for votes in pair)
        assert one == other

    @given(counts)
    def test_rank_a_selection_by_how_many_have_more_votes(self, votes):
        for standing in standings(votes):
            assert standing.rank == 1 + sum(v > standing.votes for v in votes.values())


class TestLead:
    def test_is_the_margin_in_votes_and_of_all_votes(self):
        found = lead({"Schmerelson": 89_674, "Chang": 83_256})
        assert (found.ahead, found.behind, found.margin_votes) == ("Schmerelson", "Chang", 6_418)
        assert f"{float(found.margin_share) * 100:.1f}" == "3.7"

    def test_is_of_all_votes_and_not_of_the_two_in_front(self):
        assert lead({"A": 50, "B": 30, "C": 20}).margin_share == Fraction(20, 100)

    def test_stands_at_the_cut_line_of_several_seats(self):
        found = lead({"A": 900, "B": 700, "C": 650, "D": 10}, seats=2)
        assert (found.ahead, found.behind, found.margin_votes) == ("B", "C", 50)

    @pytest.mark.parametrize("votes", [641, 860, 968])
    def test_is_none_when_tied(self, votes):
        assert lead({"A": votes, "B": votes}) is None

    def test_is_none_when_tied_for_the_last_of_several_seats(self):
        assert lead({"A": 900, "B": 641, "C": 641}, seats=2) is None

    def test_does_not_mind_a_tie_above_the_cut_line(self):
        found = lead({"A": 900, "B": 900, "C": 641}, seats=2)
        assert (found.behind, found.margin_votes) == ("C", 259)

    def test_is_none_when_nothing_is_counted(self):
        assert lead({"A": 0, "B": 0}) is None

    @pytest.mark.parametrize(("votes", "seats"), [({"A": 12}, 1), ({"A": 12, "B": 3}, 2), ({}, 1)])
    def test_is_none_when_nobody_is_out(self, votes, seats):
        assert lead(votes, seats) is None

    def test_is_refused_for_no_seats(self):
        with pytest.raises(ValueError, match="at least one seat"):
            lead({"A": 1, "B": 0}, seats=0)

    @given(counts, seat_numbers)
    def test_is_never_negative_and_never_more_than_everything(self, votes, seats):
        found = lead(votes, seats)
        if found is not None:
            assert found.margin_votes == votes[found.ahead] - votes[found.behind] > 0
            assert 0 < found.margin_share <= 1

    @given(shuffled_counts(), seat_numbers)
    def test_has_the_same_margin_in_any_order(self, pair, seats):
        one, other = (lead(votes, seats) for votes in pair)
        assert (one and one.margin_votes) == (other and other.margin_votes)

    @given(counts, seat_numbers)
    def test_is_missing_only_for_a_tie_an_empty_count_or_nobody_out(self, votes, seats):
        reasons = [
            is_tied_at_cut_line(votes, seats),
            len(votes) <= seats,
            not any(votes.values()) and len(votes) > seats,
        ]
        assert (lead(votes, seats) is None) == any(reasons)
        assert sum(reasons) <= 1


class TestIsTiedAtCutLine:
    CASES = {
        "ABC Unified area 6, 2022": ({"A": 641, "B": 641}, 1, True),
        "one vote apart": ({"A": 641, "B": 640}, 1, False),
        "tied for the second of two seats": ({"A": 900, "B": 641, "C": 641}, 2, True),
        "tied in front with two seats": ({"A": 900, "B": 900, "C": 641}, 2, False),
        "tied behind the cut-line": ({"A": 900, "B": 641, "C": 641}, 1, False),
        "nothing counted": ({"A": 0, "B": 0}, 1, False),
        "no vote for two who want the second seat": ({"A": 9, "B": 0, "C": 0}, 2, True),
        "as many seats as candidates": ({"A": 5, "B": 5}, 2, False),
        "nobody filed": ({}, 1, False),
    }

    @pytest.mark.parametrize(("votes", "seats", "expected"), CASES.values(), ids=CASES.keys())
    def test_answers(self, votes, seats, expected):
        assert is_tied_at_cut_line(votes, seats) is expected


class TestSelectionsAhead:
    CASES = {
        "one seat": ({"A": 900, "B": 700}, 1, {"A"}),
        "two seats": ({"A": 900, "B": 700, "C": 650}, 2, {"A", "B"}),
        "a tie for the last seat leaves both out": ({"A": 900, "B": 700, "C": 700}, 2, {"A"}),
        "a tie in front with one seat": ({"A": 641, "B": 641}, 1, set()),
        "nothing counted": ({"A": 0, "B": 0}, 1, set()),
        "as many seats as candidates": ({"A": 5, "B": 0}, 2, {"A", "B"}),
    }

    @pytest.mark.parametrize(("votes", "seats", "expected"), CASES.values(), ids=CASES.keys())
    def test_are_those_who_would_have_a_seat(self, votes, seats, expected):
        assert selections_ahead(votes, seats) == expected

    @given(counts, seat_numbers)
    def test_fill_the_seats_exactly_when_somebody_leads(self, votes, seats):
        ahead = selections_ahead(votes, seats)
        if lead(votes, seats) is not None:
            assert len(ahead) == seats
        elif is_tied_at_cut_line(votes, seats):
            assert len(ahead) < seats


class TestThresholdStanding:
    CASES = {
        "half is no majority": (50, 50, MAJORITY, False, -1),
        "one more than half is": (51, 49, MAJORITY, True, 0),
        "a majority of an odd number": (51, 50, MAJORITY, True, 0),
        "half of an odd number, rounded down": (50, 51, MAJORITY, False, -1),
        "exactly 55 % passes": (55, 45, FIFTY_FIVE_PERCENT, True, 0),
        "54 % is one short of 55 %": (54, 46, FIFTY_FIVE_PERCENT, False, -1),
        "55 % of 99 needs 55, not 54.45": (54, 45, FIFTY_FIVE_PERCENT, False, -1),
        "exactly two thirds pass": (2, 1, TWO_THIRDS, True, 0),
        "66 of 100 are short of two thirds": (66, 34, TWO_THIRDS, False, -1),
        "70 of 100 are three above two thirds": (70, 30, TWO_THIRDS, True, 3),
        "more than two thirds": (2, 1, Threshold(2, 3, Comparator.MORE_THAN), False, -1),
        "no yes at all": (0, 500, MAJORITY, False, -251),
        "no no at all": (500, 0, FIFTY_FIVE_PERCENT, True, 225),
        "a fraction that no float holds": (2 * 10**17, 10**17, TWO_THIRDS, True, 0),
    }

    @pytest.mark.parametrize(
        ("yes", "no", "threshold", "is_met", "margin"), CASES.values(), ids=CASES.keys()
    )
    def test_is_exact(self, yes, no, threshold, is_met, margin):
        standing = threshold_standing(yes, no, threshold)
        assert (standing.is_met, standing.margin_votes) == (is_met, margin)

    def test_has_the_share_and_the_gap(self):
        standing = threshold_standing(5_457, 4_543, FIFTY_FIVE_PERCENT)
        assert standing.yes_share == Fraction(5_457, 10_000)
        assert standing.gap_share == Fraction(-43, 10_000)

    def test_has_no_gap_at_half_of_a_majority_that_is_not_met(self):
        standing = threshold_standing(50, 50, MAJORITY)
        assert standing.gap_share == 0
        assert not standing.is_met

    def test_is_none_when_nothing_is_counted(self):
        assert threshold_standing(0, 0, MAJORITY) is None

    def test_reads_a_comparator_that_comes_as_plain_text(self):
        assert not threshold_standing(50, 50, Threshold(1, 2, "more-than")).is_met

    @given(st.integers(0, 10_000), st.integers(0, 10_000), thresholds)
    def test_is_met_exactly_when_the_share_compares_so(self, yes, no, threshold):
        standing = threshold_standing(yes, no, threshold)
        if yes + no == 0:
            assert standing is None
            return
        share = Fraction(yes, yes + no)
        is_more = threshold.comparator is Comparator.MORE_THAN
        assert standing.is_met == (share > threshold.share if is_more else share >= threshold.share)
        assert standing.gap_share == share - threshold.share

    @given(st.integers(0, 3_000), st.integers(0, 3_000), thresholds)
    def test_has_a_margin_that_just_turns_the_answer_at_this_total(self, yes, no, threshold):
        standing = threshold_standing(yes, no, threshold)
        if standing is None:
            return
        total, fewest = yes + no, yes - standing.margin_votes
        if fewest <= total:
            assert threshold_standing(fewest, total - fewest, threshold).is_met
        if fewest > 0:
            assert not threshold_standing(fewest - 1, total - fewest + 1, threshold).is_met
