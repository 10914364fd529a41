from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.counting.results import ContestType
from elections.feeds import ap, get_provider, get_secret
from elections.feeds.ap_calls import ApSelection
from elections.feeds.ap_races import ApContest
from elections.feeds.contract import FeedError, Response
from tests.elections.feeds.mutations import any_json, change_bytes, list_paths, read_or_refuse, swap
from tests.elections.feeds.retrieval import ask

GOLDEN = Path(__file__).parent / "golden" / "ap"
NIGHT = (GOLDEN / "night.json").read_bytes()
ADDRESS = "https://api.ap.org/v3/elections/2030-11-05?statePostal=CA&resultsType=l"


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        ap.parse(body)
    return caught.value


def refuse_address(address: str, *, error: FeedError | None = None) -> FeedError:
    def get(url: str) -> Response:
        assert error is not None, "AP's key would have been sent."
        raise error

    with pytest.raises(FeedError) as caught:
        ap.retrieve(address, get)
    return caught.value


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        assert ask(ap.retrieve, f" {ADDRESS}\n", NIGHT) == (NIGHT, [ADDRESS])

    @pytest.mark.parametrize(
        "address",
        [
            "https://api.ap.org.example.com/v3/elections/2030-11-05",
            "https://example.com/api.ap.org/v3",
            "http://api.ap.org/v3/elections/2030-11-05",
            "https://api.ap.org@example.com/v3",
            "https://user@api.ap.org/v3",
            "https://api.ap.org:8443/v3",
            "https://[api.ap.org/v3",
            "",
        ],
    )
    def test_sends_the_key_to_nobody_else(self, address: str) -> None:
        error = refuse_address(address)
        assert error.code == "bad-address"
        assert not error.may_recover

    @pytest.mark.parametrize("parameter", ["apikey", "api_key", "x-api-key", "APIKey"])
    def test_refuses_a_key_in_the_address(self, parameter: str) -> None:
        error = refuse_address(f"{ADDRESS}&{parameter}=abc123")
        assert error.code == "bad-address"
        assert "abc123" not in error.message

    @pytest.mark.parametrize(("said", "wait"), [(None, 10), (7, 7)])
    def test_waits_when_the_quota_is_used_up(self, said: int | None, wait: int) -> None:
        answer = FeedError("No.", code="http-status", status=403, retry_after=said)
        error = refuse_address(ADDRESS, error=answer)
        assert (error.code, error.status, error.retry_after) == ("quota", 403, wait)
        assert error.may_recover

    def test_says_that_the_key_is_unknown(self) -> None:
        answer = FeedError("No.", code="http-status", status=401)
        error = refuse_address(ADDRESS, error=answer)
        assert (error.code, error.status) == ("http-status", 401)
        assert "ELECTIONS_AP_API_KEY" in error.message
        assert not error.may_recover

    def test_passes_other_failures_on(self) -> None:
        answer = FeedError("No.", code="timeout")
        assert refuse_address(ADDRESS, error=answer) is answer


class TestSecret:
    def test_is_known_for_the_provider(self) -> None:
        assert get_provider("ap") is ap
        assert get_secret("ap") is ap.secret
        assert get_secret("lac_json") is None

    def test_becomes_a_header(self) -> None:
        assert ap.secret.as_headers(" abc123\n") == {"x-api-key": "abc123"}

    @pytest.mark.parametrize("key", ["", " ", "abc\r\nX-Evil: 1", "äbc"])
    def test_says_where_it_is_set_when_there_is_none(self, key: str) -> None:
        with pytest.raises(FeedError) as caught:
            ap.secret.as_headers(key)
        assert "X-Evil" not in caught.value.message
        assert caught.value.code == "no-key"
        assert "ELECTIONS_AP_API_KEY" in caught.value.message
        assert not caught.value.may_recover


class TestParse:
    def test_says_when_and_for_which_day(self) -> None:
        report = ap.parse(NIGHT)
        assert report.counted_at == datetime(2030, 11, 6, 5, 14, 22, tzinfo=UTC)
        assert report.counted_at.tzinfo is UTC
        assert report.election_date == date(2030, 11, 5)

    def test_takes_the_whole_and_not_its_parts(self) -> None:
        governor = ap.parse(NIGHT).contests[0]
        votes = {one.name: one.votes for one in governor.selections}
        assert votes == {"Ben Sample": 98200, "Ada Example": 120300, "Cy Model": 4100}

    def test_keeps_the_order_of_the_ballot(self) -> None:
        names = [one.name for one in ap.parse(NIGHT).contests[0].selections]
        assert names == ["Ben Sample", "Ada Example", "Cy Model"]

    def test_keeps_calls_apart_from_counts(self) -> None:
        house = ap.parse(NIGHT).contests[1]
        assert isinstance(house, ApContest)
        assert house.call_status == "Called"
        assert house.expected_percent == 41
        winners = [one.winner for one in house.selections if isinstance(one, ApSelection)]
        assert winners == ["X", ""]

    def test_knows_a_person_by_the_same_number_everywhere(self) -> None:
        report = ap.parse((GOLDEN / "pol-id-zero.json").read_bytes())
        assert [one.key for one in report.contests[0].selections] == [
            "polID-102",
            "polNum-20101",
            "polID-103",
        ]

    def test_knows_the_answers_of_a_question_by_their_names(self) -> None:
        measure = ap.parse(NIGHT).contests[2]
        assert measure.contest_type is ContestType.BALLOT_MEASURE
        assert [one.key for one in measure.selections] == ["Yes", "No"]


class TestProposals:
    @pytest.mark.parametrize(
        ("sent", "proposed"), [("GOP", "Republican"), ("NP", ""), ("WFP", "WFP")]
    )
    def test_spell_a_party_out(self, sent: str, proposed: str) -> None:
        assert ap.propose_party(sent) == proposed


# --- only FeedError leaves parse ---


PATHS = list_paths(NIGHT)
ANYTHING = any_json("Yes", "No", "X", "0", "state", "\0", "9999-12-31T23:59:59Z", "1e3")
check = partial(read_or_refuse, ap.parse)


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(NIGHT, data))

    @given(st.sampled_from(PATHS), ANYTHING)
    @example(("timestamp",), "0001-01-01T00:00:00+23:59")
    @example(("races", 0, "reportingUnits", 0, "lastUpdated"), "9999-12-31T23:59:59-23:59")
    @example(("races", 0, "numWinners"), 10**400)
    def test_when_a_value_is_of_another_kind(self, path: tuple[Any, ...], value: Any) -> None:
        check(swap(NIGHT, path, value))

    @given(ANYTHING)
    def test_when_it_is_any_json(self, value: Any) -> None:
        check(json.dumps(value).encode())
