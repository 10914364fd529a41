from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.feeds import get_provider, nist_erd
from elections.feeds.contract import FeedError
from tests.elections.feeds.mutations import any_json, change_bytes, list_paths, read_or_refuse, swap
from tests.elections.feeds.retrieval import ask

GOLDEN = Path(__file__).parent / "golden" / "nist_erd"
NIGHT = (GOLDEN / "election-night.json").read_bytes()
SMALL = (GOLDEN / "district-3.json").read_bytes()


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        nist_erd.parse(body)
    return caught.value


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        assert ask(nist_erd.retrieve, "https://example.org/erd.json", NIGHT) == (
            NIGHT,
            ["https://example.org/erd.json"],
        )


class TestParse:
    def test_says_which_election_and_when(self) -> None:
        report = nist_erd.parse(NIGHT)
        assert report.counted_at == datetime(2024, 11, 6, 4, 36, 34, 570000, UTC)
        assert report.counted_at.tzinfo is UTC
        assert report.election_date == date(2024, 11, 5)
        assert (report.election_key, report.election_title) == ("4324", "General Election")

    def test_reads_the_votes(self) -> None:
        contest = nist_erd.parse(SMALL).contests[0]
        votes = {one.name: one.votes for one in contest.selections}
        assert votes == {"DAN CHANG": 50310, "SCOTT MARK SCHMERELSON": 61168}

    def test_prefers_the_whole_to_its_parts(self) -> None:
        contest = nist_erd.parse((GOLDEN / "parts-beside-the-whole.json").read_bytes()).contests[0]
        assert [one.votes for one in contest.selections] == [99, 99]

    def test_counts_a_place_and_its_district_once(self) -> None:
        sent = (GOLDEN / "district-within-the-scope.json").read_bytes()
        assert [one.votes for one in nist_erd.parse(sent).contests[0].selections] == [50310, 61168]

    def test_refuses_a_document_nested_100000_deep(self) -> None:
        assert refuse(b'{"New":' + b"[" * 100_000).code == "too-deep"


class TestProposals:
    def test_are_readable(self) -> None:
        assert nist_erd.propose_selection_name("DAN CHANG") == "Dan Chang"
        assert nist_erd.propose_party("Non Partisan") == ""
        assert nist_erd.propose_party("Green") == "Green"


def test_is_registered() -> None:
    assert get_provider("nist_erd") is nist_erd


# --- only FeedError leaves parse ---


PATHS = list_paths(NIGHT)
COUNT = next(path for path in PATHS if path[-1] == "Count")
ANYTHING = any_json("total", "unit-1", "ElectionResults.PartySelection", "\0", "1e3")
check = partial(read_or_refuse, nist_erd.parse)


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(NIGHT, data))

    @given(st.sampled_from(PATHS), ANYTHING)
    @example(("GeneratedDate",), "9999-12-31T23:59:59-23:59")
    @example(COUNT, 1e300)
    @example(COUNT, 10**400)
    def test_when_a_value_is_of_another_kind(self, path: tuple[Any, ...], value: Any) -> None:
        check(swap(NIGHT, path, value))

    @given(ANYTHING)
    def test_when_it_is_any_json(self, value: Any) -> None:
        check(json.dumps(value).encode())


class TestBallotCounts:
    @staticmethod
    def said(*counts: dict[str, Any], scope: str = "") -> tuple[int | None, int | None]:
        document = json.loads(SMALL)
        kind = {"@type": "ElectionResults.BallotCounts"}
        document["Election"][0]["BallotCounts"] = [kind | count for count in counts]
        if scope:
            document["Election"][0]["ElectionScopeId"] = scope
        report = nist_erd.parse(json.dumps(document).encode())
        left = report.ballots_left
        assert left is None or left.as_of == report.counted_at
        return report.ballots_cast, left and left.estimate

    def test_are_unknown_where_nothing_is_said(self) -> None:
        assert self.said() == (None, None)

    def test_are_those_of_the_whole(self) -> None:
        place = {"GpUnitId": "ru-1", "Type": "total", "BallotsOutstanding": 5}
        whole = {"Type": "total", "BallotsCast": 2_700_000, "BallotsOutstanding": 780_000}
        assert self.said(place, whole) == (2_700_000, 780_000)
        assert self.said(place) == (None, None)
        assert self.said(place, scope="ru-1") == (None, 5)

    def test_add_up_kinds_where_there_is_no_total(self) -> None:
        by_kind = [{"Type": "absentee", "BallotsOutstanding": 7}]
        by_kind += [{"Type": "provisional", "BallotsOutstanding": 2}]
        assert self.said(*by_kind) == (None, 9)
        assert self.said(*by_kind, {"Type": "total", "BallotsOutstanding": 8}) == (None, 8)

    def test_are_not_guessed_from_two_totals(self) -> None:
        twice = {"Type": "total", "BallotsOutstanding": 5}
        assert self.said(twice, twice) == (None, None)
