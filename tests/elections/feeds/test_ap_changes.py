"""What AP says has changed since, laid over what it said before."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.feeds import ap, ap_changes
from elections.feeds.contract import FeedError, Response
from tests.elections.ap_nights import GOLDEN
from tests.elections.feeds.mutations import change_bytes, read_or_refuse

NIGHT = (GOLDEN / "night.json").read_bytes()
ADDRESS = "https://api.ap.org/v3/elections/2030-11-05?statePostal=CA&level=state"
NEXT = "https://api.ap.org/v3/elections/2030-11-05?minDateTime=2030-11-06T05:15:03Z"


def changes(*places: int, minute: int = 20, **facts: Any) -> dict[str, Any]:
    """The races of the night at these places, one vote more for everybody, a few minutes on."""
    document = json.loads(NIGHT)
    document["races"] = [document["races"][place] for place in places]
    for race in document["races"]:
        for unit in race["reportingUnits"]:
            unit["lastUpdated"] = f"2030-11-06T05:{minute}:00Z"
            for candidate in unit["candidates"]:
                candidate["voteCount"] += minute
    document["nextrequest"] = NEXT.replace("05:15:03", f"05:{minute}:01")
    return {**document, "timestamp": f"2030-11-06T05:{minute}:01Z", **facts}


def encode(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def votes(body: bytes) -> dict[str, list[int]]:
    report = ap.parse(body)
    return {one.title: [person.votes for person in one.selections] for one in report.contests}


class TestLaidOver:
    def test_changes_the_races_that_it_names_and_no_other(self) -> None:
        before = votes(NIGHT)
        after = votes(ap_changes.add(NIGHT, encode(changes(0))))
        assert list(after) == list(before)
        first, *others = before
        assert after[first] == [count + 20 for count in before[first]]
        assert [after[title] for title in others] == [before[title] for title in others]

    def test_counts_from_the_newest(self) -> None:
        body = ap_changes.add(NIGHT, encode(changes(0, minute=20)))
        body = ap_changes.add(body, encode(changes(0, 1, minute=30)))
        assert ap.parse(body).counted_at.minute == 30
        first, second, *_others = votes(NIGHT)
        assert votes(body)[first] == [count + 30 for count in votes(NIGHT)[first]]
        assert votes(body)[second] == [count + 30 for count in votes(NIGHT)[second]]

    def test_keeps_what_was_sent_byte_for_byte(self) -> None:
        first, second = encode(changes(0)), encode(changes(1, minute=30))
        body = ap_changes.add(ap_changes.add(NIGHT, first), second)
        assert NIGHT.strip() in body
        assert first in body
        assert second in body
        json.loads(body)

    def test_is_the_same_body_where_nothing_has_changed(self) -> None:
        assert ap_changes.add(NIGHT, encode(changes())) == NIGHT

    def test_keeps_the_units_that_it_does_not_name(self) -> None:
        state_alone = changes(0)
        del state_alone["races"][0]["reportingUnits"][1:]
        body = ap_changes.add(NIGHT, encode(state_alone))
        key = ap.parse(body).contests[0].key
        (now,), (before,) = (list(ap.read_details(one, {key})) for one in (body, NIGHT))
        assert now.units == before.units
        assert now.totals != before.totals

    def test_adds_a_race_that_was_not_there(self) -> None:
        whole = json.loads(NIGHT)
        taken = whole["races"].pop(1)
        body = ap_changes.add(encode(whole), encode(changes(1)))
        assert len(ap.parse(body).contests) == len(ap.parse(NIGHT).contests)
        assert taken["raceID"] in body.decode()

    @pytest.mark.parametrize(
        "sent",
        [
            encode(changes(0, isTruncated=True)),
            encode(changes(0, electionDate="2030-06-04")),
            encode(changes(0))[:-40],
            b"<html>Error</html>",
            b"",
            b'{"message": "error"}',
        ],
        ids=["truncated", "another-day", "cut-off", "html", "empty", "error-body"],
    )
    def test_is_refused_where_it_is_not_all_that_changed(self, sent: bytes) -> None:
        with pytest.raises(FeedError):
            ap_changes.add(NIGHT, sent)

    def test_of_a_rehearsal_is_refused_when_it_is_read(self) -> None:
        test = changes(0)
        test["races"][0]["resultsType"] = "t"
        with pytest.raises(FeedError) as caught:
            ap.parse(ap_changes.add(NIGHT, encode(test)))
        assert caught.value.code == "test-mode"

    @given(st.data())
    def test_is_read_or_refused_whatever_its_bytes_are(self, data: st.DataObject) -> None:
        body = ap_changes.add(ap_changes.add(NIGHT, encode(changes(0))), encode(changes(1)))
        read_or_refuse(ap.parse, change_bytes(body, data))

    @given(st.data())
    def test_that_was_spoiled_never_loses_a_race(self, data: st.DataObject) -> None:
        sent = change_bytes(encode(changes(0, 1)), data)
        try:
            body = ap_changes.add(NIGHT, sent)
            report = ap.parse(body)
        except FeedError:
            return
        keys = {contest.key for contest in ap.parse(NIGHT).contests}
        assert keys <= {contest.key for contest in report.contests}


class TestNextAddress:
    def test_is_ours_with_what_ap_adds(self) -> None:
        found = urlsplit(ap_changes.next_address(ADDRESS, NIGHT))
        assert (found.netloc, found.path) == ("api.ap.org", "/v3/elections/2030-11-05")
        assert dict(parse_qsl(found.query)) == {
            "statePostal": "CA",
            "level": "state",
            "minDateTime": "2030-11-06T05:15:03Z",
        }

    def test_goes_on_from_the_latest_changes(self) -> None:
        body = ap_changes.add(NIGHT, encode(changes(0)))
        assert "05%3A20%3A01Z" in ap_changes.next_address(ADDRESS, body)

    def test_asks_for_no_other_races_than_ours(self) -> None:
        night = json.loads(NIGHT)
        night["nextrequest"] = f"{NEXT}&statepostal=NV"
        found = ap_changes.next_address(ADDRESS, encode(night))
        assert "NV" not in found
        assert "statePostal=CA" in found

    @pytest.mark.parametrize(
        "link",
        [
            "",
            "https://evil.example/v3/elections/2030-11-05?minDateTime=1",
            "http://api.ap.org/v3/elections/2030-11-05?minDateTime=1",
            "https://api.ap.org@evil.example/v3/elections/2030-11-05?minDateTime=1",
            "https://api.ap.org/v3/elections/2030-06-04?minDateTime=1",
            "https://api.ap.org/v3/elections/2030-11-05",
            "https://api.ap.org/v3/elections/2030-11-05?minDateTime=1&apiKey=abc",
            "https://[api.ap.org/",
        ],
    )
    def test_is_none_for_a_link_that_leads_elsewhere(self, link: str) -> None:
        night = {**json.loads(NIGHT), "nextrequest": link}
        assert ap_changes.next_address(ADDRESS, encode(night)) is None

    def test_is_none_after_many_changes(self) -> None:
        body = NIGHT
        for minute in range(16, 16 + ap_changes.MOST_CHANGES):
            assert ap_changes.next_address(ADDRESS, body) is not None
            body = ap_changes.add(body, encode(changes(0, minute=minute)))
        assert ap_changes.next_address(ADDRESS, body) is None


class TestRetrieveChanges:
    def ask(self, answer: bytes | FeedError) -> Response | None:
        def get(url: str) -> Response:
            if isinstance(answer, FeedError):
                raise answer
            return Response(200, answer, url=url)

        return ap.retrieve_changes(ADDRESS, NIGHT, get)

    def test_gives_the_whole_as_it_is_now(self) -> None:
        response = self.ask(encode(changes(0)))
        assert response.status == 206
        assert len(ap.parse(response.body).contests) == len(ap.parse(NIGHT).contests)

    @pytest.mark.parametrize("answer", [b"", FeedError("No.", code="timeout")])
    def test_gives_way_to_the_whole_where_it_fails(self, answer: bytes | FeedError) -> None:
        assert self.ask(answer) is None

    def test_waits_when_the_quota_is_used_up(self) -> None:
        with pytest.raises(FeedError) as caught:
            self.ask(FeedError("No.", code="http-status", status=403))
        assert (caught.value.code, caught.value.retry_after) == ("quota", 10)
