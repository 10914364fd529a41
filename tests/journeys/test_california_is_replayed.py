"""California's returns of November 2022, as the state sent them, from its server to the reader."""

from __future__ import annotations

import datetime
import json
from zoneinfo import ZoneInfo

import pytest

from elections import ingest, releasing
from elections.feeds import ca_sos, cycles
from elections.feeds.contract import Response
from elections.models import Contest, ContestCount, Election, Fetch, Hold, Published, Source
from elections.widgets.publish import publish_stale
from tests.elections.feeds.samples import SAMPLES
from tests.elections.feeds.test_ca_sos import CORRECTIONS, SHORT_SLUGS, TORN

CYCLES = SAMPLES / "ca_sos" / "2022-11-08-general"
START = "https://api.sos.ca.gov/returns/"
SACRAMENTO = ZoneInfo("America/Los_Angeles")
REHEARSALS = ("pre-election-clock-back", "pre-election-stray-votes", "pre-election-test-100pct")
CORRECTED = "20221122T170211-0800"
DAHLE = 5100


def at(folder: str) -> datetime.datetime:
    """When a cycle was read: ``20221122T170211-0800``."""
    return datetime.datetime.strptime(folder, "%Y%m%dT%H%M%S%z")


def at_hour(day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2022, 11, day, hour, tzinfo=SACRAMENTO)


def load(folder: str) -> dict[str, bytes]:
    return {
        SHORT_SLUGS[path.stem]: path.read_bytes() for path in sorted((CYCLES / folder).glob("*"))
    }


class State:
    """The Secretary of State's server, and what readers got of it."""

    def __init__(self) -> None:
        self.election = Election.objects.create(
            name="General election 2022",
            election_date=datetime.date(2022, 11, 8),
            jurisdiction="California",
            polls_close_at=at_hour(8, 20),
        )
        self.source = Source.objects.create(
            election=self.election, name="Secretary of State", provider="ca_sos", address=START
        )

    def send(self, documents: dict[str, bytes], now: datetime.datetime) -> Fetch:
        self.source.address = f"{START}#{','.join(documents)}"
        fetch = ingest.refresh(
            self.source,
            get=lambda url: Response(200, documents[url.removeprefix(START)], url=url),
            clock=lambda: now,
        )
        assert fetch is not None
        return fetch

    def confirm(self) -> None:
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish_stale()

    def shown(self) -> dict[str, dict[str, int]]:
        """What readers see: votes by the title and the name in the feed."""
        return {
            row.contest.reported_title: {
                one["name"]: one["votes"] for one in json.loads(row.payload)["selections"]
            }
            for row in Published.objects.select_related("contest")
        }


@pytest.fixture
def state(db: None) -> State:
    if not CYCLES.is_dir():
        pytest.skip(f"There are no recorded cycles in {CYCLES}. Set NEWSROOM_SAMPLE_DATA.")
    return State()


def losses(before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]) -> list[int]:
    return [
        votes - after[title][name]
        for title, people in before.items()
        for name, votes in people.items()
        if after[title][name] < votes
    ]


def test_no_vote_of_a_rehearsal_is_ever_public(state: State) -> None:
    for folder in REHEARSALS:
        for now in (at_hour(4, 12), at_hour(8, 19), at_hour(8, 21)):
            state.send(load(folder), now)
            state.confirm()
            assert not any(sum(people.values()) for people in state.shown().values())
    counted = ContestCount.objects.values_list("votes", flat=True)
    assert not any(sum(votes.values()) for votes in counted)


def test_readers_follow_the_count_and_never_go_back(state: State) -> None:
    """The one real correction among the samples waits for the desk, with all else going on."""
    folders = sorted(path.name for path in CYCLES.glob("2022*"))
    state.send(load(folders[0]), at(folders[0]))
    state.confirm()
    outcomes: dict[str, str] = {}
    before = state.shown()
    for folder in folders[1:]:
        outcomes[folder] = state.send(load(folder), at(folder)).outcome
        after = state.shown()
        assert losses(before, after) == []
        before = after
        if folder == CORRECTED:
            hold = Hold.objects.open().get()
            assert hold.contest.reported_title == "Governor"
            held = before
            assert releasing.release(hold, now=at(folder), public_note="The state took 5,100 off.")
            before = state.shown()
            assert losses(held, before) == [DAHLE]
            html = Published.objects.get(contest=hold.contest).html
            assert "The state took 5,100 off." in html
    assert not Hold.objects.open().exists()
    assert {folder for folder, outcome in outcomes.items() if outcome == "rejected"} == {
        folder for folder in TORN if folder.startswith("2022")
    }
    final = ca_sos.parse(cycles.pack(load(folders[-1])))
    assert before["Governor"] == {
        one.name: one.votes
        for contest in final.contests
        if contest.title == "Governor"
        for one in contest.selections
    }


def test_a_torn_cycle_changes_nothing_and_the_next_one_everything(state: State) -> None:
    whole, torn, healed = "20221110T175000-0800", TORN[0], "20221118T115000-0800"
    state.send(load(whole), at(whole))
    state.confirm()
    before = state.shown()
    fetch = state.send(load(torn), at("20221114T162211-0800"))
    assert (fetch.outcome, fetch.code) == (Fetch.Outcome.REJECTED, "torn-cycle")
    assert state.shown() == before
    assert state.send(load(healed), at(healed)).outcome == Fetch.Outcome.ACCEPTED
    assert state.shown()["Governor"]["Gavin Newsom"] > before["Governor"]["Gavin Newsom"]


@pytest.mark.parametrize("folder", sorted({folder for folder, *_ in CORRECTIONS}))
def test_each_correction_is_held_and_released_with_its_note(state: State, folder: str) -> None:
    documents = load(folder)
    state.send(documents, at(folder))
    state.confirm()
    before = state.shown()
    corrections = [correction for where, *correction in CORRECTIONS if where == folder]
    for title, name, lost in corrections:
        votes = before[title][name]
        documents = {slug: take_off(body, votes, lost) for slug, body in documents.items()}
    later = at(folder) + datetime.timedelta(minutes=5)
    assert state.send(documents, later).outcome == Fetch.Outcome.ACCEPTED
    assert state.shown() == before
    holds = Hold.objects.open().select_related("contest")
    assert {hold.contest.reported_title for hold in holds} == {title for title, *_ in corrections}
    for hold in holds:
        releasing.release(hold, now=later, public_note="The state corrected an earlier count.")
        html = Published.objects.get(contest=hold.contest).html
        assert "The state corrected an earlier count." in html
    assert sorted(losses(before, state.shown())) == sorted(lost for *_, lost in corrections)


def take_off(body: bytes, votes: int, lost: int) -> bytes:
    """The document where the selection with so many votes has fewer."""
    for spelling in ("{:,}", "{}"):
        old, new = (f'"{spelling.format(one)}"'.encode() for one in (votes, votes - lost))
        body = body.replace(old, new)
    return body
