"""Documents as Los Angeles County would send them, small enough to read in a test."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from elections.feeds.contract import FeedError, Response

PACIFIC = ZoneInfo("America/Los_Angeles")
BOARD = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board of Education, District 3"
MEASURE = "SANTA MONICA COMMUNITY COLLEGE DISTRICT SPECIAL ELECTION - MEASURE SMC"


def at(clock: str, day: int = 5) -> datetime:
    """Return a Pacific time of November 2024: ``at("20:36")``, ``at("03:46", day=6)``."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2024, 11, day, hour, minute, tzinfo=PACIFIC)


def board(schmerelson: int, chang: int) -> dict:
    return contest(BOARD, {"SCOTT SCHMERELSON": schmerelson, "DAN CHANG": chang})


def measure(yes: int, no: int, passes_with: str = "55% of votes cast") -> dict:
    return contest(MEASURE, {"YES": yes, "NO": no}, Type="Measure", MeasurePassRate=passes_with)


def contest(title: str, votes: Mapping[str, int], **facts: str) -> dict:
    return {
        "Title": title,
        "Type": "Candidate",
        "VoteFor": "",
        "MeasurePassRate": "",
        "MeasureText": "",
        "AdditionalText": "",
        "Candidates": [
            {"Name": name, "Party": "Non Partisan", "Votes": count} for name, count in votes.items()
        ],
        **facts,
    }


def document(counted_at: datetime, *contests: dict, date: str = "2024-11-05") -> bytes:
    """Return the bytes of one release."""
    stamp = counted_at.astimezone(PACIFIC).replace(tzinfo=None).isoformat()
    return json.dumps(
        {
            "Election": {
                "ID": 4324,
                "Date": f"{date}T00:00:00-08:00",
                "Title": "General Election",
                "ContestGroups": [{"Name": "Schools", "Contests": list(contests)}],
            },
            "Timestamp": stamp,
        }
    ).encode()


def answering(body: bytes, etag: str = "") -> Callable[[str], Response]:
    """Return a network that answers every request with ``body``."""
    return lambda url: Response(status=200, body=body, etag=etag, url=url)


def failing(code: str = "timeout", **facts: object) -> Callable[[str], Response]:
    """Return a network that fails every request."""

    def get(url: str) -> Response:
        raise FeedError("The server did not answer. The last count stays up.", code=code, **facts)

    return get
