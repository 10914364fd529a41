"""Reading one county file, against a plain typed decode of the same fields.

The floor turns the same bytes into plain structs and checks nothing else; ours also checks
limits and repeated names, reads the words, and returns the finished report.
"""

from __future__ import annotations

import msgspec

from elections.feeds import lac_json
from tests.benchmarks.county import CONTESTS, SELECTIONS, make_county_document
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns


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


def measure(rounds: int = 300) -> list[Figure]:
    """Time both in turns, in processor time, and compare their medians.

    The result before is kept until the next one stands, as in a worker whose memory has found
    its size: otherwise each round asks the kernel for fresh pages and gives them back.
    """
    body = make_county_document()
    report = lac_json.parse(body)
    assert len(report.contests) == CONTESTS
    assert sum(len(contest.selections) for contest in report.contests) == SELECTIONS
    decode = msgspec.json.Decoder(Document).decode
    kept: dict[str, object] = {}
    stopwatch = take_turns(
        {
            "ours": lambda: kept.update(ours=lac_json.parse(body)),
            "floor": lambda: kept.update(floor=decode(body)),
        },
        rounds=rounds,
    )
    return [
        Figure(
            "parse one county file",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal_ratio=1.5,
        )
    ]
