"""The race for Los Angeles Unified's District 3 on the Friday after 3 November 2020.

The margin stands as it was reported that day. There is no official running count
of that day at hand, so there is no table of votes.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from newsroom.project.demo.stories.briefs import BRIEFS
from newsroom.project.demo.stories.pieces import (
    Piece,
    Shelf,
    Story,
    embed,
    fact_box,
    heading,
    money,
    pull_quote,
    spent,
    text,
)

# Set apart below in these very words.
OUTSPENT = "No sitting board member seeking re-election in two decades had been outspent as badly."

# A chart of a service that has it no longer: what it showed stays in the story.
LOST_CHART = "https://e.infogram.com/valley-ledger-spending-district-3-2020"
LOST_SINCE = datetime(2023, 3, 1, 3, 15, tzinfo=ZoneInfo("America/Los_Angeles"))
DEKS = {brief.slug: brief.dek for brief in BRIEFS}


def _body(shelf: Shelf) -> list[Piece]:
    return [
        text(
            "Scott Schmerelson is the apparent winner in the race for District 3 of the Los "
            "Angeles Unified school board. His challenger, Marilyn Koziatek, conceded on Friday.",
            "Koziatek trailed by 7 percentage points, around 18,000 votes. Ballots remained to be "
            "counted. She had narrowed the incumbent’s early lead, but probably not by the "
            "margins she would have needed to overtake him.",
            "District 3 takes in the west San Fernando Valley, Studio City and Sherman Oaks. The "
            "race is nonpartisan.",
        ),
        shelf.list_stories(
            "Read next", "early-results-and-what-they-mean", "field-guide-to-expensive-races"
        ),
        heading("Nearly 6 to 1"),
        text(
            "California Charter Schools Association Advocates and its allies spent more than "
            "$6.3 million over the year trying to defeat Schmerelson. Of it, more than $2.9 "
            "million went to negative advertising. United Teachers Los Angeles spent just over "
            "$1.1 million on his behalf. That is nearly 6 to 1.",
        ),
        money(
            "Money in the race",
            spent(
                "California Charter Schools Association Advocates and allies",
                "against",
                "Schmerelson",
                6_300_000,
                precision="more",
                negative=2_900_000,
            ),
            spent(
                "United Teachers Los Angeles",
                "for",
                "Schmerelson",
                1_100_000,
                precision="just_over",
            ),
            claim="nearly 6 to 1",
            as_of="2020-11-06",
            source="Spending over the year as reported on Nov.\N{NO-BREAK SPACE}6, 2020",
        ),
        text(
            "It was record spending for a school board race in Los Angeles. Only one other "
            "candidate in recent history faced more negative advertising. " + OUTSPENT,
            "On election night, Schmerelson said that the negative ads had backfired.",
        ),
        embed(
            LOST_CHART,
            "Where the money against Schmerelson went",
            alternative=(
                "Of more than $6.3 million, more than $2.9 million paid for negative advertising "
                "and the rest, about $3.4 million, for everything else."
            ),
            figures="Use\tDollars\nNegative advertising\t$2,900,000\nEverything else\t$3,400,000",
            caption=(
                "Rounded down: each amount was reported as more than this. Spending over the year "
                "as reported on Nov.\N{NO-BREAK SPACE}6, 2020."
            ),
        ),
        pull_quote(OUTSPENT, speaker="From this story", role="on the money in the race"),
        shelf.ask("morning"),
        heading("A concession after more than 110,000 votes"),
        text(
            "Koziatek received more than 110,000 votes, and spoke of unprecedented turnout.",
            "Jenna Schwartz, a parent activist from Valley Village, raised money for Schmerelson "
            "and runs a Facebook group of his supporters. She deplored how partisan a school "
            "board race had become.",
        ),
        fact_box(
            "The race at a glance",
            "<b>The seat:</b> District 3 of the Los Angeles Unified school board",
            "<b>The incumbent:</b> Scott Schmerelson, the apparent winner",
            "<b>The challenger:</b> Marilyn Koziatek, who conceded on Friday",
            "<b>The margin that day:</b> 7 percentage points, around 18,000 votes",
            "<b>Not known that day:</b> how many ballots were left to count",
        ),
        heading("What it means for the board"),
        text(
            "United Teachers Los Angeles needed both of Tuesday’s races for a friendly majority "
            "on the board. In District 7, the candidate it backed had conceded earlier in the "
            "week.",
            "<i>The margin in this story is as reported on Friday, Nov.\N{NO-BREAK SPACE}6, 2020. "
            "It is not a final count.</i>",
        ),
        shelf.ask("donate"),
        shelf.list_stories(
            "More education stories",
            "the-new-fafsa",
            "support-staff-tentative-agreement",
            "cal-state-easing-transfers",
            "what-special-education-assistants-do",
            "long-beach-city-college-enrollment",
            "where-lottery-money-goes",
            deks=DEKS,
        ),
    ]


RACE_2020 = Story(
    slug="schmerelson-apparent-winner-koziatek-concedes",
    section="education",
    headline="Schmerelson is the apparent winner in LAUSD District 3 as Koziatek concedes",
    dek=(
        "Outspent nearly 6 to 1 in a school board race of record cost, the incumbent was ahead by "
        "7 points with ballots left to count."
    ),
    authors=("ana-ruiz",),
    topics=("school-boards", "money-in-races"),
    published_at=datetime(2020, 11, 6, 16, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
    body=_body,
    picture="ballots",
    picture_caption="Ballots go on being counted for weeks after election day.",
)
