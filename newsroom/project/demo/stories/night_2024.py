"""Live coverage of the night of 5 November 2024, up to the county's first count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def that_night(hour: int, minute: int) -> datetime:
    return datetime(2024, 11, 5, hour, minute, tzinfo=LOS_ANGELES)


@dataclass(frozen=True)
class Entry:
    posted_at: datetime
    author: str
    text: str
    title: str = ""
    is_key: bool = False
    is_pinned: bool = False


SLUG = "election-night-2024-live"
HEADLINE = "Election night in LA: The count as it comes in"
DEK = "What the county has released, what it has not, and what the numbers do not say yet."
PUBLISHED_AT = that_night(19, 45)
AUTHORS = ("ana-ruiz", "daniel-okafor")
INTRODUCTION = (
    "Los Angeles County counts for weeks. Tonight’s first release holds ballots that came by mail "
    "early enough to be checked; votes cast in person follow through the night."
)
ENTRIES = (
    Entry(
        that_night(19, 46),
        "ana-ruiz",
        "<p>We say <b>leads</b> while ballots are counted, <b>apparent winner</b> when in our "
        "judgment a lead will hold, and <b>certified</b> when the county has signed the "
        "count.</p>",
        title="The words we use tonight",
        is_pinned=True,
    ),
    Entry(
        that_night(20, 0),
        "daniel-okafor",
        "<p>Whoever is in line by now may still vote.</p>",
        title="The polls have closed",
        is_key=True,
    ),
    Entry(
        that_night(20, 41),
        "ana-ruiz",
        "<p>Scott Schmerelson has 61,168 votes and Dan Chang 50,310 in the first count for the "
        "school board’s District 3, which the county dates 8:36 p.m. That is a lead of 10,858 "
        "votes, and it says nothing yet about ballots cast today.</p>",
        title="First count: Schmerelson leads in District 3",
        is_key=True,
    ),
    Entry(
        that_night(20, 48),
        "daniel-okafor",
        "<p>Measure US, the bond for the district’s schools, has 391,741 votes for it and 203,663 "
        "against. It needs 55%, and stands at 65.8% in this first count.</p>",
    ),
)
