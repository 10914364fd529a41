from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.results import ContestType, Report
from elections.feeds import laist_results
from tests.elections.feeds.mutations import any_json, change_bytes, read_or_refuse
from tests.elections.feeds.retrieval import ask
from tests.elections.feeds.samples import SAMPLES

PUBLISHED = SAMPLES / "laist_results" / "kpcc-20221111.json"

GOLDEN = Path(__file__).parent / "golden" / "laist_results"
NINE_RACES = (GOLDEN / "three-days-after.json").read_bytes()
SMALL = (GOLDEN / "compact.json").read_bytes()


def get_kinds(report: Report) -> dict[str, ContestType]:
    return {one.title: one.contest_type for one in report.contests}


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        assert ask(laist_results.retrieve, "https://example.org/latest.json", SMALL) == (
            SMALL,
            ["https://example.org/latest.json"],
        )


class TestParse:
    def test_takes_the_time_at_which_a_source_counted(self) -> None:
        counted_at = laist_results.parse(NINE_RACES).counted_at
        assert counted_at == datetime(2022, 11, 12, 0, 9, 19, 703000, UTC)

    def test_reads_the_votes(self) -> None:
        race = laist_results.parse(SMALL).contests[0]
        assert {one.name: one.votes for one in race.selections} == {
            "Bob Hertzberg": 155557,
            "Lindsey Horvath": 156227,
        }

    def test_tells_measures_and_judges_from_people(self) -> None:
        kinds = get_kinds(laist_results.parse(NINE_RACES))
        assert kinds["Measure ULA: Mansion tax"] is ContestType.BALLOT_MEASURE
        assert kinds["Retain Supreme Court Justice Goodwin Liu"] is ContestType.RETENTION
        assert kinds["Courts of Appeal District 6: Cynthia C. Lie"] is ContestType.RETENTION
        assert kinds["Supervisor, 3rd District"] is ContestType.CANDIDATE

    def test_knows_a_race_whatever_its_slug(self) -> None:
        renamed = laist_results.parse((GOLDEN / "slug-with-hash.json").read_bytes())
        assert renamed == laist_results.parse(SMALL)

    def test_keeps_apart_what_differs_in_its_level_alone(self) -> None:
        body = (GOLDEN / "same-name-and-slug-at-two-levels.json").read_bytes()
        keys = [one.key for one in laist_results.parse(body).contests]
        assert len(set(keys)) == 2

    def test_gives_a_race_its_place_whatever_the_order_of_the_file(self) -> None:
        document = json.loads(NINE_RACES)
        document["races"].reverse()
        report = laist_results.parse(json.dumps(document).encode())
        assert set(report.contests) == set(laist_results.parse(NINE_RACES).contests)


class TestProposals:
    def test_write_parties_in_full(self) -> None:
        parties = [laist_results.propose_party(party) for party in ("Dem", "Non Partisan", "New")]
        assert parties == ["Democratic", "", "New"]


ANYTHING = any_json()
DOCUMENT_KEYS = sorted(json.loads(SMALL))
RACE_KEYS = sorted(json.loads(SMALL)["races"][0])
CANDIDATE_KEYS = sorted(json.loads(SMALL)["races"][0]["candidates"][0])


def check(body: bytes) -> None:
    report = read_or_refuse(laist_results.parse, body)
    assert all(len(one.key) <= 500 for one in (report.contests if report else ()))


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(SMALL, data))

    @given(st.integers(0, len(SMALL)), st.integers(0, len(SMALL)))
    def test_when_a_part_is_deleted(self, start: int, end: int) -> None:
        check(SMALL[:start] + SMALL[end:])

    @given(st.sampled_from(DOCUMENT_KEYS), ANYTHING)
    def test_when_a_part_is_of_another_kind(self, key: str, value: Any) -> None:
        check(json.dumps({**json.loads(SMALL), key: value}).encode())

    @given(st.sampled_from(RACE_KEYS), ANYTHING)
    def test_when_a_race_is_of_another_kind(self, key: str, value: Any) -> None:
        document = json.loads(SMALL)
        document["races"][0][key] = value
        check(json.dumps(document).encode())

    @given(st.sampled_from(CANDIDATE_KEYS), ANYTHING)
    def test_when_a_candidate_is_of_another_kind(self, key: str, value: Any) -> None:
        document = json.loads(SMALL)
        document["races"][0]["candidates"][0][key] = value
        check(json.dumps(document).encode())

    @given(st.binary(max_size=200))
    def test_when_it_is_any_bytes(self, body: bytes) -> None:
        check(body)

    @pytest.mark.parametrize("opening", [b"[", b'{"races":', b'{"new":' + b"[" * 5])
    def test_when_it_is_nested_100000_deep(self, opening: bytes) -> None:
        check(opening * 100_000)


class TestRealDocument:
    def test_has_the_known_races(self) -> None:
        if not PUBLISHED.exists():
            pytest.skip(f"There is no document {PUBLISHED}. Set NEWSROOM_SAMPLE_DATA.")
        report = laist_results.parse(PUBLISHED.read_bytes())
        assert len(report.contests) == 164
        assert Counter(get_kinds(report).values()) == {
            ContestType.CANDIDATE: 104,
            ContestType.RETENTION: 46,
            ContestType.BALLOT_MEASURE: 14,
        }
