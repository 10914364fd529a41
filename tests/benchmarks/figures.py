"""What a benchmark found, and the table that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("name", "ours", "floor", "ratio", "goal", "verdict")


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``floor`` is the least it can cost, measured in the same run.

    A goal is the highest value of ours, or of its ratio to the floor; without one the figure is
    for information.
    """

    name: str
    ours: float
    unit: str = "ms"
    floor: float | None = None
    goal: float | None = None
    goal_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.ours / self.floor

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal_ratio is not None:
            assert self.ratio is not None
            return self.ratio <= self.goal_ratio
        return None if self.goal is None else self.ours <= self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        goal = "" if self.goal is None else f"≤ {self.goal:,g} {self.unit}"
        if self.goal_ratio is not None:
            goal = f"≤ {self.goal_ratio:g}×"
        return (
            self.name,
            self._with_unit(self.ours),
            "" if self.floor is None else self._with_unit(self.floor),
            "" if self.ratio is None else f"{self.ratio:.2f}×",
            goal,
            {None: "", True: "met", False: "MISSED"}[self.is_met],
        )

    def _with_unit(self, value: float) -> str:
        number = f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"
        return f"{number} {self.unit}"


def draw_table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of Markdown, in columns."""
    rows = [HEADS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [_draw_row(row, widths) for row in rows]
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:]), ""])
    return "\n".join([lines[0], rule, *lines[1:]])


def _draw_row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"
