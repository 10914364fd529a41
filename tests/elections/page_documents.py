"""The two documents of Los Angeles County's results page, small enough to read in a test."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from elections.feeds.contract import Response
from tests.elections.documents import BOARD, PACIFIC

ADDRESS = "https://results.example.org/ElectionResults/GetElectionData?electionID=4324"


class Race(NamedTuple):
    """A race of the page; ``ballots`` are with it, marked too often and left blank."""

    title: str
    votes: Mapping[str, int]
    ballots: tuple[int, int, int] | None = None
    kind: str = "Candidate"
    number: int = 9498


def board(schmerelson: int, chang: int, ballots: tuple[int, int, int] | None = None) -> Race:
    return Race(BOARD, {"SCOTT SCHMERELSON": schmerelson, "DAN CHANG": chang}, ballots)


def page(counted_at: datetime, *races: Race) -> Callable[[str], Response]:
    """Return a network that answers with the two documents of one release."""
    documents = {"GetElectionData": _ballot(races), "GetCounterData": _counters(counted_at, races)}

    def get(url: str) -> Response:
        name = url.partition("?")[0].rpartition("/")[2]
        return Response(status=200, body=json.dumps(documents[name]).encode(), url=url)

    return get


def _ballot(races: Sequence[Race]) -> dict:
    contests = [
        {
            "ID": race.number,
            "Title": race.title,
            "Type": race.kind,
            "VoteFor": "",
            "MeasurePassRate": "",
            "MeasureText": "",
            "AdditionalText": "",
            "Candidates": [
                {"ID": race.number * 10 + n, "Name": name, "Party": "Non Partisan"}
                for n, name in enumerate(race.votes)
            ],
        }
        for race in races
    ]
    groups = [{"Name": "Schools", "Contests": contests}]
    day = "2024-11-05T00:00:00-08:00"
    return {"Data": {"ID": 4324, "Date": day, "Title": "General Election", "ContestGroups": groups}}


def _counters(counted_at: datetime, races: Sequence[Race]) -> dict:
    counted = [
        ("CAND", race.number * 10 + n, votes)
        for race in races
        for n, votes in enumerate(race.votes.values())
    ]
    for race in races:
        if race.ballots is not None:
            kinds = zip(("CBLT", "COV", "CUV"), race.ballots, strict=True)
            counted += [(kind, race.number, ballots) for kind, ballots in kinds]
    local = counted_at.astimezone(PACIFIC)
    return {
        "TimeStamp": f"{local:%m/%d/%Y %I:%M:%S %p}",
        "Data": [
            {"ReferenceType": kind, "ReferenceID": number, "Value": value}
            for kind, number, value in counted
        ],
    }
