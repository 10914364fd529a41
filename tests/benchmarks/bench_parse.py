"""Reading one county file, against a plain typed decode of the same fields.

The floor turns the same bytes into plain structs and checks nothing else; ours also checks
limits and repeated names, reads the words, and returns the finished report.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec

from elections.feeds import lac_json

GOAL = 1.5
CONTESTS = 430
SELECTIONS = 1132


class Candidate(msgspec.Struct):
    Name: str
    Party: str
    Votes: int


class Contest(msgspec.Struct):
    Title: str
    Type: str
    AdditionalText: str
    MeasureText: str
    MeasurePassRate: str
    VoteFor: str
    Candidates: list[Candidate]


class ContestGroup(msgspec.Struct):
    Name: str
    Contests: list[Contest]


class Election(msgspec.Struct):
    ID: int
    Date: str
    Title: str
    ContestGroups: list[ContestGroup]


class Document(msgspec.Struct):
    Election: Election
    Timestamp: str


def make_county_document() -> bytes:
    """A county's file as its server sends it: 430 contests, 1,132 selections, compact."""
    chance = random.Random(20241105)
    sizes = [2] * 100 + [2] * 180 + [0] * 4 + [1] * 34 + [3] * 40 + [4] * 40 + [5] * 20 + [9] * 12
    sizes[-1] += SELECTIONS - sum(sizes)
    groups: list[dict[str, Any]] = [{"Name": f"Group {n}", "Contests": []} for n in range(15)]
    for n, size in enumerate(sizes):
        groups[n % 15]["Contests"].append(_make_contest(n, size, chance))
    election = {
        "ID": 4324,
        "Date": "2024-11-05T00:00:00-08:00",
        "Title": "General Election",
        "ContestGroups": groups,
    }
    document = {"Election": election, "Timestamp": "2024-11-06T03:46:07.817"}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _make_contest(n: int, size: int, chance: random.Random) -> dict[str, Any]:
    is_measure = n < 100
    names = ["YES", "NO"] if is_measure else _make_names(n, size)
    return {
        "Title": f"EXAMPLE CITY GENERAL MUNICIPAL ELECTION Member of the City Council, Seat {n}",
        "Type": "Measure" if is_measure else "Candidate",
        "AdditionalText": "",
        "MeasureText": "Shall the measure be adopted? " * 14 if is_measure else "",
        "MeasurePassRate": chance.choice(["Majority of votes cast", "55% of votes cast"])
        if is_measure
        else "",
        "VoteFor": "Vote for no more than two" if size > 4 else "",
        "Candidates": [
            {"Name": name, "Party": "Non Partisan", "Votes": chance.randrange(200_000)}
            for name in names
        ],
    }


def _make_names(n: int, size: int) -> list[str]:
    surnames = ["GARCÍA" if n % 20 == 0 else "GARCIA", "NGUYEN", "O'BRIEN", "SMITH-JONES"]
    return [f"{chr(65 + k)}LEXIS {n}. {surnames[k % 4]}" for k in range(size)]


def measure(rounds: int = 300) -> dict[str, Any]:
    """Time both in turns, in processor time, and compare their medians.

    The result before is kept until the next one stands, as in a worker whose memory has found
    its size: otherwise each round asks the kernel for fresh pages and gives them back.
    """
    body = make_county_document()
    report = lac_json.parse(body)
    assert len(report.contests) == CONTESTS
    assert sum(len(contest.selections) for contest in report.contests) == SELECTIONS
    sides: dict[str, Callable[[bytes], object]] = {
        "ours": lac_json.parse,
        "floor": msgspec.json.Decoder(Document).decode,
    }
    times: dict[str, list[int]] = {"ours": [], "floor": []}
    kept: dict[str, object] = {}
    for _round in range(rounds):
        for side, read in sides.items():
            begun = time.process_time_ns()
            result = read(body)
            times[side].append(time.process_time_ns() - begun)
            kept[side] = result
    ours, floor = (statistics.median(times[side]) / 1e6 for side in ("ours", "floor"))
    return {
        "name": "parse one county file",
        "ours_ms": round(ours, 3),
        "floor_ms": round(floor, 3),
        "ratio": round(ours / floor, 2),
        "goal": GOAL,
    }


if __name__ == "__main__":
    print(measure())
