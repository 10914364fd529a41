"""A finished race of the whole state, county by county: the vote for president of 2020."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from newsroom.project.demo.races import LOS_ANGELES, model

SHEET = Path(__file__).parent / "president_2020.csv"
RACE = "President: California’s 55 electors"
SLUG = "president-2020-california"
DEK = "How each of the 58 counties voted in November 2020."
WINNER = "Joseph R. Biden"
# The day on which the state certified its count; the time of day is ours.
COUNTED_AT = datetime(2020, 12, 11, 12, 0, tzinfo=LOS_ANGELES)
STATEMENT = "https://www.sos.ca.gov/elections/prior-elections/statewide-election-results/"


def read_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield county, candidate, party and votes, one row of the state's sheet after the other."""
    with SHEET.open(newline="", encoding="utf-8") as file:
        head, parties, *counties = csv.reader(file)
    for county in counties:
        for name, party, votes in zip(head[1:], parties[1:], county[1:], strict=True):
            yield county[0], name, party, votes


def make_document() -> bytes:
    """Return the sheet as the provider for plain sheets reads it."""
    sheet = io.StringIO(newline="")
    sheet.write(f"# counted_at: {COUNTED_AT.isoformat()}\n")
    writer = csv.writer(sheet)
    writer.writerow(["county", "office", "candidate", "party", "votes"])
    for county, name, party, votes in read_rows():
        writer.writerow([county, "President", name, party, votes])
    return sheet.getvalue().encode()


def make_statewide_race() -> Any:
    """Make election and source, read the sheet, name the race and call it; return the contest."""
    election = model("elections.Election").objects.create(
        name="General election, Nov. 3, 2020",
        election_date=date(2020, 11, 3),
        jurisdiction="California",
        polls_close_at=datetime(2020, 11, 3, 20, 0, tzinfo=LOS_ANGELES),
        certified_at=COUNTED_AT,
    )
    source = model("elections.Source").objects.create(
        election=election,
        name="California Secretary of State",
        provider="csv",
        address=STATEMENT,
        public_url=STATEMENT,
        mode="replay",
    )
    read_sheet(source)
    contest = confirm(election)
    # Once more, as the next check does: now that the race is followed, county by county.
    read_sheet(source)
    call(contest)
    return contest


def read_sheet(source: Any) -> None:
    ingest = import_module("elections.ingest")
    response = import_module("elections.feeds.contract").Response
    ingest.refresh(
        source,
        get=lambda url: response(status=200, body=make_document(), url=url),
        clock=lambda: COUNTED_AT,
    )


def confirm(election: Any) -> Any:
    contest = model("elections.Contest").objects.get(election=election)
    for selection in contest.selections.all():
        selection.incumbent = "yes" if selection.name == "Donald J. Trump" else "no"
        selection.status = "on-ballot" if selection.party else "write-in"
        selection.save()
    contest.name = RACE
    contest.division = "California"
    contest.status = "confirmed"
    contest.full_clean()
    contest.save()
    return contest


def call(contest: Any) -> None:
    winner = contest.selections.get(name=WINNER)
    for kind, people in (("winner", [winner]), ("certified", [])):
        model("elections.Call").make(
            contest=contest,
            kind=import_module("elections.counting.calls").CallKind(kind),
            selections=people,
            made_at=COUNTED_AT,
            authority="California Secretary of State",
            reason="The state certified its count.",
            source_url=STATEMENT,
        )
    import_module("elections.widgets.publish").publish([contest.pk])
