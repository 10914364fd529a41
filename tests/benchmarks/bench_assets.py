"""Bytes that a page with live results costs a reader, as shipped and gzipped."""

from __future__ import annotations

import gzip
from pathlib import Path

STATIC = Path(__file__).parents[2] / "elections" / "static" / "elections"
GOALS = {"live-result.js": 1536, "result.css": 2048}


def measure() -> list[dict[str, object]]:
    """Weigh the widget's script and style, for any number of results on a page."""
    found = []
    for name, goal in GOALS.items():
        body = (STATIC / name).read_bytes()
        size = len(gzip.compress(body, 6, mtime=0))
        found.append({"name": name, "raw_bytes": len(body), "gzip_bytes": size, "goal": goal})
    return found


if __name__ == "__main__":
    for asset in measure():
        print(asset)
