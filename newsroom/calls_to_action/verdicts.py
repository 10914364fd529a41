"""What a test of an ask says, and when it says nothing. Arithmetic only: no Django, no clock.

A test is judged once, at the horizon that was fixed when it began: looking at it every day and
stopping when it looks good finds a winner in every third test of two equal arms. Each challenger
is compared with the control by the two-sided test of two shares with a pooled variance; with
several challengers the level is shared among them (Bonferroni). Before that, the arms must have
got as many readers as they should (chi-square, at one in a thousand): if they have not, something
chose readers, and no share means anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEVEL: Final = 0.05
MISMATCH_LEVEL: Final = 0.001
LEAST_READERS: Final = 100
LEAST_OUTCOMES: Final = 10


@dataclass(frozen=True)
class ArmResult:
    """One arm: how many readers saw it, and how many did what the test is judged on."""

    key: str
    readers: int
    outcomes: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nobody saw it."""
        return self.outcomes / self.readers if self.readers else None


class Finding(StrEnum):
    RUNNING = "running"
    # Somebody ended it before its horizon.
    CLOSED = "closed"
    MISMATCH = "mismatch"
    TOO_FEW = "too-few"
    NO_DIFFERENCE = "no-difference"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Verdict:
    """``best`` is an arm's key, only with a difference. ``chances`` are the p-values by arm."""

    finding: Finding
    best: str = ""
    chances: tuple[tuple[str, float], ...] = ()


def judge(control: ArmResult, challengers: Sequence[ArmResult], *, is_over: bool) -> Verdict:
    """Judge a test at its horizon; before it, and below the minimum, there is no verdict.

    The best arm is the one with the highest share of those that differ from the control for the
    better, or the control where all that differ are worse.
    """
    arms = [control, *challengers]
    if not is_over:
        return Verdict(Finding.RUNNING)
    if not challengers or any(arm.readers < LEAST_READERS for arm in arms):
        return Verdict(Finding.TOO_FEW)
    if mismatch_chance([arm.readers for arm in arms]) < MISMATCH_LEVEL:
        return Verdict(Finding.MISMATCH)
    if sum(arm.outcomes for arm in arms) < LEAST_OUTCOMES * len(arms):
        return Verdict(Finding.TOO_FEW)
    chances = tuple((arm.key, difference_chance(control, arm)) for arm in challengers)
    level = LEVEL / len(challengers)
    differing = {key for key, chance in chances if chance < level}
    if not differing:
        return Verdict(Finding.NO_DIFFERENCE, chances=chances)
    candidates = [control, *(arm for arm in challengers if arm.key in differing)]
    best = max(candidates, key=lambda arm: arm.outcomes / arm.readers)
    return Verdict(Finding.DIFFERENCE, best.key, chances)


def difference_chance(one: ArmResult, other: ArmResult) -> float:
    """Return how often equal arms would differ by as much: the p-value, 1.0 without a spread.

    An arm cannot have more outcomes than readers; what says so is counted as all of them.
    """
    first, second = min(one.outcomes, one.readers), min(other.outcomes, other.readers)
    readers = one.readers + other.readers
    if not one.readers or not other.readers:
        return 1.0
    pooled = (first + second) / readers
    spread = math.sqrt(pooled * (1 - pooled) * (1 / one.readers + 1 / other.readers))
    if not spread:
        return 1.0
    distance = abs(first / one.readers - second / other.readers) / spread
    return math.erfc(distance / math.sqrt(2))


def mismatch_chance(readers: Sequence[int]) -> float:
    """Return how often a fair draw would share out readers as unevenly, among 2 arms or more."""
    total = sum(readers)
    if not total or len(readers) < 2:
        return 1.0
    expected = total / len(readers)
    distance = sum((number - expected) ** 2 for number in readers) / expected
    return chi_square_tail(distance, len(readers) - 1)


def chi_square_tail(value: float, freedom: int) -> float:
    """Return the chance of a chi-square above ``value``.

    For an even number of degrees of freedom it is a finite sum; for an odd one the sum begins
    with the tail of the normal distribution. Both are exact up to rounding.
    """
    half = value / 2
    if freedom % 2:
        tail, term, count = math.erfc(math.sqrt(half)), math.sqrt(half / math.pi) * 2, 1
        denominator = 1.0
    else:
        tail, term, count, denominator = 1.0, half, 2, 1.0
        tail *= math.exp(-half)
    while count < freedom:
        tail += math.exp(-half) * term / denominator
        count += 2
        denominator *= count / 2
        term *= half
    return min(tail, 1.0)
