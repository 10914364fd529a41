"""A state's cycles from the address to what readers see."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from elections import ingest
from elections.feeds.contract import Response
from elections.models import Contest, ContestCount, Election, Fetch, Hold, Published, Source
from elections.widgets.publish import publish_stale

GOLDEN = Path(__file__).parent / "golden" / "ca_sos"
SACRAMENTO = ZoneInfo("America/Los_Angeles")
START = "https://api.sos.ca.gov/returns/"


def at(day: int, clock: str) -> datetime.datetime:
    """A time of November 2022."""
    hour, minute = map(int, clock.split(":"))
    return datetime.datetime(2022, 11, day, hour, minute, tzinfo=SACRAMENTO)


class State:
    """The Secretary of State's server, as it was when a golden cycle was read."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def serve(self, cycle: str, now: datetime.datetime) -> Fetch:
        documents = json.loads((GOLDEN / f"{cycle}.json").read_bytes())
        self.source.address = f"{START}#{','.join(documents)}"
        fetch = ingest.refresh(
            self.source,
            get=lambda url: Response(
                status=200, body=json.dumps(documents[url.removeprefix(START)]).encode(), url=url
            ),
            clock=lambda: now,
        )
        assert fetch is not None
        return fetch

    @property
    def governor(self) -> Contest:
        return Contest.objects.get(reported_title="Governor")

    @property
    def shown(self) -> dict[str, int]:
        payload = json.loads(Published.objects.get(contest=self.governor).payload)
        return {row["name"]: row["votes"] for row in payload["selections"]}


@pytest.fixture
def state(db: None) -> State:
    election = Election.objects.create(
        name="General election 2022",
        election_date=datetime.date(2022, 11, 8),
        jurisdiction="California",
        polls_close_at=at(8, "20:00"),
    )
    source = Source.objects.create(
        election=election, name="Secretary of State", provider="ca_sos", address=START
    )
    return State(source)


class TestRefresh:
    def test_never_shows_a_rehearsal(self, state: State) -> None:
        fetch = state.serve("rehearsal", at(1, "12:00"))
        assert fetch.outcome == Fetch.Outcome.EMBARGOED
        assert not Contest.objects.confirmed().exists()
        assert not ContestCount.objects.exists()
        assert state.serve("rehearsal", at(8, "21:00")).outcome == Fetch.Outcome.EMBARGOED

    def test_holds_a_correction_until_the_state_has_confirmed_it(self, state: State) -> None:
        state.serve("before-the-correction", at(22, "16:40"))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish_stale()
        before = {"Gavin Newsom": 6311838, "Brian Dahle": 4325269}
        assert state.shown == before
        assert state.serve("after-the-correction", at(22, "17:00")).outcome == "accepted"
        assert state.shown == before
        assert Hold.objects.open().get().contest == state.governor
        for minute in ("17:05", "17:11"):
            state.serve("after-the-correction", at(22, minute))
        assert not Hold.objects.open().exists()
        assert state.shown == {"Gavin Newsom": 6317310, "Brian Dahle": 4320169}

    def test_keeps_the_last_good_count_through_a_torn_cycle(self, state: State) -> None:
        state.serve("before-the-correction", at(22, "16:40"))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish_stale()
        fetch = state.serve("torn", at(22, "16:41"))
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.REJECTED, "torn-cycle")
        assert state.shown["Gavin Newsom"] == 6311838
        state.serve("after-the-correction", at(22, "17:00"))
        assert Hold.objects.open().count() == 1
