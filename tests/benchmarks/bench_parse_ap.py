"""Reading AP's answer for a state, against a plain typed decode of the same values.

A name is in two parts there, a title in three, and a number wants its kind before it: the floor
puts them together, reads the times, and checks nothing. Every third race is called.
"""

from __future__ import annotations

import json
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from elections.counting.results import ContestCount
from elections.feeds import ap
from tests.benchmarks.figures import Figure
from tests.benchmarks.reading import compare

RACES = 150


def as_sent(field: str) -> str:
    first, *words = field.split("_")
    return first + "".join("ID" if word == "id" else word.capitalize() for word in words)


class Candidate(msgspec.Struct, rename=as_sent):
    first: str
    last: str
    party: str
    pol_id: str
    pol_num: str
    ballot_order: int
    vote_count: int
    winner: str = ""
    winner_date_time: str | None = None


class Unit(msgspec.Struct, rename=as_sent):
    level: str
    state_postal: str
    state_name: str
    last_updated: str
    eevp: float
    candidates: list[Candidate]


class Race(msgspec.Struct, rename=as_sent):
    state_id: str
    race_id: str
    race_type: str
    race_type_id: str
    office_id: str
    office_name: str
    seat_name: str
    num_winners: int
    race_call_status: str
    results_type: str
    test: bool
    uncontested: bool
    eevp: float
    reporting_units: list[Unit]
    description: str = ""
    win_threshold: str | float | None = None


class Document(msgspec.Struct, rename=as_sent):
    election_date: str
    timestamp: str
    races: list[Race]


def make_document() -> bytes:
    races = [_race(number) for number in range(RACES)]
    return json.dumps(
        {"electionDate": "2030-11-05", "timestamp": "2030-11-06T05:15:03Z", "races": races},
        indent=1,
    ).encode()


def _race(number: int) -> dict:
    people = [
        {
            "first": "Example",
            "last": f"Candidate {number} {n}",
            "party": "Dem" if n else "GOP",
            "candidateID": f"{number}{n}",
            "polID": f"{1000 + number * 10 + n}",
            "polNum": f"{9000 + number * 10 + n}",
            "ballotOrder": n,
            "voteCount": 1000 * n + number,
        }
        for n in range(4)
    ]
    is_called = number % 3 == 0
    if is_called:
        people[3] |= {"winner": "X", "winnerDateTime": "2030-11-06T05:10:00Z"}
    unit = {
        "statePostal": "CA",
        "stateName": "California",
        "reportingunitName": "California",
        "reportingunitID": "1",
        "level": "state",
        "lastUpdated": f"2030-11-06T05:{number % 15:02}:{number % 60:02}Z",
        "precinctsReporting": 120,
        "precinctsTotal": 400,
        "eevp": 41,
        "candidates": people,
    }
    return {
        "eventID": "e",
        "stateID": "6",
        "resultsType": "l",
        "test": False,
        "raceID": str(30_000 + number),
        "raceType": "General",
        "raceTypeID": "G",
        "officeID": "H",
        "officeName": "U.S. House",
        "numWinners": 1,
        "uncontested": False,
        "raceCallStatus": "Called" if is_called else "Too Early to Call",
        "tabulationStatus": "Active Tabulation",
        "eevp": 41,
        "seatName": f"District {number}",
        "reportingUnits": [unit],
    }


_decode = msgspec.json.Decoder(Document).decode


def read_plainly(body: bytes) -> list[tuple[Any, ...]]:
    """The floor: races with their title and time, their people, and who was called when."""
    rows: list[tuple[Any, ...]] = []
    for race in _decode(body).races:
        unit = race.reporting_units[0]
        in_order = sorted(unit.candidates, key=attrgetter("ballot_order"))
        people = [
            (f"{one.first} {one.last}", one.vote_count, one.party, f"polID-{one.pol_id}")
            for one in in_order
        ]
        called = [
            (f"polID-{one.pol_id}", datetime.fromisoformat(one.winner_date_time))
            for one in in_order
            if one.winner and one.winner_date_time
        ]
        title = f"{unit.state_name} {race.office_name}, {race.seat_name}"
        updated_at = datetime.fromisoformat(unit.last_updated)
        rows.append((f"{race.state_id}-{race.race_id}", title, updated_at, people, called))
    return rows


def as_plain(contest: ContestCount) -> tuple[Any, ...]:
    """What the floor reads of a race, but for its time."""
    people = [(one.name, one.votes, one.party, one.key) for one in contest.selections]
    call = contest.reported_call
    called = [(key, call.called_at) for key in call.selections] if call else []
    return contest.key, contest.title, people, called


def measure(rounds: int = 200) -> list[Figure]:
    body = make_document()
    report = ap.parse(body)
    assert len(report.contests) == RACES
    plain = [(key, *words, people, called) for key, *words, _, people, called in read_plainly(body)]
    assert plain == [as_plain(contest) for contest in report.contests]
    name = "parse AP's answer for a state"
    return [compare(name, body, ap.parse, read_plainly, rounds=rounds)]
