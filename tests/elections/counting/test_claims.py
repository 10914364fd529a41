from fractions import Fraction

import pytest

from elections.counting.claims import Bound, Tolerance, Unit, find_claims, holds, read_claim

READ = [
    ("18,012 votes", 18012, Unit.VOTES, Bound.PLAIN),
    ("about 18,000 votes", 18000, Unit.VOTES, Bound.ABOUT),
    ("around 18,000 votes", 18000, Unit.VOTES, Bound.ABOUT),
    ("some 18,000 ballots", 18000, Unit.VOTES, Bound.ABOUT),
    ("more than 110,000 votes", 110000, Unit.VOTES, Bound.MORE),
    ("just over 1.1 million votes", 1100000, Unit.VOTES, Bound.JUST_OVER),
    ("fewer than 900 votes", 900, Unit.VOTES, Bound.LESS),
    ("at least 500 votes", 500, Unit.VOTES, Bound.AT_LEAST),
    ("up to 500 votes", 500, Unit.VOTES, Bound.AT_MOST),
    ("leads by 7 points", 7, Unit.POINTS, Bound.PLAIN),
    ("a 7-point lead", 7, Unit.POINTS, Bound.PLAIN),
    ("seven percentage points", 7, Unit.POINTS, Bound.PLAIN),
    ("two and a half points", Fraction(5, 2), Unit.POINTS, Bound.PLAIN),
    ("less than a point", 0, None, None),
    ("51.9 %", Fraction(519, 10), Unit.PERCENT, Bound.PLAIN),
    ("51.9%", Fraction(519, 10), Unit.PERCENT, Bound.PLAIN),
    ("51.9 percent", Fraction(519, 10), Unit.PERCENT, Bound.PLAIN),
    ("nearly 52 per cent", 52, Unit.PERCENT, Bound.NEARLY),
    ("6 to 1", 6, Unit.RATIO, Bound.PLAIN),
    ("nearly 6-to-1", 6, Unit.RATIO, Bound.NEARLY),
    ("six to one", 6, Unit.RATIO, Bound.PLAIN),
    ("5.7:1", Fraction(57, 10), Unit.RATIO, Bound.PLAIN),
    ("between 5,000 and 6,000 votes", 5000, Unit.VOTES, Bound.RANGE),
    ("5 to 6 points", 5, Unit.POINTS, Bound.RANGE),
    ("5–6 points", 5, Unit.POINTS, Bound.RANGE),
    ("eighteen thousand votes", 18000, Unit.VOTES, Bound.PLAIN),
    ("one hundred and twelve votes", 112, Unit.VOTES, Bound.PLAIN),
    ("a dozen votes", 12, Unit.VOTES, Bound.PLAIN),
    ("twenty-one votes", 21, Unit.VOTES, Bound.PLAIN),
    ("two-thirds of the vote", Fraction(200, 3), Unit.PERCENT, Bound.PLAIN),
    ("more than half of the votes", 50, Unit.PERCENT, Bound.MORE),
    ("unos 18.000 votos", 18000, Unit.VOTES, Bound.ABOUT),
    ("alrededor de 18 mil votos", 18000, Unit.VOTES, Bound.ABOUT),
    ("casi 52 por ciento", 52, Unit.PERCENT, Bound.NEARLY),
    ("51,9 %", Fraction(519, 10), Unit.PERCENT, Bound.PLAIN),
    ("más de 1,1 millones de votos", 1100000, Unit.NONE, Bound.MORE),
    ("siete puntos", 7, Unit.POINTS, Bound.PLAIN),
    ("seis a uno", 6, Unit.RATIO, Bound.PLAIN),
    ("entre 5.000 y 6.000 votos", 5000, Unit.VOTES, Bound.RANGE),
    ("treinta y un votos", 31, Unit.VOTES, Bound.PLAIN),
    ("poco más de cien votos", 100, Unit.VOTES, Bound.JUST_OVER),
    ("1 234 567 votes", 1234567, Unit.VOTES, Bound.PLAIN),
    ("the two are 7 points apart", 7, Unit.POINTS, Bound.PLAIN),
    ("ahead by 852", 852, Unit.NONE, Bound.PLAIN),
]

TRUE = [
    ("18,012 votes", 18012, "exact"),
    ("18,012 votes", 18012, "rounded"),
    ("18,000 votes", 18499, "rounded"),
    ("18,000 votes", 17500, "rounded"),
    ("18,000 votes", 18900, "about"),
    ("about 18,000 votes", 18900, "exact"),
    ("51.9%", Fraction(5186, 100), "exact"),
    ("7 points", Fraction(65, 10), "exact"),
    ("50%", Fraction(504, 10), "rounded"),
    ("nearly 6 to 1", Fraction(57, 10), "exact"),
    ("nearly 18,000 votes", 17999, "exact"),
    ("more than 110,000 votes", 114000, "exact"),
    ("just over 50%", Fraction(516, 10), "exact"),
    ("fewer than 900 votes", 852, "exact"),
    ("at least 500 votes", 90000, "exact"),
    ("up to 500 votes", 3, "exact"),
    ("between 5,000 and 6,000 votes", 5500, "exact"),
    ("unos 18.000 votos", 17500, "exact"),
]
UNTRUE = [
    ("18,012 votes", 18013, "exact"),
    ("18,000 votes", 18012, "exact"),
    ("18,000 votes", 18500, "rounded"),
    ("18,000 votes", 17499, "rounded"),
    ("about 18,000 votes", 16250, "exact"),
    ("51.9%", Fraction(5184, 100), "rounded"),
    ("7 points", Fraction(75, 10), "rounded"),
    ("50%", Fraction(51), "rounded"),
    ("nearly 6 to 1", Fraction(6), "exact"),
    ("nearly 18,000 votes", 18000, "about"),
    ("more than 110,000 votes", 110000, "about"),
    ("more than 110,000 votes", 140000, "about"),
    ("just over 50%", Fraction(56), "exact"),
    ("fewer than 900 votes", 900, "exact"),
    ("between 5,000 and 6,000 votes", 6001, "about"),
    ("casi 52 por ciento", Fraction(49), "exact"),
]


class TestReadClaim:
    @pytest.mark.parametrize(("text", "value", "unit", "bound"), READ)
    def test_reads_what_a_sentence_says(self, text, value, unit, bound):
        claim = read_claim(text)
        if unit is None:
            assert claim is None
            return
        assert (claim.value, claim.unit, claim.bound) == (value, unit, bound)

    @pytest.mark.parametrize("text", ["", "Nobody leads.", "a race", "un voto de confianza"])
    def test_is_none_without_a_number(self, text):
        assert read_claim(text) is None


class TestHolds:
    @pytest.mark.parametrize(("text", "value", "tolerance"), TRUE)
    def test_is_true(self, text, value, tolerance):
        assert holds(read_claim(text), Fraction(value), Tolerance(tolerance))

    @pytest.mark.parametrize(("text", "value", "tolerance"), UNTRUE)
    def test_is_untrue(self, text, value, tolerance):
        assert not holds(read_claim(text), Fraction(value), Tolerance(tolerance))


class TestFindClaims:
    def test_finds_numbers_of_votes_and_leaves_the_others(self):
        text = (
            "On Nov. 5, 2024 Schmerelson of District 3 led by 7 points, about 18,000 votes, and "
            "allies spent $6.3 million, nearly 6 to 1."
        )
        assert [text[claim.start : claim.end] for claim in find_claims(text)] == [
            "7 points",
            "about 18,000 votes",
            "nearly 6 to 1",
        ]
