from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from elections.counting.details import (
    Details,
    ReportingUnit,
    Round,
    exhausted,
    gains,
    with_eliminations,
)

# Alaska's special election for the U.S. House of 2022 has this shape: three, then two.
PALIN, PELTOLA, BEGICH = range(3)
ROUNDS = (Round((58_973, 75_799, 53_810)), Round((86_026, 91_266, None)))


def make_details(*units: tuple[int, ...], totals: tuple[int, ...] = (10, 6)) -> Details:
    places = tuple(ReportingUnit(str(n), votes) for n, votes in enumerate(units))
    return Details("Council", ("A", "B"), totals, units=places)


class TestGaps:
    def test_are_nothing_where_the_places_add_up(self) -> None:
        assert make_details((7, 2), (3, 4)).gaps == (0, 0)

    def test_are_the_votes_that_no_place_has(self) -> None:
        assert make_details((7, 2), (1, 4)).gaps == (2, 0)

    def test_are_below_zero_where_the_places_have_more(self) -> None:
        assert make_details((7, 2), (3, 5)).gaps == (0, -1)

    def test_are_not_there_without_places(self) -> None:
        assert make_details().gaps == ()


class TestExhausted:
    def test_is_what_the_first_round_had_and_this_one_has_not(self) -> None:
        assert exhausted(ROUNDS) == (0, 188_582 - 177_292)

    def test_is_nothing_without_rounds(self) -> None:
        assert exhausted(()) == ()


class TestGains:
    def test_are_unknown_in_the_first_round(self) -> None:
        assert gains(ROUNDS, 0) == (None, None, None)

    def test_are_what_each_has_more_than_before(self) -> None:
        assert gains(ROUNDS, 1) == (27_053, 15_467, None)

    def test_are_below_zero_where_a_surplus_went_to_others(self) -> None:
        assert gains((Round((60, 40)), Round((51, 45))), 1) == (-9, 5)


class TestWithEliminations:
    def test_names_who_is_in_one_round_and_not_in_the_next(self) -> None:
        first, last = with_eliminations(ROUNDS)
        assert first.eliminated == (BEGICH,)
        assert last.eliminated == ()

    def test_leaves_out_who_was_elected(self) -> None:
        rounds = (Round((60, 30, 10), elected=(0,)), Round((None, 35, 15)))
        assert with_eliminations(rounds)[0].eliminated == ()


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=1, max_size=6))
def test_gains_and_exhausted_ballots_come_to_nothing_together(table: list[list[int]]) -> None:
    rounds = [Round(tuple(votes)) for votes in table]
    gone = exhausted(rounds)
    for number in range(1, len(rounds)):
        gained = sum(gain or 0 for gain in gains(rounds, number))
        assert gained == gone[number - 1] - gone[number]
