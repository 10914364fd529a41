from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.counting.results import ContestCount, ContestType, Report
from elections.feeds import PROVIDERS, get_provider, lac_json
from elections.feeds.contract import FeedError
from tests.elections.feeds.mutations import any_json, change_bytes, list_paths, read_or_refuse, swap
from tests.elections.feeds.retrieval import ask
from tests.elections.feeds.samples import SAMPLES

RELEASES = SAMPLES / "la_county" / "2024-11-05-general" / "results"

ERROR_BODY = "20241121T111605Z.json"

GOLDEN = Path(__file__).parent / "golden" / "lac_json"
NIGHT = (GOLDEN / "election-night.json").read_bytes()
SMALL = (GOLDEN / "accents.json").read_bytes()

DISTRICT_3 = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board of Education, District 3"


def get_votes(report: Report, title: str = DISTRICT_3) -> dict[str, int]:
    contest = next(one for one in report.contests if one.title == title)
    return {one.name: one.votes for one in contest.selections}


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        lac_json.parse(body)
    return caught.value


class TestRegistry:
    def test_knows_the_provider_by_its_name(self) -> None:
        assert get_provider("lac_json") is lac_json
        assert all(provider.name == name for name, provider in PROVIDERS.items())

    def test_names_the_others_when_there_is_none(self) -> None:
        with pytest.raises(LookupError, match="lac_json"):
            get_provider("lac_xml")


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        address = "https://results.lavote.gov/electionresults/json?electionid=4324"
        assert ask(lac_json.retrieve, address, NIGHT) == (NIGHT, [address])


class TestParse:
    def test_says_which_election_and_when(self) -> None:
        report = lac_json.parse(NIGHT)
        assert report.counted_at == datetime(2024, 11, 6, 4, 36, 34, 570000, UTC)
        assert report.counted_at.tzinfo is UTC
        assert report.election_date == date(2024, 11, 5)
        assert (report.election_key, report.election_title) == ("4324", "General Election")

    def test_reads_the_votes(self) -> None:
        votes = {"DAN CHANG": 50310, "SCOTT MARK SCHMERELSON": 61168}
        assert get_votes(lac_json.parse(NIGHT)) == votes

    def test_numbers_contests_across_groups(self) -> None:
        contests = lac_json.parse(NIGHT).contests
        assert [one.order for one in contests] == list(range(len(contests)))
        assert len({one.group for one in contests}) > 3

    def test_gives_what_a_plain_contest_compares_with(self) -> None:
        contest = next(one for one in lac_json.parse(NIGHT).contests if one.title == DISTRICT_3)
        assert type(contest) is ContestCount
        assert contest.contest_type is ContestType.CANDIDATE
        assert contest.selections[0].key == "DAN CHANG"

    @pytest.mark.parametrize("opening", [b"[", b'{"Election":', b'{"New":' + b"[" * 5])
    def test_refuses_a_document_nested_100000_deep(self, opening: bytes) -> None:
        deep = opening * 100_000
        assert refuse(deep).code in {"too-deep", "schema-drift"}
        assert refuse(b'{"New":' + deep).code == "too-deep"

    def test_names_the_candidate_at_fault(self) -> None:
        error = refuse((GOLDEN / "negative-votes.json").read_bytes())
        assert error.message.startswith("“Votes” of “SCOTT MARK SCHMERELSON” in “LOS ANGELES")

    def test_repeats_what_the_server_said(self) -> None:
        error = refuse((GOLDEN / "error-body.json").read_bytes())
        assert "“An error has occurred.”" in error.message


# --- only FeedError leaves parse ---


PATHS = list_paths(SMALL)
ANYTHING = any_json("YES", "NO", "Measure", "Judicial", "\0", "9999-12-31T23:59:59", "1e3")
check = partial(read_or_refuse, lac_json.parse)


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(SMALL, data))

    @given(st.integers(0, len(SMALL)), st.integers(0, len(SMALL)))
    def test_when_a_part_is_deleted(self, start: int, end: int) -> None:
        check(SMALL[:start] + SMALL[end:])

    @given(st.sampled_from(PATHS), ANYTHING)
    @example(("Timestamp",), "0001-01-01T00:00:00")
    @example(("Timestamp",), "2024-11-05T20:36:34." + "9" * 400)
    @example(("Timestamp",), "２０２４-11-05T20:36:34")
    @example(("Election", "ID"), 10**4000)
    def test_when_a_value_is_of_another_kind(self, path: tuple[Any, ...], value: Any) -> None:
        check(swap(SMALL, path, value))

    @given(st.binary(max_size=200))
    def test_when_it_is_any_bytes(self, body: bytes) -> None:
        check(body)

    @given(ANYTHING)
    def test_when_it_is_any_json(self, value: Any) -> None:
        check(json.dumps(value).encode())


# --- every release of a real election ---


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """The valid releases of November 2024 in the order in which they were seen."""
    files = sorted(RELEASES.glob("*.json"))
    if not files:
        pytest.skip(f"There are no recorded releases in {RELEASES}. Set NEWSROOM_SAMPLE_DATA.")
    return [lac_json.parse(path.read_bytes()) for path in files if path.name != ERROR_BODY]


class TestRealReleases:
    def test_are_all_read_but_the_error_body(self, reports: list[Report]) -> None:
        assert len(reports) == 59
        assert {len(report.contests) for report in reports} == {373}
        assert {sum(len(one.selections) for one in r.contests) for r in reports} == {904}
        assert {report.election_date for report in reports} == {date(2024, 11, 5)}

    def test_have_one_error_body_among_them(self, reports: list[Report]) -> None:
        assert refuse((RELEASES / ERROR_BODY).read_bytes()).code == "error-body"

    def test_have_16_stale_reads_and_32_times(self, reports: list[Report]) -> None:
        times = [report.counted_at for report in reports]
        assert sum(later < earlier for earlier, later in pairwise(times)) == 16
        assert len(set(times)) == 32

    @pytest.mark.parametrize(
        ("counted_at", "schmerelson", "chang"),
        [
            ("2024-11-05T20:36:34.570-08:00", 61168, 50310),
            ("2024-11-06T03:46:07.817-08:00", 89674, 83256),
            ("2024-12-02T14:55:01.273-08:00", 124331, 116478),
        ],
    )
    def test_have_the_known_figures(
        self, reports: list[Report], counted_at: str, schmerelson: int, chang: int
    ) -> None:
        moment = datetime.fromisoformat(counted_at)
        report = next(one for one in reports if one.counted_at == moment)
        votes = {"DAN CHANG": chang, "SCOTT MARK SCHMERELSON": schmerelson}
        assert get_votes(report) == votes

    def test_have_no_vote_in_the_first(self, reports: list[Report]) -> None:
        assert sum(one.votes for c in reports[0].contests for one in c.selections) == 0

    def test_have_the_known_kinds(self, reports: list[Report]) -> None:
        contests = reports[-1].contests
        kinds = [one.contest_type for one in contests]
        assert kinds.count(ContestType.BALLOT_MEASURE) == 102
        assert kinds.count(ContestType.RECALL) == 1
        assert [one.title for one in contests if not one.selections] == [
            "EL SEGUNDO CITY GENERAL MUNICIPAL ELECTION City Clerk (No Candidates Filed)",
            "MAYWOOD CITY GENERAL MUNICIPAL ELECTION City Clerk (No Candidates Filed)",
            "MAYWOOD CITY GENERAL MUNICIPAL ELECTION City Treasurer (No Candidates Filed)",
            "SIERRA MADRE CITY GENERAL MUNICIPAL ELECTION  City Treasurer (No Candidates Filed)",
        ]
        assert sum(bool(one.threshold_text) and not one.threshold for one in contests) == 3
        assert {one.votes_allowed for one in contests} == {1, 2, 3, 4}
