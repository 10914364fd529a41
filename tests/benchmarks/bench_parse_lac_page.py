"""Reading the county's page, both documents, against a plain typed decode of the same values.

Who stands on the ballot is in one document and how many votes there are in the other: the floor
puts these together by their numbers, and checks nothing.
"""

from __future__ import annotations

import json
import random

import msgspec

from elections.feeds import cycles, lac_page
from tests.benchmarks.figures import Figure
from tests.benchmarks.reading import compare

CONTESTS = 373
PEOPLE = (2, 2, 2, 3, 2, 4, 2, 2, 3, 2)
KINDS = ("CBLT", "COV", "CUV", "CPV", "CFV", "NSEL-01", "WRTN-01")


class Candidate(msgspec.Struct):
    ID: int
    Name: str
    Party: str


class Contest(msgspec.Struct):
    ID: int
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
    RegistrationCount: int


class Ballot(msgspec.Struct):
    Data: Election


class Counter(msgspec.Struct):
    ReferenceID: int
    ReferenceType: str
    Value: int


class Counters(msgspec.Struct):
    TimeStamp: str
    Data: list[Counter]


class Pair(msgspec.Struct):
    GetElectionData: Ballot
    GetCounterData: Counters


def make_documents() -> bytes:
    """As many contests and counters as in November 2024, indented as they are sent."""
    chance = random.Random(20241105)
    contests = [_contest(number) for number in range(CONTESTS)]
    groups = [{"Name": f"Group {n}", "Order": n, "Contests": contests[n::8]} for n in range(8)]
    people = [one["ID"] for contest in contests for one in contest["Candidates"]]
    counted = [("CAND", number) for number in people]
    counted += [(kind, contest["ID"]) for kind in KINDS for contest in contests]
    counters = [
        {
            "Number": n,
            "ReferenceID": number,
            "ReferenceType": kind,
            "Value": chance.randrange(10**6),
        }
        for n, (kind, number) in enumerate(counted)
    ]
    ballot = {
        "ID": 4324,
        "Date": "2024-11-05T00:00:00-08:00",
        "Title": "General Election",
        "RegistrationCount": 5_736_803,
        "Locked": True,
        "ContestGroups": groups,
    }
    return cycles.pack(
        {
            "GetElectionData": json.dumps({"Data": ballot}, indent=2).encode(),
            "GetCounterData": json.dumps(
                {"TimeStamp": "11/5/2024 8:36:34 PM", "Data": counters}, indent=2
            ).encode(),
        }
    )


def _contest(number: int) -> dict:
    people = range(PEOPLE[number % len(PEOPLE)])
    return {
        "ID": 9000 + number,
        "Title": f"EXAMPLE UNIFIED SCHOOL DISTRICT Member of the Board of Education, Seat {number}",
        "Type": "Candidate",
        "AdditionalText": "",
        "MeasureText": "",
        "MeasurePassRate": "",
        "PrecinctCount": 0,
        "NonPartisan": True,
        "VoterNominated": False,
        "VoteFor": "",
        "Candidates": [
            {
                "ID": 20_000 + 10 * number + n,
                "Name": f"CANDIDATE NUMBER {n}",
                "Party": "Non Partisan",
                "Winner": False,
                "Votes": 0,
            }
            for n in people
        ],
    }


_decode = msgspec.json.Decoder(Pair).decode


def read_plainly(body: bytes) -> tuple[Pair, list[int]]:
    """The floor: both documents, and the votes in the order of the ballot."""
    pair = _decode(body)
    counters = pair.GetCounterData.Data
    votes = {one.ReferenceID: one.Value for one in counters if one.ReferenceType == "CAND"}
    return pair, [
        votes[one.ID]
        for group in pair.GetElectionData.Data.ContestGroups
        for contest in group.Contests
        for one in contest.Candidates
    ]


def measure(rounds: int = 150) -> list[Figure]:
    body = make_documents()
    report = lac_page.parse(body)
    assert len(report.contests) == CONTESTS
    votes = [one.votes for contest in report.contests for one in contest.selections]
    assert read_plainly(body)[1] == votes
    name = "parse the county's page"
    return [compare(name, body, lac_page.parse, read_plainly, rounds=rounds)]
