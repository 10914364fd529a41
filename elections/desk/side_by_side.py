"""What several sources say of one race, selection by selection."""

from __future__ import annotations

from dataclasses import dataclass

from elections.alerts.comparing import compare, current_counts
from elections.models import Contest, CurrentCount
from elections.widgets.choosing import choose_counts


@dataclass(frozen=True)
class SourceColumn:
    """What one source says; ``is_shown`` is the one that readers see."""

    current: CurrentCount
    is_shown: bool


@dataclass(frozen=True)
class SelectionRow:
    """The votes of one selection in each column, None where a source does not name it."""

    name: str
    votes: tuple[int | None, ...]
    disagrees: bool


@dataclass(frozen=True)
class SideBySide:
    columns: tuple[SourceColumn, ...]
    rows: tuple[SelectionRow, ...]

    @property
    def disagrees(self) -> bool:
        return any(row.disagrees for row in self.rows)

    @property
    def have_one_coverage(self) -> bool:
        return len({column.current.source.coverage for column in self.columns}) == 1


def side_by_side(contest: Contest) -> SideBySide | None:
    """Return what the active sources of a race say; None where there are not two."""
    counts = current_counts([contest.pk]).get(contest.pk, [])
    if len(counts) < 2:
        return None
    shown = choose_counts([contest.pk])[contest.pk].shown
    disputed = {found.key for comparison in compare(counts) for found in comparison.found}
    return SideBySide(
        tuple(SourceColumn(row, row.source_id == shown.source_id) for row in counts),
        tuple(
            SelectionRow(
                selection.name,
                tuple(row.count.tally.get(selection.pk) for row in counts),
                selection.pk in disputed,
            )
            for selection in contest.selections.all()
        ),
    )
