import random

import pytest

from newsroom.calls_to_action.verdicts import (
    ArmResult,
    Finding,
    chi_square_tail,
    difference_chance,
    judge,
    mismatch_chance,
)


def arm(key: str, readers: int, outcomes: int) -> ArmResult:
    return ArmResult(key, readers, outcomes)


class TestJudge:
    def test_finds_a_difference_and_who_is_better(self):
        verdict = judge(arm("a", 5000, 100), [arm("b", 5000, 160)], is_over=True)
        assert (verdict.finding, verdict.best) == (Finding.DIFFERENCE, "b")
        verdict = judge(arm("a", 5000, 160), [arm("b", 5000, 100)], is_over=True)
        assert (verdict.finding, verdict.best) == (Finding.DIFFERENCE, "a")

    def test_says_nothing_before_the_horizon(self):
        verdict = judge(arm("a", 5000, 100), [arm("b", 5000, 400)], is_over=False)
        assert verdict.finding == Finding.RUNNING

    @pytest.mark.parametrize(
        ("control", "challengers"),
        [
            (arm("a", 99, 30), [arm("b", 99, 60)]),
            (arm("a", 5000, 3), [arm("b", 5000, 16)]),
            (arm("a", 5000, 300), []),
            (arm("a", 0, 0), [arm("b", 0, 0)]),
        ],
    )
    def test_says_nothing_below_the_minimum(self, control, challengers):
        assert judge(control, challengers, is_over=True).finding == Finding.TOO_FEW

    def test_says_nothing_when_readers_were_not_shared_out_evenly(self):
        verdict = judge(arm("a", 5000, 100), [arm("b", 4500, 400)], is_over=True)
        assert verdict.finding == Finding.MISMATCH

    def test_asks_more_of_each_of_several_challengers(self):
        control, better, same = arm("a", 5000, 200), arm("b", 5000, 244), arm("c", 5000, 200)
        assert 0.025 < difference_chance(control, better) < 0.05
        assert judge(control, [better], is_over=True).finding == Finding.DIFFERENCE
        assert judge(control, [better, same], is_over=True).finding == Finding.NO_DIFFERENCE

    @pytest.mark.parametrize("arms", [2, 3])
    def test_finds_something_in_two_equal_arms_in_about_one_of_twenty(self, arms):
        """2,000 tests of equal arms; 5 % are 100, and 3 standard errors are 29."""
        chance, trials, readers = random.Random(2024), 2000, 1500
        false_alarms = 0
        for _ in range(trials):
            results = [
                arm(str(number), readers, sum(chance.random() < 0.04 for _ in range(readers)))
                for number in range(arms)
            ]
            verdict = judge(results[0], results[1:], is_over=True)
            false_alarms += verdict.finding == Finding.DIFFERENCE
        assert (71 if arms == 2 else 55) <= false_alarms <= 129


class TestChances:
    def test_are_those_of_the_tables(self):
        for value, freedom in [(3.841459, 1), (5.991465, 2), (7.814728, 3), (9.487729, 4)]:
            assert chi_square_tail(value, freedom) == pytest.approx(0.05, abs=1e-6)
        assert difference_chance(arm("a", 1000, 50), arm("b", 1000, 50)) == 1.0
        # z = 20/1000 over sqrt(0.06 * 0.94 / 500) = 1.8831
        assert difference_chance(arm("a", 1000, 50), arm("b", 1000, 70)) == pytest.approx(
            0.05969, abs=1e-4
        )

    def test_are_certain_without_a_spread(self):
        assert difference_chance(arm("a", 10, 0), arm("b", 10, 0)) == 1.0
        assert difference_chance(arm("a", 0, 0), arm("b", 10, 1)) == 1.0
        assert mismatch_chance([0, 0]) == 1.0
