"""A night that the AP reports, from its invented golden document."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from elections import ingest
from elections.feeds.contract import Response
from elections.models import Contest, Election, Fetch, Source

GOLDEN = Path(__file__).parent / "feeds" / "golden" / "ap"
HOUSE = "California U.S. House, District 30"


def make_source() -> Source:
    election = Election.objects.create(
        name="General election 2030",
        election_date=date(2030, 11, 5),
        jurisdiction="California",
        polls_close_at=datetime(2030, 11, 6, 4, tzinfo=UTC),
    )
    address = "https://api.ap.org/v3/elections/2030-11-05?statePostal=CA"
    return Source.objects.create(election=election, name="AP", provider="ap", address=address)


def night(*, status: str = "Called", mark: str = "X", minute: int = 14) -> bytes:
    """The document with that call of the House race, counted at a minute after 9 p.m."""
    document = json.loads((GOLDEN / "night.json").read_bytes())
    race = document["races"][1]
    race["raceCallStatus"] = status
    for unit in race["reportingUnits"]:
        unit["lastUpdated"] = f"2030-11-06T05:{minute}:22Z"
        winner = unit["candidates"][0]
        winner["winner"] = mark
        if not mark:
            del winner["winner"]
    return json.dumps(document).encode()


def say(source: Source, body: bytes, minute: int = 16) -> Fetch | None:
    seen_at = datetime(2030, 11, 6, 5, minute, tzinfo=UTC)
    return ingest.refresh(
        source, get=lambda url: Response(200, body, url=url), clock=lambda: seen_at
    )


def house() -> Contest:
    return Contest.objects.get(reported_title=HOUSE)
