"""Two sources for one race, side by side: what each says, and whether both can be right."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from elections.counting.agreement import Disagreement, Statement, disagreements
from elections.models import CurrentCount


@dataclass(frozen=True)
class Comparison:
    """``one`` is the source that goes before ``other``. ``found`` is empty where they agree."""

    one: CurrentCount
    other: CurrentCount
    found: tuple[Disagreement[int], ...]


def current_counts(contest_ids: Collection[int]) -> dict[int, list[CurrentCount]]:
    """Return what each active source says of each race, preferred sources first."""
    counts = CurrentCount.objects.filter(contest__in=contest_ids, source__is_active=True)
    found: dict[int, list[CurrentCount]] = {}
    for row in counts.select_related("source", "count").order_by("source__precedence", "source"):
        found.setdefault(row.contest_id, []).append(row)
    return found


def compare(counts: Collection[CurrentCount]) -> Iterator[Comparison]:
    """Yield each pair of one race's sources that count the same voters."""
    for one, other in combinations(counts, 2):
        if one.source.coverage == other.source.coverage:
            yield Comparison(one, other, disagreements(_statement(one), _statement(other)))


def _statement(current: CurrentCount) -> Statement[int]:
    return Statement(current.as_of, current.count.tally)
