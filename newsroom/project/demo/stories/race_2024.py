"""The same seat on 5 November 2024, with the county's count in it.

Its words stay true from the first release to the last: they say who stands and
how the count works. What moves is a live figure or the live result, and the one
sentence about who is in front is checked against the race.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from newsroom.project.demo.stories.pieces import Piece, Shelf, Story, chart, heading, text


def _body(shelf: Shelf) -> list[Piece]:
    return [
        text(
            "Scott Schmerelson, who holds the seat, and Dan Chang are the two candidates for "
            "District 3 of the Los Angeles Unified school board. The county’s first count came "
            "36 minutes after the polls closed on Nov.\N{NO-BREAK SPACE}5, 2024.",
        ),
        text(
            f"{shelf.figure('lausd-3', 'sentence')} That is the count as of "
            f"{shelf.figure('lausd-3', 'as_of')}, with {shelf.figure('lausd-3', 'total_votes')} in "
            f"it. In every release {shelf.fact('lausd-3', 'leader', 'Schmerelson')} has been in "
            "front; what moved is by how much.",
        ),
        shelf.result("lausd-3"),
        text(
            "The first numbers are not the last. The county goes on counting for weeks, and each "
            "release can move the margin. "
            + shelf.link("lausd-district-3", "The page of this race")
            + " keeps all of them.",
        ),
        shelf.course("lausd-3"),
        heading("Why a count can seem to go backward"),
        text(
            "On this election the county’s server answered 16 times with an older count than the "
            "one it had given before. A page that shows whatever arrives would have taken votes "
            "away from both candidates, and given them back minutes later. The numbers here move "
            "only when the county has counted more, and they carry the time of that count.",
        ),
        shelf.ask("election"),
        heading("How the race got here"),
        text(
            "Five candidates stood in the primary in March. None of them reached a majority, so "
            "the first two went on to November.",
        ),
        chart(
            "Votes in the primary of March 2024",
            "Candidate\tVotes\nSchmerelson\t50669\nChang\t33004\nVillalta\t13632\n"
            "Badger\t9287\nFarmakalidis\t7131",
            source="LA County Registrar-Recorder/County Clerk",
        ),
        text(
            "In 2020 the same seat drew record spending. Outside groups put more than $6.3 "
            "million into defeating Schmerelson, against just over $1.1 million from the "
            "teachers union on his side. "
            + shelf.link(
                "schmerelson-apparent-winner-koziatek-concedes", "That race ended in a concession"
            )
            + " with a margin of 7 points and ballots left to count.",
        ),
        heading("On the same ballot"),
        text(
            "Two more seats of the board were on the ballot, and a bond measure for the "
            "district’s schools, which needs 55% to pass. "
            + shelf.link("november-2024-results", "All races we follow")
            + " stand on one page.",
        ),
        shelf.results("lausd-1", "lausd-5", "measure-us"),
        shelf.ask("donate"),
        shelf.list_stories(
            "Related stories",
            "schmerelson-apparent-winner-koziatek-concedes",
            "early-results-and-what-they-mean",
        ),
    ]


RACE_2024 = Story(
    slug="follow-the-count-lausd-district-3",
    section="education",
    headline="Schmerelson or Chang: Follow the count for LAUSD’s District 3 seat",
    dek=(
        "The numbers in this story come from the county and refresh by themselves. How the race "
        "stands, how it got here, and why early counts shift."
    ),
    authors=("ana-ruiz", "daniel-okafor"),
    topics=("school-boards", "how-votes-are-counted"),
    published_at=datetime(2024, 11, 5, 20, 41, tzinfo=ZoneInfo("America/Los_Angeles")),
    body=_body,
    races=(("lausd-3", "result"),),
    picture="valley",
    picture_caption="An imagined map of a district: many precincts, one seat.",
)
