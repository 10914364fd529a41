from fractions import Fraction

import pytest

from newsroom.blocks.claims import holds, say_ratio

# 6.3 million against 1.1 million, as outside groups spent in one school board race of 2020.
RATIO = Fraction(63, 11)


class TestHolds:
    @pytest.mark.parametrize(
        "claim",
        ["nearly 6 to 1", "Almost 6-to-1", "6 to 1", "5.7 to 1", "more than 5 to 1",
         "about 6 to 1"],
    )  # fmt: skip
    def test_is_true_of_what_the_amounts_bear_out(self, claim):
        assert holds(claim, RATIO) is True

    @pytest.mark.parametrize(
        "claim",
        ["nearly 5 to 1", "nearly 7 to 1", "5 to 1", "5.8 to 1", "more than 6 to 1", "over 3 to 1",
         "about 7 to 1", "just over 5 to 1"],
    )  # fmt: skip
    def test_is_false_of_what_they_do_not(self, claim):
        assert holds(claim, RATIO) is False

    def test_takes_nearly_to_mean_less(self):
        assert holds("nearly 6 to 1", Fraction(6)) is False
        assert holds("more than 6 to 1", Fraction(6)) is False
        assert holds("6 to 1", Fraction(6)) is True

    @pytest.mark.parametrize("claim", ["a lot", "6 to 2", "hardly 6 to 1", "", "6"])
    def test_is_none_for_what_it_cannot_read(self, claim):
        assert holds(claim, RATIO) is None


class TestSayRatio:
    def test_has_one_decimal_where_it_says_something(self):
        assert say_ratio(RATIO) == "5.7"
        assert say_ratio(Fraction(6)) == "6"
