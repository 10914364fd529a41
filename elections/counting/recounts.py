"""Whether a margin is one at which the law knows of a recount."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class RecountMargin:
    """The largest margin for a recount: so many votes, or such a share, either is enough.

    ``share`` is 0 to 1, of all votes of the contest or, with ``of_the_two``, of those
    for the two at the line. None where the law does not speak of it.
    """

    votes: int | None = None
    share: Fraction | None = None
    of_the_two: bool = False


def is_within(margin: RecountMargin, *, votes: int, total: int, of_two: int) -> bool:
    """Answer whether a lead of so many ``votes`` is within the margin, its edge included.

    ``total`` are all votes of the contest, ``of_two`` those for the two at the line.
    Before the first vote nothing is.
    """
    if total == 0:
        return False
    if margin.votes is not None and votes <= margin.votes:
        return True
    base = of_two if margin.of_the_two else total
    return margin.share is not None and base > 0 and Fraction(votes, base) <= margin.share
