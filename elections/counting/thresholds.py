"""The share of votes a measure must reach, as an exact fraction."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec


class Comparator(StrEnum):
    """How the share is compared with the fraction."""

    MORE_THAN = "more-than"
    AT_LEAST = "at-least"


class Threshold(msgspec.Struct, frozen=True):
    """A passage threshold: ``at least 55/100``, ``more than 1/2``."""

    numerator: int
    denominator: int
    comparator: Comparator

    @property
    def share(self) -> Fraction:
        """The share of yes among yes and no, between 0 and 1."""
        return Fraction(self.numerator, self.denominator)


MAJORITY = Threshold(1, 2, Comparator.MORE_THAN)
FIFTY_FIVE_PERCENT = Threshold(55, 100, Comparator.AT_LEAST)
TWO_THIRDS = Threshold(2, 3, Comparator.AT_LEAST)
