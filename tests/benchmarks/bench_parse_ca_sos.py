"""Reading one cycle of a state's returns, against a plain typed decode with its numbers.

The floor turns the same bytes into plain structs and their votes, which are strings, into
integers, and checks nothing; ours also checks limits, times and repeated names, and returns
the finished report.
"""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec

from elections.feeds import ca_sos, cycles
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns

DISTRICTS = {"us-rep": 52, "state-senate": 20, "state-assembly": 80, "board-of-equalization": 4}
STATEWIDE = 10
JUDGES = 46
CONTESTS = sum(DISTRICTS.values()) + STATEWIDE + JUDGES + 7


class Candidate(msgspec.Struct):
    Name: str
    Party: str
    Votes: str


class Question(msgspec.Struct, rename={"yes": "yesVotes", "no": "noVotes"}):
    Name: str
    yes: str
    no: str


class Race(
    msgspec.Struct,
    rename={"title": "raceTitle", "measures": "ballot-measures", "judges": "supreme-court"},
):
    title: str
    ReportingTime: str
    candidates: list[Candidate] = []
    measures: list[Question] = []
    judges: list[Question] = []


def make_cycle() -> bytes:
    """The documents of an election like that of November 2022, as ``retrieve`` packs them."""
    chance = random.Random(20221108)
    documents: dict[str, Any] = {
        f"office-{n}": _make_race(f"Office {n} - Statewide Results", chance)
        for n in range(STATEWIDE)
    }
    for house, districts in DISTRICTS.items():
        documents[f"{house}/district/all"] = [
            _make_race(f"{house} District {n} - Districtwide Results", chance)
            for n in range(1, districts + 1)
        ]
    for slug, questions in {"courts": JUDGES, "ballot-measures": 7}.items():
        documents[slug] = _make_questions(slug, questions, chance)
    return cycles.pack(
        {
            slug: json.dumps(document, separators=(",", ":")).encode()
            for slug, document in documents.items()
        }
    )


def _make_race(title: str, chance: random.Random) -> dict[str, Any]:
    return _stamped(
        title,
        candidates=[
            {
                "Name": f"{name} {title[:12]}",
                "Party": party,
                "Percent": "50.0",
                "Votes": f"{chance.randrange(7_000_000):,}",
                "incumbent": False,
            }
            for name, party in [("Alexis", "Dem"), ("Jordan", "Rep")]
        ],
    )


def _make_questions(slug: str, number: int, chance: random.Random) -> dict[str, Any]:
    questions = [
        {
            "Name": f"Question {n}",
            "Number": f"{n:02}",
            "noPercent": "50.0",
            "noVotes": str(chance.randrange(7_000_000)),
            "yesPercent": "50.0",
            "yesVotes": str(chance.randrange(7_000_000)),
        }
        for n in range(1, number + 1)
    ]
    key = "ballot-measures" if slug == "ballot-measures" else "supreme-court"
    return _stamped(f"{slug} - Statewide Results", **{key: questions})


def _stamped(title: str, **lists: Any) -> dict[str, Any]:
    return {
        "raceTitle": title,
        "Reporting": "95.1% (24,312 of 25,554) precincts reporting",
        "ReportingTime": "November 22, 2022, 4:48 p.m.",
        **lists,
    }


def measure(rounds: int = 300) -> list[Figure]:
    """Time both in turns; the result before is kept, as in ``bench_parse``."""
    body = make_cycle()
    assert len(ca_sos.parse(body).contests) == CONTESTS
    decode = msgspec.json.Decoder(dict[str, Race | list[Race]]).decode

    def read_plainly() -> list[int]:
        votes = []
        for document in decode(body).values():
            for race in document if isinstance(document, list) else [document]:
                votes += [int(one.Votes.replace(",", "")) for one in race.candidates]
                questions = race.measures or race.judges
                votes += [int(number) for one in questions for number in (one.yes, one.no)]
        return votes

    kept: dict[str, object] = {}
    stopwatch = take_turns(
        {
            "ours": lambda: kept.update(ours=ca_sos.parse(body)),
            "floor": lambda: kept.update(floor=read_plainly()),
        },
        rounds=rounds,
    )
    return [
        Figure(
            "parse one cycle of a state",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal_ratio=1.5,
        )
    ]
