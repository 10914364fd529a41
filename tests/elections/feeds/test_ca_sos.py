from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.counting.guards import ContestVerdict, Reason, Verdict, judge_contest, judge_report
from elections.counting.results import ContestType, Report
from elections.feeds import ca_sos, cycles
from elections.feeds.ca_returns import read_precincts
from elections.feeds.contract import FeedError, Response
from tests.elections.feeds.mutations import any_json, change_bytes, list_paths, read_or_refuse, swap
from tests.elections.feeds.samples import SAMPLES

CYCLES = SAMPLES / "ca_sos" / "2022-11-08-general"

GOLDEN = Path(__file__).parent / "golden" / "ca_sos"
AFTER = (GOLDEN / "after-the-correction.json").read_bytes()
BEFORE = (GOLDEN / "before-the-correction.json").read_bytes()
REHEARSAL = (GOLDEN / "rehearsal.json").read_bytes()

ADDRESS = "https://api.sos.ca.gov/returns/"
POLLS_CLOSE_AT = datetime(2022, 11, 9, 4, tzinfo=UTC)
RACE = {
    "raceTitle": "Governor - Statewide Results",
    "Reporting": "100% (25,554 of 25,554) precincts reporting",
    "ReportingTime": "November 22, 2022, 4:48 p.m.",
    "candidates": [{"Name": "Brian Dahle", "Party": "Rep", "Votes": "4,320,169"}],
}


def stamped(time: str, **changes: Any) -> bytes:
    return json.dumps({**RACE, "ReportingTime": time, **changes}).encode()


def get_votes(report: Report, title: str = "Governor") -> dict[str, int]:
    contest = next(one for one in report.contests if one.title == title)
    return {one.name: one.votes for one in contest.selections}


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        ca_sos.parse(body)
    return caught.value


class Server:
    """Answers with each address's documents in turn, the last one for ever."""

    def __init__(self, documents: Mapping[str, list[bytes]]) -> None:
        self.documents = {slug: list(bodies) for slug, bodies in documents.items()}
        self.asked: list[str] = []
        self.lock = threading.Lock()

    def get(self, url: str) -> Response:
        slug = url.removeprefix(ADDRESS)
        with self.lock:
            self.asked.append(slug)
            bodies = self.documents.get(slug)
            if bodies is None:
                raise FeedError("There is none.", code="http-status", status=404)
            body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        return Response(status=200, body=body, etag='"one"', last_modified="yesterday", url=url)


class TestRetrieve:
    def test_asks_for_every_document_of_2022(self) -> None:
        server = Server({slug: [stamped(RACE["ReportingTime"])] for slug in ca_sos.SLUGS})
        response = ca_sos.retrieve(ADDRESS, server.get)
        assert sorted(server.asked) == sorted(ca_sos.SLUGS)
        assert len(ca_sos.SLUGS) == 17
        assert list(json.loads(response.body)) == list(ca_sos.SLUGS)

    def test_gives_no_validator_of_a_single_document(self) -> None:
        server = Server({"governor": [stamped(RACE["ReportingTime"])]})
        response = ca_sos.retrieve(f"{ADDRESS}#governor", server.get)
        assert (response.status, response.etag, response.last_modified) == (200, "", "")
        assert response.url == ADDRESS

    @pytest.mark.parametrize("start", [ADDRESS, ADDRESS.rstrip("/")])
    def test_asks_only_for_what_the_address_lists(self, start: str) -> None:
        server = Server({"governor": [b"{}"], "us-rep/district/all": [b"[]"]})
        ca_sos.retrieve(f"{start}#governor,us-rep/district/all", server.get)
        assert sorted(server.asked) == ["governor", "us-rep/district/all"]

    @pytest.mark.parametrize(
        "address",
        [
            f"{ADDRESS}#governor,governor",
            f"{ADDRESS}#governor,",
            f"{ADDRESS}#../admin",
            f"{ADDRESS}#GOVERNOR",
            f"{ADDRESS}#https://example.org/",
            f"{ADDRESS}?f=csv",
            "https://[api/#governor",
        ],
    )
    def test_refuses_an_address_that_is_no_list(self, address: str) -> None:
        with pytest.raises(FeedError) as caught:
            ca_sos.retrieve(address, Server({}).get)
        assert caught.value.code == "bad-address"
        assert not caught.value.may_recover

    def test_fails_whole_and_names_the_document_that_is_missing(self) -> None:
        server = Server({"governor": [b"{}"]})
        with pytest.raises(FeedError, match="There is no document “us-senate” at") as caught:
            ca_sos.retrieve(f"{ADDRESS}#governor,us-senate", server.get)
        assert (caught.value.code, caught.value.status) == ("http-status", 404)
        assert not caught.value.may_recover

    def test_passes_on_what_else_went_wrong(self) -> None:
        def get(url: str) -> Response:
            raise FeedError("It took too long.", code="timeout")

        with pytest.raises(FeedError, match="It took too long"):
            ca_sos.retrieve(ADDRESS, get)

    def test_refuses_an_answer_that_says_unchanged(self) -> None:
        with pytest.raises(FeedError) as caught:
            ca_sos.retrieve(f"{ADDRESS}#governor", lambda url: Response(status=304, body=b""))
        assert caught.value.code == "unasked-304"
        assert caught.value.may_recover

    def test_gives_the_same_bytes_for_the_same_documents(self) -> None:
        server = Server({"governor": [AFTER], "controller": [b"<html>"]})
        address = f"{ADDRESS}#governor,controller"
        first = ca_sos.retrieve(address, server.get)
        assert ca_sos.retrieve(address, server.get).body == first.body

    def test_asks_once_more_for_what_a_publication_had_not_reached(self) -> None:
        old, new = stamped("November 14, 2022, 4:15 p.m."), stamped("November 14, 2022, 4:20 p.m.")
        server = Server({"governor": [old, new], "controller": [new]})
        body = ca_sos.retrieve(f"{ADDRESS}#governor,controller", server.get).body
        assert server.asked.count("governor") == 2
        assert server.asked.count("controller") == 1
        assert set(json.loads(body)) == {"governor", "controller"}
        assert b"4:15" not in body

    def test_asks_only_twice_and_keeps_what_stays_behind(self) -> None:
        old, new = stamped("November 14, 2022, 4:15 p.m."), stamped("November 14, 2022, 4:20 p.m.")
        server = Server({"governor": [old], "controller": [new]})
        body = ca_sos.retrieve(f"{ADDRESS}#governor,controller", server.get).body
        assert server.asked.count("governor") == 2
        assert refuse(body).code == "torn-cycle"

    @pytest.mark.parametrize("body", [b"", b"<html>", b'"ReportingTime": "soon"', b"\xff\xfe"])
    def test_leaves_what_cannot_be_read_to_parse(self, body: bytes) -> None:
        server = Server({"governor": [body], "controller": [stamped(RACE["ReportingTime"])]})
        packed = ca_sos.retrieve(f"{ADDRESS}#governor,controller", server.get).body
        assert server.asked.count("governor") == 1
        assert refuse(packed).path == "governor"


class TestCycle:
    @given(
        st.dictionaries(
            st.text(max_size=5),
            st.binary(max_size=30).filter(lambda body: body.lstrip()[:1] not in {b"{", b"["}),
            max_size=3,
        )
    )
    @example({"governor": b'"Sorry."', "controller": b"12", "treasurer": b"null"})
    def test_loses_no_byte(self, documents: dict[str, bytes]) -> None:
        kept = json.loads(cycles.pack(documents))
        assert {name: cycles.unpack_text(text) for name, text in kept.items()} == documents

    @pytest.mark.parametrize("body", [b'{"a": [1,  2]}\n', b" [ ] "])
    def test_keeps_json_as_it_was_sent(self, body: bytes) -> None:
        assert body in cycles.pack({"governor": body, "controller": body})

    def test_refuses_more_than_one_document_may_have(self) -> None:
        large = Response(status=200, body=b" " * (12 * 2**20))
        with pytest.raises(FeedError) as caught:
            cycles.fetch_together({"a": "a", "b": "b", "c": "c"}, lambda url: large)
        assert caught.value.code == "too-large"


class TestParse:
    def test_says_when_and_not_which_election(self) -> None:
        report = ca_sos.parse(AFTER)
        assert report.counted_at == datetime(2022, 11, 23, 0, 48, tzinfo=UTC)
        assert (report.election_date, report.election_key) == (None, "")

    def test_reads_the_votes(self) -> None:
        report = ca_sos.parse(AFTER)
        assert get_votes(report) == {"Gavin Newsom": 6317310, "Brian Dahle": 4320169}
        assert get_votes(report, "Proposition 1") == {"Yes": 6996866, "No": 3449798}

    def test_tells_questions_from_people(self) -> None:
        kinds = {one.title: one.contest_type for one in ca_sos.parse(AFTER).contests}
        assert kinds["Governor"] is ContestType.CANDIDATE
        assert kinds["Proposition 31"] is ContestType.BALLOT_MEASURE
        assert kinds["Supreme Court Justice: Patricia Guerrero"] is ContestType.RETENTION

    def test_numbers_contests_across_documents(self) -> None:
        contests = ca_sos.parse(AFTER).contests
        assert [one.order for one in contests] == list(range(len(contests)))
        assert {one.group for one in contests} == {
            "Statewide",
            "U.S. House of Representatives",
            "State Assembly",
            "Supreme Court Justice",
            "Courts of Appeal",
            "Ballot Measures",
        }

    def test_takes_the_oldest_of_one_publication(self) -> None:
        body = cycles.pack(
            {
                "governor": stamped("November 22, 2022, 4:48 p.m."),
                "controller": stamped(
                    "November 22, 2022, 4:47 p.m.", raceTitle="Controller - Statewide Results"
                ),
            }
        )
        assert ca_sos.parse(body).counted_at == datetime(2022, 11, 23, 0, 47, tzinfo=UTC)

    def test_says_which_documents_of_a_torn_cycle_stay_behind(self) -> None:
        error = refuse((GOLDEN / "torn.json").read_bytes())
        assert (error.code, error.path) == ("torn-cycle", "governor")
        assert error.may_recover
        assert "“governor” is from November 13, 2022, 5:25 p.m." in error.message

    def test_names_the_document_and_the_candidate_at_fault(self) -> None:
        body = (GOLDEN / "renamed-votes.json").read_bytes()
        assert refuse(body).message.startswith("Document “governor”: “Votes” of ")

    @pytest.mark.parametrize("opening", [b"[", b'{"governor":', b'{"governor":{"new":' + b"[" * 5])
    def test_refuses_a_document_nested_100000_deep(self, opening: bytes) -> None:
        assert refuse(opening * 100_000).code in {"too-deep", "schema-drift"}


class TestReadPrecincts:
    @pytest.mark.parametrize(
        ("reporting", "counts"),
        [
            ("100% (25,554 of 25,554) precincts reporting", (25554, 25554)),
            ("95.1% (4,323 of 4,323) precincts reporting", (4323, 4323)),
            ("0% (0 of 568) precincts reporting", (0, 568)),
            ("96.3% (547 of 568) precincts partially reporting", (547, 568)),
            ("101% (569 of 568) precincts reporting", None),
            ("100%", None),
            ("", None),
        ],
    )
    def test_reads_the_two_counts_and_never_the_percentage(
        self, reporting: str, counts: tuple[int, int] | None
    ) -> None:
        assert read_precincts(reporting) == counts


class TestProposals:
    def test_write_parties_in_full(self) -> None:
        parties = ["Dem", "Rep", "NPP", "Non", "Grn", "", "New"]
        assert [ca_sos.propose_party(party) for party in parties] == [
            "Democratic",
            "Republican",
            "No Party Preference",
            "",
            "Green",
            "",
            "New",
        ]

    def test_leave_names_as_sent(self) -> None:
        assert ca_sos.propose_selection_name("Gail Pellerin") == "Gail Pellerin"
        assert ca_sos.propose_contest_name("State Senate District 4") == "State Senate District 4"


# --- only FeedError leaves parse ---

ANYTHING = any_json("1,234", "1 2", "0", "\0", "November 31, 2022, 4:48 p.m.", 10**400)
check = partial(read_or_refuse, ca_sos.parse)


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(AFTER, data))

    @given(st.integers(0, len(AFTER)), st.integers(0, len(AFTER)))
    def test_when_a_part_is_deleted(self, start: int, end: int) -> None:
        check(AFTER[:start] + AFTER[end:])

    @given(st.sampled_from(list_paths(AFTER)), ANYTHING)
    def test_when_a_value_is_of_another_kind(self, path: tuple[Any, ...], value: Any) -> None:
        check(swap(AFTER, path, value))

    @given(st.text(alphabet="0123456789, .-+_eE\u0664", max_size=25))
    def test_when_votes_are_any_number(self, votes: str) -> None:
        body = swap(AFTER, ("governor", "candidates", 0, "Votes"), votes)
        check(body)
        if re.fullmatch(r"0|[1-9]\d{0,2}(,\d{3}){0,2}", votes, re.ASCII):
            assert get_votes(ca_sos.parse(body))["Gavin Newsom"] == int(votes.replace(",", ""))

    @given(st.dictionaries(st.text(max_size=5), st.binary(max_size=200), max_size=3))
    def test_when_the_documents_are_any_bytes(self, documents: dict[str, bytes]) -> None:
        check(cycles.pack(documents))

    @given(st.binary(max_size=200))
    def test_when_it_is_any_bytes(self, body: bytes) -> None:
        check(body)


# --- what the guards make of it ---


def judge(report: Report, *, now: datetime, latest_counted_at: datetime | None = None) -> Any:
    return judge_report(
        report,
        now=now,
        polls_close_at=POLLS_CLOSE_AT,
        latest_counted_at=latest_counted_at,
        latest_contest_count=len(report.contests),
        election_date=POLLS_CLOSE_AT.date(),
    )


class TestGuards:
    def test_never_show_a_rehearsal(self) -> None:
        report = ca_sos.parse(REHEARSAL)
        for now in (report.counted_at, datetime(2022, 11, 9, 5, tzinfo=UTC)):
            assert judge(report, now=now).verdict is Verdict.EMBARGOED

    def test_let_the_definitions_in_before_the_polls_close(self) -> None:
        report = ca_sos.parse((GOLDEN / "rehearsal-at-zero.json").read_bytes())
        assert judge(report, now=report.counted_at).verdict is Verdict.ACCEPTED

    def test_hold_the_governor_when_dahle_loses_votes(self) -> None:
        before, after = (get_votes(ca_sos.parse(body)) for body in (BEFORE, AFTER))
        judgement = judge_contest(before, after)
        assert judgement.verdict is ContestVerdict.HELD
        assert [(drop.key, drop.before, drop.after) for drop in judgement.drops] == [
            ("Brian Dahle", 4325269, 4320169)
        ]


# --- the cycles of a real election ---


SHORT_SLUGS = {slug.partition("/")[0]: slug for slug in ca_sos.SLUGS}
REHEARSALS = ("pre-election-test-100pct", "pre-election-stray-votes")
TORN = ("torn-cycle", "20221114T162913-0800")

CORRECTIONS = [
    ("20221122T090800-0800", "Superintendent of Public Instruction", "Tony K. Thurmond", 2627),
    ("20221122T090800-0800", "Governor", "Gavin Newsom", 336),
    ("20221122T164917-0800", "Governor", "Brian Dahle", 5100),
    (
        "20221202T120600-0800",
        "Superintendent of Public Instruction",
        "Lance Ray Christensen",
        4844,
    ),
    (
        "20221118T115000-0800",
        "Superintendent of Public Instruction",
        "Lance Ray Christensen",
        2483,
    ),
    ("20221118T115000-0800", "Superintendent of Public Instruction", "Tony K. Thurmond", 1441),
    ("20221118T115000-0800", "Proposition 29", "No", 1650),
    ("20221118T115000-0800", "Proposition 28", "No", 1161),
    ("20221118T115000-0800", "Proposition 31", "Yes", 209),
    ("20221118T115000-0800", "Proposition 31", "No", 10),
    ("20221118T115000-0800", "Supreme Court Justice: Martin J. Jenkins", "No", 4),
]
"""A cycle, and the correction that was published after it: who lost how many votes."""


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    """The sampled cycles by their folder, packed as ``retrieve`` does."""
    folders = sorted(path for path in CYCLES.glob("*") if path.is_dir())
    if not folders:
        pytest.skip(f"There are no recorded cycles in {CYCLES}. Set NEWSROOM_SAMPLE_DATA.")
    return {
        folder.name: cycles.pack(
            {SHORT_SLUGS[path.stem]: path.read_bytes() for path in sorted(folder.glob("*.json"))}
        )
        for folder in folders
    }


@pytest.fixture(scope="module")
def reports(bodies: dict[str, bytes]) -> dict[str, Report]:
    """The cycles after the election that are whole, in the order in which they were seen."""
    return {
        folder: ca_sos.parse(body)
        for folder, body in bodies.items()
        if folder.startswith("2022") and folder not in TORN
    }


class TestRealCycles:
    def test_are_all_read_but_the_torn_one(self, reports: dict[str, Report]) -> None:
        assert len(reports) == 14
        assert {len(report.contests) for report in reports.values()} == {219}

    def test_never_go_back(self, reports: dict[str, Report]) -> None:
        times = [report.counted_at for report in reports.values()]
        assert all(earlier <= later for earlier, later in pairwise(times))

    def test_have_a_torn_one_that_is_refused(self, bodies: dict[str, bytes]) -> None:
        assert {refuse(bodies[folder]).code for folder in TORN} == {"torn-cycle"}

    def test_heal_when_the_late_documents_are_asked_for_again(
        self, bodies: dict[str, bytes]
    ) -> None:
        torn = {slug: json.dumps(one).encode() for slug, one in json.loads(bodies[TORN[0]]).items()}
        late = {slug for slug, body in torn.items() if b"November 13" in body}
        server = Server(
            {
                slug: [body, body.replace(b"13, 2022, 5:25", b"14, 2022, 4:15")]
                for slug, body in torn.items()
            }
        )
        healed = ca_sos.retrieve(f"{ADDRESS}#{','.join(torn)}", server.get)
        assert len(late) == 4
        assert len(server.asked) == 17 + 4
        assert len(ca_sos.parse(healed.body).contests) == 219

    @pytest.mark.parametrize("folder", REHEARSALS)
    def test_show_no_test_vote_before_the_polls_close(
        self, bodies: dict[str, bytes], folder: str
    ) -> None:
        report = ca_sos.parse(bodies[folder])
        assert sum(one.votes for contest in report.contests for one in contest.selections) > 500
        for now in (report.counted_at, datetime(2022, 11, 9, 16, tzinfo=UTC)):
            assert judge(report, now=now).verdict is Verdict.EMBARGOED

    def test_are_older_than_an_election_that_starts_now(self, reports: dict[str, Report]) -> None:
        """A source that is set up too early for the next election still sends the old one."""
        report = reports["20221206T184000-0800"]
        judgement = judge_report(
            report,
            now=datetime(2026, 11, 4, 5, tzinfo=UTC),
            polls_close_at=datetime(2026, 11, 4, 4, tzinfo=UTC),
            latest_counted_at=None,
            latest_contest_count=None,
            election_date=None,
        )
        assert judgement.reasons[0] is Reason.BEFORE_POLLS_CLOSE

    def test_have_one_correction_between_two_of_them(self, reports: dict[str, Report]) -> None:
        held = {
            (later, contest.title): judgement.drops
            for earlier, later in pairwise(reports)
            for contest in reports[later].contests
            if (
                judgement := judge_contest(
                    get_votes(reports[earlier], contest.title),
                    get_votes(reports[later], contest.title),
                )
            ).verdict
            is ContestVerdict.HELD
        }
        assert list(held) == [("20221122T170211-0800", "Governor")]
        assert held["20221122T170211-0800", "Governor"][0].after == 4320169

    @pytest.mark.parametrize(("folder", "title", "name", "lost"), CORRECTIONS)
    def test_hold_every_correction_that_was_published(
        self, bodies: dict[str, bytes], folder: str, title: str, name: str, lost: int
    ) -> None:
        """Most were published between samples: there the loss is taken off the sample before."""
        before = get_votes(ca_sos.parse(bodies[folder]), title)
        after = get_votes(ca_sos.parse(take_off(bodies[folder], before[name], lost)), title)
        judgement = judge_contest(before, after)
        assert judgement.verdict is ContestVerdict.HELD
        assert [(one.key, one.before - one.after) for one in judgement.drops] == [(name, lost)]


def take_off(body: bytes, votes: int, lost: int) -> bytes:
    """The same cycle, where the selection with so many votes has fewer."""
    for spelling in ("{:,}", "{}"):
        old, new = (f'"{spelling.format(one)}"'.encode() for one in (votes, votes - lost))
        if old in body:
            assert body.count(old) == 1
            return body.replace(old, new)
    raise AssertionError(f"nobody has {votes} votes")
