from fractions import Fraction

import pytest
from django.utils import translation

from elections.widgets.figures import number, percent, points


class TestNumber:
    def test_has_the_separators_of_the_locale(self) -> None:
        assert number(1_089_674) == "1,089,674"
        with translation.override("de"):
            assert number(1_089_674) == "1.089.674"
        with translation.override("hi"):
            assert number(1_089_674) == "1089674"

    def test_is_zero_when_zero(self) -> None:
        assert number(0) == "0"


class TestPercent:
    @pytest.mark.parametrize(
        ("share", "text"),
        [
            (Fraction(0), "0.0%"),
            (Fraction(1), "100.0%"),
            (Fraction(89_674, 172_930), "51.9%"),
            (Fraction(5005, 10_000), "50.1%"),
            (Fraction(4995, 10_000), "50.0%"),
            (None, "—"),
        ],
    )
    def test_has_one_decimal_half_rounded_up(self, share, text) -> None:
        assert percent(share) == text

    def test_has_the_separator_of_the_locale(self) -> None:
        with translation.override("de"):
            assert percent(Fraction(1005, 10_000)) == "10,1%"

    def test_has_none_when_asked(self) -> None:
        assert percent(Fraction(1, 2), 0) == "50%"


class TestPoints:
    def test_are_rounded_once_half_up(self) -> None:
        assert points(Fraction(25, 1000)) == "2.5 points"
        assert points(Fraction(1, 800)) == "0.1 points"

    def test_of_almost_nothing_are_not_said_to_be_none(self) -> None:
        assert points(Fraction(1, 100_000)) == "less than 0.1 points"

    def test_have_no_sign(self) -> None:
        assert points(Fraction(-4, 1000)) == "0.4 points"
