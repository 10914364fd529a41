"""What each release of a count said, and what it added: the table behind the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

LEADING = 3


@dataclass(frozen=True)
class Release:
    """What one accepted count said: votes by selection, when (aware)."""

    counted_at: datetime
    votes: Mapping[int, int]


@dataclass(frozen=True)
class Cell:
    """One leading selection in one release.

    ``batch_share`` is of the votes that the release added; None in the first release,
    without new votes, and when any selection lost some.
    """

    name: str
    votes: int
    share: Fraction
    batch_share: Fraction | None


@dataclass(frozen=True)
class Step:
    """A row of the table behind the picture.

    ``new_votes`` is below zero when the release took votes away, and
    ``is_correction`` is true when any one selection lost some.
    """

    counted_at: datetime
    cells: tuple[Cell, ...]
    other_votes: int
    new_votes: int
    is_correction: bool


def leading_selections(latest: Release, names: Mapping[int, str]) -> list[int]:
    """Return the leading selections, most votes first; the order of names breaks ties."""
    return sorted(names, key=lambda selection: -latest.votes.get(selection, 0))[:LEADING]


def steps_of(
    counted: Sequence[Release], leading: Sequence[int], names: Mapping[int, str]
) -> list[Step]:
    steps = []
    before: Mapping[int, int] = {}
    for release in counted:
        batch = {
            selection: release.votes.get(selection, 0) - before.get(selection, 0)
            for selection in release.votes.keys() | before.keys()
        }
        total, new = sum(release.votes.values()), sum(batch.values())
        is_correction = min(batch.values()) < 0
        is_clean = bool(before) and new > 0 and not is_correction
        cells = tuple(
            Cell(
                name=names[selection],
                votes=release.votes.get(selection, 0),
                share=Fraction(release.votes.get(selection, 0), total),
                batch_share=Fraction(batch.get(selection, 0), new) if is_clean else None,
            )
            for selection in leading
        )
        others = total - sum(cell.votes for cell in cells)
        steps.append(Step(release.counted_at, cells, others, new, is_correction))
        before = release.votes
    return steps
