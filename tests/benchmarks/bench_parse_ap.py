"""Reading AP's answer for a state, against a plain typed decode of the same fields."""

from __future__ import annotations

import json

import msgspec

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
    unit = {
        "statePostal": "CA",
        "stateName": "California",
        "reportingunitName": "California",
        "reportingunitID": "1",
        "level": "state",
        "lastUpdated": "2030-11-06T05:14:22Z",
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
        "raceCallStatus": "Too Early to Call",
        "tabulationStatus": "Active Tabulation",
        "eevp": 41,
        "seatName": f"District {number}",
        "reportingUnits": [unit],
    }


def measure(rounds: int = 200) -> list[Figure]:
    body = make_document()
    assert len(ap.parse(body).contests) == RACES
    decode = msgspec.json.Decoder(Document).decode
    return [compare("parse AP's answer for a state", body, ap.parse, decode, rounds=rounds)]
