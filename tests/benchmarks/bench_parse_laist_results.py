"""Reading LAist's results, against a plain typed decode of the same fields."""

from __future__ import annotations

import json
import random

import msgspec

from elections.feeds import laist_results
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns

RACES = 164


class Candidate(msgspec.Struct):
    name: str
    votes: int
    party: str | None


class Race(msgspec.Struct):
    name: str
    candidates: list[Candidate]
    description: str
    geography: str
    level: str
    source: str
    sort_order: int


class Document(msgspec.Struct):
    updated_datetime: str
    races: list[Race]


def make_document() -> bytes:
    """As many races as in November 2022, indented as they are published."""
    chance = random.Random(20221108)
    document = {
        "races": [
            {
                "candidates": [
                    {
                        "incumbent": None,
                        "name": name,
                        "party": "Non Partisan",
                        "votes": chance.randrange(2_000_000),
                        "votes_percent": 0.4989,
                    }
                    for name in ("Alexis Garcia", "Jordan Nguyen")
                ],
                "description": "",
                "geography": "Los Angeles County",
                "level": "Los Angeles County",
                "name": f"Superior Court Judge Office No. {n}",
                "precincts_reporting": None,
                "slug": f"superior-court-judge-office-no-{n}",
                "sort_order": n % 97,
                "source": "los_angeles_county",
            }
            for n in range(RACES)
        ],
        "scraped_datetime": "2022-11-11T17:34:58.143481-08:00",
        "updated_datetime": "2022-11-11T16:09:19.703",
    }
    return json.dumps(document, indent=2).encode()


def measure(rounds: int = 300) -> list[Figure]:
    """Time both in turns; the result before is kept, as in ``bench_parse``."""
    body = make_document()
    assert len(laist_results.parse(body).contests) == RACES
    decode = msgspec.json.Decoder(Document).decode
    kept: dict[str, object] = {}
    stopwatch = take_turns(
        {
            "ours": lambda: kept.update(ours=laist_results.parse(body)),
            "floor": lambda: kept.update(floor=decode(body)),
        },
        rounds=rounds,
    )
    return [
        Figure(
            "parse LAist's results",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal_ratio=1.5,
        )
    ]
