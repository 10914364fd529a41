"""Bytes that a page with live results, and a story with every block, cost a reader, gzipped."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.benchmarks.figures import Figure

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "elections" / "static" / "elections"
GOALS = {"live-result.js": 1536, "result.css": 2048}
OF_EVERY_STORY = {"css": ["tokens", "site", "print", "forms", "story"], "js": []}
GOALS_OF_A_STORY = {"css": 12 * 1024, "js": 5 * 1024}


def measure() -> list[Figure]:
    """Weigh the widget's script and style, for any number of results on a page, and a story's."""
    return [
        *(
            Figure(f"{name}, gzipped", ours=weigh(STATIC / name), unit="bytes", goal=goal)
            for name, goal in GOALS.items()
        ),
        *(
            Figure(
                f"all {kind} of a story with every block, gzipped",
                ours=sum(weigh(find(path)) for path in files_of_a_story(kind)),
                unit="bytes",
                goal=goal,
            )
            for kind, goal in GOALS_OF_A_STORY.items()
        ),
    ]


def weigh(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def find(path: str) -> Path:
    app, _slash, _name = path.partition("/")
    return ROOT / app / "static" / path


def files_of_a_story(kind: str) -> list[str]:
    """Return what the page links by itself and what any block makes it link, each once."""
    from newsroom.blocks import BUILT_IN_BLOCKS
    from newsroom.slots import read_slot

    paths = [f"newsroom/{name}.{kind}" for name in OF_EVERY_STORY[kind]]
    blocks = [*BUILT_IN_BLOCKS.values(), *(block for _key, block in read_slot().block_classes)]
    for block in blocks:
        paths += getattr(block, "reader_media", {}).get(kind, [])
    return list(dict.fromkeys(paths))
