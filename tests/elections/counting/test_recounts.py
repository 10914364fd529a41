from fractions import Fraction

import pytest

from elections.counting.recounts import RecountMargin, is_within

HALF_A_PERCENT = RecountMargin(share=Fraction(1, 200))


class TestIsWithin:
    @pytest.mark.parametrize(("votes", "expected"), [(0, True), (50, True), (51, False)])
    def test_includes_the_edge_of_a_share(self, votes, expected):
        assert is_within(HALF_A_PERCENT, votes=votes, total=10_000, of_two=9_000) is expected

    def test_measures_against_the_two_where_the_law_does(self):
        margin = RecountMargin(share=Fraction(1, 200), of_the_two=True)
        assert not is_within(margin, votes=50, total=10_000, of_two=9_000)
        assert is_within(margin, votes=45, total=10_000, of_two=9_000)

    @pytest.mark.parametrize(("votes", "expected"), [(100, True), (101, False)])
    def test_includes_the_edge_of_votes(self, votes, expected):
        found = is_within(RecountMargin(votes=100), votes=votes, total=10_000, of_two=9_000)
        assert found is expected

    def test_is_enough_with_either(self):
        margin = RecountMargin(votes=100, share=Fraction(1, 1000))
        assert is_within(margin, votes=90, total=10_000, of_two=9_000)

    def test_is_false_before_the_first_vote(self):
        assert not is_within(RecountMargin(votes=100), votes=0, total=0, of_two=0)
