"""A source that can say what has changed is asked for that, and for the whole now and then."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from elections import ingest
from elections.feeds.contract import FeedError, Response
from elections.models import Contest, Fetch, SourceState
from tests.elections import ap_nights
from tests.elections.feeds.test_ap_changes import changes, encode

NIGHT = (ap_nights.GOLDEN / "night.json").read_bytes()
START = datetime(2030, 11, 6, 5, 16, tzinfo=UTC)


class Ap:
    """AP as a test wants it: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.source = ap_nights.make_source()
        self.now = START
        self.asked: list[str] = []

    def say(self, *, whole: bytes | FeedError = NIGHT, since=b"", after: int = 30) -> Fetch:
        """Refresh, so many seconds later, with these answers."""
        self.asked = []
        self.now += timedelta(seconds=after)

        def get(url: str) -> Response:
            is_change = "minDateTime" in urlsplit(url).query
            self.asked.append("changes" if is_change else "whole")
            answer = since if is_change else whole
            if isinstance(answer, FeedError):
                raise answer
            return Response(200, answer, url=url)

        return ingest.refresh(self.source, get=get, clock=lambda: self.now)

    def votes(self) -> dict[str, list[int]]:
        Contest.objects.update(status="confirmed")
        return {
            contest.reported_title: list(contest.current_counts.get().count.tally.values())
            for contest in Contest.objects.all()
        }


@pytest.fixture
def ap(db) -> Ap:
    ap = Ap()
    assert ap.say().outcome == Fetch.Outcome.ACCEPTED
    return ap


class TestChanges:
    def test_are_asked_for_after_the_whole(self, ap):
        before = ap.votes()
        fetch = ap.say(since=encode(changes(0)))
        assert ap.asked == ["changes"]
        assert (fetch.outcome, fetch.http_status) == (Fetch.Outcome.ACCEPTED, 206)
        after = ap.votes()
        assert after.keys() == before.keys()
        assert sum(before[title] != after[title] for title in before) == 1
        assert SourceState.objects.get().standing.contest_count == len(before)

    def test_that_are_none_leave_everything_as_it_is(self, ap):
        assert ap.say(since=encode(changes())).outcome == Fetch.Outcome.UNCHANGED
        assert ap.say(since=encode(changes())).outcome == Fetch.Outcome.UNCHANGED
        assert ap.asked == ["changes"]

    def test_that_take_votes_away_are_held(self, ap):
        before = ap.votes()
        fewer = json.loads(encode(changes(0)))
        for unit in fewer["races"][0]["reportingUnits"]:
            unit["candidates"][0]["voteCount"] = 5
        ap.say(since=encode(fewer))
        assert ap.votes() == before
        assert Contest.objects.filter(holds__decision="open").count() == 1

    def test_that_fail_are_made_up_by_the_whole_at_once(self, ap):
        fetch = ap.say(whole=ap_nights.night(minute=18), since=FeedError("No.", code="timeout"))
        assert ap.asked == ["changes", "whole"]
        assert (fetch.outcome, fetch.http_status) == (Fetch.Outcome.ACCEPTED, 200)

    def test_are_not_asked_for_after_a_failure(self, ap):
        gone = FeedError("No.", code="timeout")
        assert ap.say(whole=gone, since=gone).outcome == Fetch.Outcome.FAILED
        ap.say(whole=ap_nights.night(minute=18))
        assert ap.asked == ["whole"]

    def test_are_not_asked_for_while_a_document_is_held(self, ap):
        few = json.loads(NIGHT)
        few["races"] = few["races"][:1]
        gone = FeedError("No.", code="timeout")
        assert ap.say(whole=encode(few), since=gone).outcome == Fetch.Outcome.HELD
        ap.say(whole=encode(few))
        assert ap.asked == ["whole"]

    def test_give_way_to_the_whole_every_quarter_of_an_hour(self, ap):
        for _ in range(3):
            ap.say(since=encode(changes()), after=290)
            assert ap.asked == ["changes"]
        ap.say(after=60)
        assert ap.asked == ["whole"]

    def test_are_not_asked_for_at_another_address(self, ap):
        ap.source.address += "&officeID=G"
        ap.source.save()
        ap.say()
        assert ap.asked == ["whole"]

    def test_wait_with_the_quota(self, ap):
        fetch = ap.say(since=FeedError("No.", code="http-status", status=403))
        assert ap.asked == ["changes"]
        assert fetch.code == "quota"
        assert fetch.retry_at == ap.now + timedelta(seconds=10)

    def test_that_are_a_rehearsal_are_refused(self, ap):
        before = ap.votes()
        test = json.loads(encode(changes(0)))
        test["races"][0]["test"] = True
        assert ap.say(since=encode(test)).code == "test-mode"
        assert ap.votes() == before
