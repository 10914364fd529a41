"""A county like Los Angeles on election night: its document, and the rows that know it."""

from __future__ import annotations

import datetime
import json
import random
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

CONTESTS = 430
SELECTIONS = 1132
PACIFIC = ZoneInfo("America/Los_Angeles")
FIRST_RELEASE = datetime.datetime(2024, 11, 5, 20, 30, 7, 817_000)


def make_county_document(release: int = 0) -> bytes:
    """A county's file as its server sends it: 430 contests, 1,132 selections, compact.

    In every later release every selection has more votes.
    """
    document = {
        "Election": {
            "ID": 4324,
            "Date": "2024-11-05T00:00:00-08:00",
            "Title": "General Election",
            "ContestGroups": [
                {"Name": group["Name"], "Contests": [_grown(c, release) for c in group["Contests"]]}
                for group in _make_groups()
            ],
        },
        "Timestamp": _counted_at(release).isoformat(timespec="milliseconds"),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _counted_at(release: int) -> datetime.datetime:
    return FIRST_RELEASE + datetime.timedelta(minutes=release)


def _grown(contest: dict[str, Any], release: int) -> dict[str, Any]:
    candidates = [
        {**candidate, "Votes": candidate["Votes"] + release * (n + 7)}
        for n, candidate in enumerate(contest["Candidates"])
    ]
    return {**contest, "Candidates": candidates}


@cache
def _make_groups() -> list[dict[str, Any]]:
    chance = random.Random(20241105)
    sizes = [2] * 100 + [2] * 180 + [0] * 4 + [1] * 34 + [3] * 40 + [4] * 40 + [5] * 20 + [9] * 12
    sizes[-1] += SELECTIONS - sum(sizes)
    groups: list[dict[str, Any]] = [{"Name": f"Group {n}", "Contests": []} for n in range(15)]
    for n, size in enumerate(sizes):
        groups[n % 15]["Contests"].append(_make_contest(n, size, chance))
    return groups


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


def make_source():
    """Make an election whose first release is in, every race confirmed and published."""
    from elections import ingest
    from elections.feeds.contract import Response
    from elections.models import Contest, Election, Source
    from elections.widgets.publish import publish_stale

    election = Election.objects.create(
        name="General election",
        election_date=datetime.date(2024, 11, 5),
        jurisdiction="Example County",
        polls_close_at=datetime.datetime(2024, 11, 5, 20, tzinfo=PACIFIC),
    )
    source = Source.objects.create(
        election=election,
        name="County Registrar",
        provider="lac_json",
        address="https://results.example.org/json",
    )
    body = make_county_document()
    ingest.refresh(source, get=lambda url: Response(status=200, body=body, url=url))
    Contest.objects.filter(election=election).update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return source
