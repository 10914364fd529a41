"""Bytes that a page with live results costs a reader, as shipped and gzipped."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.benchmarks.figures import Figure

STATIC = Path(__file__).parents[2] / "elections" / "static" / "elections"
GOALS = {"live-result.js": 1536, "result.css": 2048}


def measure() -> list[Figure]:
    """Weigh the widget's script and style, for any number of results on a page."""
    return [
        Figure(
            f"{name}, gzipped",
            ours=len(gzip.compress((STATIC / name).read_bytes(), 6, mtime=0)),
            unit="bytes",
            goal=goal,
        )
        for name, goal in GOALS.items()
    ]
