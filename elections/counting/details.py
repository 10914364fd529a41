"""What a document says of a contest besides its total: by place, by kind of vote, by round.

A county of a thousand precincts says a million things that hardly anybody asks for. So a report
never holds them: they are read for the contests that somebody follows, one contest at a time.
Votes stand in the order of ``selections``, once for the whole and once for each part.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

MOST_UNITS = 10_000
"""More places than a page or a memory is for; Los Angeles County has some 3,000 precincts."""

MOST_ROUNDS = 100


class UnitType(StrEnum):
    """The kinds of ReportingUnit of NIST SP 1500-100 that we tell apart."""

    COUNTY = "county"
    TOWN = "town"
    PRECINCT = "precinct"
    OTHER = "other"


class Problem(StrEnum):
    """Why something is missing that the document may have."""

    TOO_MANY = "too-many"
    UNREADABLE = "unreadable"


class ReportingUnit(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One place. ``key`` is the source's own, such as a FIPS code; "" where there is none.

    ``precincts_reported`` are those that have reported at least some votes; None where the
    source does not say.
    """

    name: str
    votes: tuple[int, ...]
    key: str = ""
    precincts_reported: int | None = None
    precincts_total: int | None = None


class KindCount(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The votes of one kind, such as those by mail."""

    name: str
    votes: tuple[int, ...]


class Round(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One round of a ranked choice count: who was left in it, with how many votes.

    ``votes`` has None for whoever is out by then. ``elected`` and ``eliminated`` are places in
    ``selections``, of those for whom the round ended so. ``threshold`` is the votes that elect.
    """

    votes: tuple[int | None, ...]
    elected: tuple[int, ...] = ()
    eliminated: tuple[int, ...] = ()
    threshold: int | None = None

    @property
    def total(self) -> int:
        """The ballots that still count for somebody."""
        return sum(count or 0 for count in self.votes)


class Details(msgspec.Struct, frozen=True, gc=False):
    """What one document says of one contest besides its total.

    ``contest`` and ``selections`` are the provider's keys, ``totals`` the document's own votes
    of the whole. ``units_total`` is how many places take part and ``units_reported`` how many
    have reported at least some votes, None where the source does not say. ``rounds`` are in
    order, from the first choices on; ``are_rounded`` says that fractions of votes were cut off.
    ``problem`` says why places are missing, None where none are.
    """

    contest: str
    selections: tuple[str, ...]
    totals: tuple[int, ...]
    unit_type: UnitType = UnitType.OTHER
    units: tuple[ReportingUnit, ...] = ()
    units_reported: int | None = None
    units_total: int | None = None
    kinds: tuple[KindCount, ...] = ()
    rounds: tuple[Round, ...] = ()
    are_rounded: bool = False
    problem: Problem | None = None

    @property
    def has_parts(self) -> bool:
        """Whether the document tells anything besides the total."""
        return bool(self.units or self.kinds or self.rounds)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Votes of the whole that no place has, by selection: 0 where the places add up.

        Below zero where the places have more. Empty without places.
        """
        if not self.units:
            return ()
        return tuple(
            total - sum(unit.votes[place] for unit in self.units)
            for place, total in enumerate(self.totals)
        )


def exhausted(rounds: Sequence[Round]) -> tuple[int, ...]:
    """Return for each round the ballots that have no choice left in it.

    They are what the first round had and this one has not. Example: 100 ballots in the first
    round and 93 in the third are 7 exhausted ones.
    """
    return tuple(rounds[0].total - one.total for one in rounds) if rounds else ()


def gains(rounds: Sequence[Round], number: int) -> tuple[int | None, ...]:
    """Return what each selection has more in a round, by index, than in the one before.

    None for whoever is out, and for everybody in the first. Below zero where the surplus of an
    elected candidate went to others.
    """
    now = rounds[number].votes
    if number == 0:
        return (None,) * len(now)
    before = rounds[number - 1].votes
    return tuple(
        None if count is None else count - (earlier or 0)
        for count, earlier in zip(now, before, strict=True)
    )


def with_eliminations(rounds: Sequence[Round]) -> tuple[Round, ...]:
    """Return the rounds with those eliminated who are in one and not in the next.

    Those of whom the source says so are kept; an elected candidate is not eliminated.
    """
    told: list[Round] = []
    elected: set[int] = set()
    for one, after in zip(rounds, [*rounds[1:], None], strict=True):
        elected.update(one.elected)
        gone = [
            place
            for place, count in enumerate(one.votes)
            if after is not None
            and count is not None
            and after.votes[place] is None
            and place not in elected
        ]
        told.append(
            msgspec.structs.replace(one, eliminated=tuple(sorted({*one.eliminated, *gone})))
        )
    return tuple(told)
