from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from elections.counting.results import ContestCount, ContestType, Report
from elections.feeds import lac_json, lac_page
from elections.feeds.contract import FeedError, Response
from tests.elections.feeds.samples import SAMPLES

COUNTY = SAMPLES / "la_county" / "2024-11-05-general"
BALLOTS, COUNTERS = COUNTY / "election_data", COUNTY / "counter_data"

GOLDEN = Path(__file__).parent / "golden" / "lac_page"
DISTRICT_3 = "9498"

ADDRESS = "https://results.lavote.gov/ElectionResults/GetElectionData?electionID=4324"
OTHER = "https://results.lavote.gov/ElectionResults/GetCounterData?electionID=4324"
BALLOT = b'{"Data": {"Locked": false, "Title": "The \\"Locked\\": false vote", "Winner" :true}}'


def serve(documents: dict[str, bytes]) -> Callable[[str], Response]:
    return lambda url: Response(status=200, body=documents[url])


def fetch(ballot: bytes, counters: bytes = b'{"TimeStamp": ""}', address: str = ADDRESS) -> bytes:
    return lac_page.retrieve(address, serve({ADDRESS: ballot, OTHER: counters})).body


def golden(name: str) -> Report:
    return lac_page.parse((GOLDEN / f"{name}.json").read_bytes())


def find(report: Report, key: str = DISTRICT_3) -> ContestCount:
    return next(one for one in report.contests if one.key == key)


def get_votes(contest: ContestCount) -> dict[str, int]:
    return {one.name: one.votes for one in contest.selections}


class TestRetrieve:
    @pytest.mark.parametrize("address", [ADDRESS, OTHER, ADDRESS + "#results"])
    def test_finds_both_documents_from_the_address_of_either(self, address: str) -> None:
        assert set(json.loads(fetch(BALLOT, address=address))) == {
            "GetElectionData",
            "GetCounterData",
        }

    @pytest.mark.parametrize(
        "address",
        [
            "https://results.lavote.gov/electionresults/json?electionid=4324",
            "https://results.lavote.gov/ElectionResults/GetElectionData",
            "https://[",
        ],
    )
    def test_says_which_address_it_needs(self, address: str) -> None:
        with pytest.raises(FeedError, match="GetElectionData") as caught:
            lac_page.retrieve(address, serve({}))
        assert caught.value.code == "bad-address"

    def test_gives_the_same_bytes_while_flags_flap(self) -> None:
        flapped = BALLOT.replace(b'"Locked": false', b'"Locked": true', 1)
        flapped = flapped.replace(b":true", b":false")
        assert flapped != BALLOT
        assert fetch(flapped) == fetch(BALLOT)

    def test_leaves_all_else_as_it_was_sent(self) -> None:
        counters = b'{"TimeStamp":\t"11/5/2024 8:36:34 PM", "Data": []}'
        body = fetch(BALLOT, counters)
        assert counters in body
        kept = BALLOT.replace(b'{"Locked": false', b'{"Locked": null')
        assert kept.replace(b'"Winner" :true', b'"Winner" :null') in body

    def test_keeps_what_is_no_json(self) -> None:
        body = fetch(b"<html>Down</html>", b"")
        assert json.loads(body) == {"GetElectionData": "<html>Down</html>", "GetCounterData": ""}


class TestParse:
    def test_takes_the_time_of_the_counters(self) -> None:
        report = golden("election-night")
        assert report.counted_at == datetime(2024, 11, 6, 4, 36, 34, tzinfo=UTC)
        assert report.election_date == date(2024, 11, 5)
        assert (report.election_key, report.election_title) == ("4324", "General Election")

    def test_puts_the_votes_to_the_names(self) -> None:
        contest = find(golden("election-night"))
        assert get_votes(contest) == {"DAN CHANG": 50_310, "SCOTT MARK SCHMERELSON": 61_168}

    def test_says_how_many_ballots_were_left_blank_or_marked_too_often(self) -> None:
        contest = find(golden("four-weeks-after"))
        told = (contest.ballots_cast, contest.undervotes, contest.overvotes)
        assert told == (293_452, 52_497, 146)

    def test_says_how_many_voted_and_could_have(self) -> None:
        report = golden("four-weeks-after")
        assert (report.ballots_cast, report.registered_voters) == (3_793_106, 5_736_803)

    def test_does_not_work_out_what_the_county_does_not_say(self) -> None:
        report = golden("without-ballots-cast")
        assert report.ballots_cast is None
        assert find(report).ballots_cast is find(report).undervotes is None

    def test_knows_a_contest_and_a_candidate_whatever_they_are_called(self) -> None:
        before, after = find(golden("district-3")), find(golden("title-corrected"))
        assert before.title != after.title
        assert before.key == after.key
        assert [one.key for one in find(golden("two-of-one-name")).selections] == [
            one.key for one in before.selections
        ]

    def test_names_who_has_no_counter(self) -> None:
        with pytest.raises(FeedError, match="Candidate 23385 of the ballot has no counter"):
            golden("candidate-without-counter")

    def test_can_recover_from_two_moments(self) -> None:
        with pytest.raises(FeedError) as caught:
            golden("candidate-not-on-the-ballot")
        assert caught.value.may_recover


# --- the documents of a real election ---


def read(ballot: Path, counters: Path) -> Report:
    documents = {ADDRESS: ballot.read_bytes(), OTHER: counters.read_bytes()}
    return lac_page.parse(lac_page.retrieve(ADDRESS, serve(documents)).body)


@pytest.fixture(scope="module")
def ballots() -> list[Path]:
    files = sorted(BALLOTS.glob("*.json"))
    if not files:
        pytest.skip(f"There are no recorded documents in {BALLOTS}. Set NEWSROOM_SAMPLE_DATA.")
    return files


class TestRealDocuments:
    def test_are_all_read(self, ballots: list[Path]) -> None:
        reports = [read(ballots[1], path) for path in sorted(COUNTERS.glob("*.json"))]
        assert len(reports) == 18
        assert {len(report.contests) for report in reports} == {373}
        assert all(one.ballots_cast is not None for r in reports for one in r.contests)

    def test_fit_whatever_the_age_of_the_ballot(self, ballots: list[Path]) -> None:
        counters = COUNTERS / "20241202T233726Z.json"
        assert len({str(read(ballot, counters)) for ballot in ballots}) == 1

    def test_are_the_same_bytes_while_flags_flap(self, ballots: list[Path]) -> None:
        bodies = {fetch(path.read_bytes()) for path in ballots}
        assert len({path.read_bytes() for path in ballots}) > len(bodies) == 1

    def test_agree_with_the_public_results_letter_by_letter(self, ballots: list[Path]) -> None:
        page = read(ballots[-1], COUNTERS / "20241202T233726Z.json")
        public = lac_json.parse((COUNTY / "results" / "20241202T232824Z.json").read_bytes())
        assert public.counted_at.replace(microsecond=0) == page.counted_at
        assert sorted(map(plain, page.contests)) == sorted(map(plain, public.contests))

    def test_have_kinds_of_contest(self, ballots: list[Path]) -> None:
        report = read(ballots[0], COUNTERS / "20241106T044031Z.json")
        kinds = [one.contest_type for one in report.contests]
        assert kinds.count(ContestType.BALLOT_MEASURE) == 102
        assert kinds.count(ContestType.RECALL) == 1


def plain(contest: ContestCount) -> Any:
    """What both of the county's feeds say."""
    people = [(one.name, one.votes, one.party) for one in contest.selections]
    facts = (contest.contest_type, contest.votes_allowed, contest.threshold_text, contest.question)
    return contest.title, people, facts, contest.note, contest.group
