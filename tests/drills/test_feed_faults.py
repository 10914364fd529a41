"""What a county may say on a bad night, from its bytes to what readers see."""

import json
from dataclasses import replace

import pytest
import time_machine

from elections import ingest
from elections.feeds import ap as ap_feed
from elections.feeds.ca_returns import read_precincts
from elections.models import Contest, CurrentCount, Fetch, Hold, Published, Snapshot
from elections.widgets.publish import publish_stale
from tests.elections import ap_nights
from tests.elections.conftest import Night, election, night, source
from tests.elections.documents import answering, at, board, contest, document

__all__ = ["election", "night", "source"]

FIRST = {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}
LATER = {"Scott Schmerelson": 65_000, "Dan Chang": 55_000}


class TestTheSameTimeWithOtherVotes:
    def test_is_shown_once_and_marked(self, night):
        changed = document(at("20:36"), board(65_000, 55_000))
        fetch = night.say(changed, seen="20:50")
        assert (fetch.outcome, fetch.code) == ("accepted", "same-time-new-content")
        assert night.shown == LATER
        assert night.say(changed, seen="20:51").outcome == "unchanged"
        assert Snapshot.objects.count() == 2


class TestZerosAfterACount:
    def test_are_held_for_a_person_and_nobody_sees_them(self, night):
        for minute in range(10, 40):
            night.say(document(at(f"21:{minute}"), board(0, 0)), seen=f"21:{minute}")
        assert night.shown == FIRST
        hold = Hold.objects.open().get()
        assert hold.changes_winners
        assert set(hold.votes_held.values()) == {0}


class TestARaceThatVanishes:
    @pytest.fixture
    def cities(self) -> list[dict]:
        return [contest(f"CITY {number}", {"A": 50, "B": 40}) for number in range(20)]

    def test_keeps_its_last_good_result(self, source, cities):
        night = Night(source)
        night.say(document(at("20:36"), board(61_168, 50_310), *cities), seen="20:40")
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish_stale()
        assert night.say(document(at("21:10"), *cities), seen="21:12").outcome == "accepted"
        assert night.shown == FIRST
        assert CurrentCount.objects.get(contest=night.contest).as_of == at("20:36")
        night.say(document(at("21:40"), board(65_000, 55_000), *cities), seen="21:42")
        assert night.shown == LATER


class TestAServerThatSaysUnchangedAndLies:
    def test_is_overruled_within_a_quarter_of_an_hour(self, night, monkeypatch):
        first = document(at("20:36"), board(61_168, 50_310))
        changed = document(at("20:50"), board(65_000, 55_000))
        said = [first]

        def get(url, *, etag="", **_):
            whole = answering(said[-1], etag='"always the same"')(url)
            return replace(whole, status=304, body=b"") if etag else whole

        monkeypatch.setattr("elections.feeds.http.get", get)

        def ask(clock):
            return ingest.refresh(night.source, clock=lambda: at(clock))

        assert ask("20:51").http_status == 200
        said.append(changed)
        assert [ask(f"20:{minute}").http_status for minute in (52, 55, 59)] == [304] * 3
        assert night.shown == FIRST
        assert ask("21:07").http_status == 200
        assert night.shown == LATER
        assert Fetch.objects.latest("pk").outcome == "accepted"


class TestAShareOfTheVoteThatCannotBe:
    """AP's share of the expected vote, above all there is or below what it was."""

    @pytest.fixture
    def ap(self, db):
        with time_machine.travel("2030-11-06T05:30:00Z", tick=False):
            source = ap_nights.make_source()
            ap_nights.say(source, self.night(41, minute=14))
            Contest.objects.update(status=Contest.Status.CONFIRMED)
            publish_stale()
            yield source

    def night(self, percent: float, *, minute: int) -> bytes:
        told = json.loads(ap_nights.night(minute=minute))
        for race in told["races"]:
            race["eevp"] = percent
            race["reportingUnits"][0]["candidates"][0]["voteCount"] += minute
        return json.dumps(told).encode()

    def shown(self) -> int:
        return json.loads(Published.objects.get(contest=ap_nights.house()).payload)["total_votes"]

    @pytest.mark.parametrize("percent", [30, 0, 140, -5, 1e300])
    def test_stops_no_vote_and_reaches_no_reader(self, ap, percent):
        before = self.shown()
        fetch = ap_nights.say(ap, self.night(percent, minute=20), minute=21)
        assert fetch.outcome == "accepted"
        assert self.shown() == before + 6
        assert not Hold.objects.exists()
        assert str(percent) + " %" not in Published.objects.get(contest=ap_nights.house()).html

    def test_is_not_taken_for_a_share(self, ap):
        report = ap_feed.parse(self.night(140, minute=20))
        assert {race.expected_percent for race in report.contests} == {None}
        assert all("140" in race.note for race in report.contests)

    @pytest.mark.parametrize("words", ["104.2% (26,650 of 25,554) precincts reporting", "140%"])
    def test_of_precincts_is_no_share_either(self, words):
        assert read_precincts(words) is None
