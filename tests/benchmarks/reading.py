"""Reading a document beside the least that reading it can cost."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns


def compare(
    name: str,
    body: bytes,
    parse: Callable[[bytes], object],
    floor: Callable[[bytes], object],
    *,
    rounds: int,
) -> Figure:
    """Time both in turns; the result before is kept, as in ``bench_parse``."""
    kept: dict[str, object] = {}
    stopwatch = take_turns(
        {
            "ours": lambda: kept.update(ours=parse(body)),
            "floor": lambda: kept.update(floor=floor(body)),
        },
        rounds=rounds,
    )
    return Figure(
        name, ours=stopwatch.median("ours"), floor=stopwatch.median("floor"), goal_ratio=1.5
    )
