"""The election of the demonstration: what an editor would do on its day, done at once.

The races come from the county's first document as drafts. Then they are named here,
as an editor names them; one is left a draft, to be tried in the admin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings

from newsroom.project.demo.recordings import read_ballot, write_recordings

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ADDRESS = "https://results.lavote.gov/electionresults/json?electionid=4324"
POLLS_CLOSE_AT = datetime(2024, 11, 5, 20, 0, tzinfo=LOS_ANGELES)
# The county's first release with votes in it had been seen by then.
OPENING_UNTIL = datetime(2024, 11, 5, 20, 50, tzinfo=LOS_ANGELES)


@dataclass(frozen=True)
class Race:
    """How we name a race of the feed. ``names`` are those the feed's proposal gets wrong."""

    slug: str
    name: str
    dek: str
    division: str = ""
    names: dict[str, str] = field(default_factory=dict)
    incumbent: str = ""
    reaches_beyond: bool = False


# Every race but "santa-clarita-4", in the order of the election page.
RACES = {
    "lausd-3": Race(
        slug="lausd-district-3",
        name="Los Angeles Unified school board, District 3",
        dek="One of the seven seats on the board of Los Angeles Unified.",
        division="Los Angeles Unified, District 3",
        names={"SCOTT MARK SCHMERELSON": "Scott Schmerelson"},
        incumbent="SCOTT MARK SCHMERELSON",
    ),
    "lausd-1": Race(
        slug="lausd-district-1",
        name="Los Angeles Unified school board, District 1",
        dek="One of the seven seats on the board of Los Angeles Unified.",
        division="Los Angeles Unified, District 1",
    ),
    "lausd-5": Race(
        slug="lausd-district-5",
        name="Los Angeles Unified school board, District 5",
        dek="One of the seven seats on the board of Los Angeles Unified.",
        division="Los Angeles Unified, District 5",
        names={'GRACIELA "GRACE" ORTIZ': "Graciela “Grace” Ortiz"},
    ),
    "measure-us": Race(
        slug="measure-us",
        name="Measure US: Los Angeles Unified school bonds",
        dek="Bonds of $9 billion for the schools of the district. It needs 55% of the vote.",
        division="Los Angeles Unified",
    ),
    "measure-v": Race(
        slug="measure-v",
        name="Measure V: Mt. San Antonio College bonds",
        dek="Bonds of $750 million for the community college. It needs 55% of the vote.",
        division="Mt. San Antonio Community College District",
    ),
    "beverly-hills": Race(
        slug="beverly-hills-school-board",
        name="Beverly Hills Unified school board",
        dek="Four candidates for three seats.",
        division="Beverly Hills Unified",
    ),
    "measure-g": Race(
        slug="measure-g",
        name="Measure G: Los Angeles County government",
        dek="An elected county executive, and a board of nine supervisors instead of five.",
        division="Los Angeles County",
    ),
    "measure-a": Race(
        slug="measure-a",
        name="Measure A: Sales tax for homeless services and housing",
        dek="A half-cent tax that would replace the one of Measure H.",
        division="Los Angeles County",
    ),
    "measure-ph": Race(
        slug="measure-ph",
        name="Measure PH: Puente Hills Preserve tax",
        dek="A levy of 1 cent a square foot of building each year. It needs two-thirds.",
        division="Puente Hills Habitat Preservation Authority",
    ),
    "senate-23": Race(
        slug="state-senate-23",
        name="State Senate, District 23",
        dek="A Democrat and a Republican, in a district that reaches beyond the county.",
        division="State Senate District 23",
        reaches_beyond=True,
    ),
}


def model(label: str) -> Any:
    return apps.get_model(label)


def find_source() -> Any | None:
    """Return the source that the recordings are played into, None before the first load."""
    sources = model("elections.Source").objects.select_related("election")
    return sources.filter(address=ADDRESS, mode="replay").first()


def read_documents() -> list[Any]:
    """Return the recorded documents of the night in the order in which they were seen."""
    folder = write_recordings(settings.VAR_DIR / "demo" / "releases")
    return import_module("elections.replay").recordings(folder)


def play_opening(source: Any) -> None:
    """Play the document from before the election and the first release of the night."""
    replay = import_module("elections.replay")
    for document in read_documents():
        if document.seen_at <= OPENING_UNTIL:
            replay.play(source, document)


def make_election() -> dict[str, Any]:
    """Make election and source, let the feed bring its races, name them; return them by key."""
    election = model("elections.Election").objects.create(
        name="General election, Nov. 5, 2024",
        election_date=date(2024, 11, 5),
        jurisdiction="Los Angeles County",
        polls_close_at=POLLS_CLOSE_AT,
    )
    source = model("elections.Source").objects.create(
        election=election,
        name="Los Angeles County Registrar-Recorder/County Clerk",
        coverage="Los Angeles County",
        provider="lac_json",
        address=ADDRESS,
        public_url="https://results.lavote.gov/",
        mode="replay",
    )
    play_opening(source)
    contests = find_contests(election)
    for order, (key, race) in enumerate(RACES.items()):
        confirm(contests[key], race, order)
    import_module("elections.widgets.publish").publish_stale()
    return {key: contests[key] for key in RACES}


def find_contests(election: Any) -> dict[str, Any]:
    titles = {contest["Title"]: contest["key"] for contest in read_ballot()["Contests"]}
    drafts = model("elections.Contest").objects.filter(election=election)
    return {titles[draft.reported_title]: draft for draft in drafts}


def confirm(contest: Any, race: Race, order: int) -> None:
    """Name a draft and its candidates, and confirm it, as an editor does in the admin."""
    for selection in contest.selections.all():
        selection.name = race.names.get(selection.reported_name, selection.name)
        if selection.party.casefold() in {"non partisan", "nonpartisan"}:
            selection.party = ""
        if selection.reported_name == race.incumbent:
            selection.incumbent = "yes"
        selection.save()
    contest.name = race.name
    contest.division = race.division
    contest.reaches_beyond = race.reaches_beyond
    # The county prints who is for and against behind the question.
    contest.question = contest.question.partition(" Supporters:")[0]
    contest.order = order
    contest.status = "confirmed"
    contest.full_clean()
    contest.save()
