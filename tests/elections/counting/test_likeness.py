import pytest

from elections.counting.likeness import ALIKE_NAMES, name_likeness, pair_names, title_likeness


class TestTitleLikeness:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("MAYOR, CITY OF BURBANK", "Mayor, City of Burbank"),
            ("Asamblea — Distrito 5: Peña", "ASAMBLEA DISTRITO 5 PENA"),
        ],
    )
    def test_is_one_for_the_same_words(self, one: str, other: str) -> None:
        assert title_likeness(one, other) == 1.0

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("LAUSD Board, District 3", "LAUSD Board, District 4"),
            ("Burbank - Measure A", "Burbank - Measure B"),
            ("Judge, Office No. 39", "Judge, Office No. 97"),
            ("Proposition 32", "Proposition 33"),
        ],
    )
    def test_is_nothing_for_sisters(self, one: str, other: str) -> None:
        assert title_likeness(one, other) == 0.0

    def test_finds_a_short_name_in_a_long_one(self) -> None:
        long = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board, District 3"
        assert title_likeness(long, "Los Angeles Unified board, Dist. 03") > 0.7

    def test_is_nothing_without_words(self) -> None:
        assert title_likeness("—", "Mayor") == 0.0

    def test_is_the_same_both_ways(self) -> None:
        one, other = "Board of Education, District 3", "School board 3"
        assert title_likeness(one, other) == title_likeness(other, one)


class TestNameLikeness:
    def test_sees_through_a_slip(self) -> None:
        likeness = name_likeness("KHALLID A. AL-ALIM", "Kahllid A. Al-Alim")
        assert ALIKE_NAMES < likeness < 1

    def test_sees_through_the_order_of_words(self) -> None:
        assert name_likeness("CHANG, DAN", "Dan Chang") == 0.99

    def test_is_not_measured_for_other_people(self) -> None:
        assert name_likeness("Maria Garcia", "Marco Lopez") == 0


class TestPairNames:
    def test_pairs_nobody_twice(self) -> None:
        ours = {1: "Dan Chang"}
        theirs = {7: "DAN CHANG", 8: "DAN CHANGE"}
        assert pair_names(ours, theirs) == {7: (1, 1.0)}

    def test_prefers_the_most_alike(self) -> None:
        ours = {1: "Ana Lopez", 2: "Anna Lopez"}
        assert pair_names(ours, {7: "ANNA LOPEZ", 8: "ANA LOPEZ"}) == {7: (2, 1.0), 8: (1, 1.0)}
