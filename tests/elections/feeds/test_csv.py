from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.results import BallotsLeft, ContestType, Report
from elections.feeds import csv_feed
from elections.feeds.contract import FeedError
from tests.elections.feeds.mutations import change_bytes, read_or_refuse
from tests.elections.feeds.retrieval import ask
from tests.elections.feeds.samples import SAMPLES

STATE = SAMPLES / "openelections_csv" / "20201103__ca__general__county.csv"

GOLDEN = Path(__file__).parent / "golden" / "csv"
PLAIN = (GOLDEN / "plain.csv").read_bytes()
OPENELECTIONS = (GOLDEN / "openelections.csv").read_bytes()

TIME = "# counted_at: 2024-11-06T03:46-08:00\n"
HEAD = "race,candidate,votes\n"
DISTRICT_3 = "LAUSD Board, District 3"


def get_votes(report: Report, title: str = DISTRICT_3) -> dict[str, int]:
    contest = next(one for one in report.contests if one.title == title)
    return {one.name: one.votes for one in contest.selections}


def refuse(text: str) -> FeedError:
    with pytest.raises(FeedError) as caught:
        csv_feed.parse(text.encode())
    return caught.value


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        assert ask(csv_feed.retrieve, "https://example.org/counts.csv", PLAIN) == (
            PLAIN,
            ["https://example.org/counts.csv"],
        )


class TestParse:
    def test_reads_what_a_clerk_typed(self) -> None:
        report = csv_feed.parse(PLAIN)
        assert report.counted_at == datetime(2024, 11, 6, 11, 46, tzinfo=UTC)
        assert get_votes(report) == {"Scott Schmerelson": 89674, "Dan Chang": 83256}

    def test_adds_up_counties(self) -> None:
        votes = get_votes(csv_feed.parse(OPENELECTIONS), "President")
        assert votes["Joseph R. Biden"] == 3028885 + 476

    def test_knows_a_question_by_its_answers(self) -> None:
        report = csv_feed.parse((GOLDEN / "measure.csv").read_bytes())
        assert report.contests[0].contest_type is ContestType.BALLOT_MEASURE

    def test_keeps_write_ins_and_leaves_out_totals(self) -> None:
        votes = get_votes(csv_feed.parse((GOLDEN / "totals.csv").read_bytes()))
        assert list(votes) == ["Scott Schmerelson", "Dan Chang", "Write-ins"]

    @pytest.mark.parametrize(
        "totals", ["Total", "TOTAL VOTES:", "Over Votes", "under_votes", "Undervotes", "Blank"]
    )
    def test_knows_totals_however_they_are_written(self, totals: str) -> None:
        report = csv_feed.parse(f"{TIME}{HEAD}Mayor,A,1\nMayor,{totals},99\n".encode())
        assert get_votes(report, "Mayor") == {"A": 1}

    def test_says_what_to_add_when_there_is_no_time(self) -> None:
        error = refuse(f"{HEAD}Mayor,A,1\n")
        assert error.code == "no-time"
        assert "“# counted_at: 2024-11-06T03:46-08:00”" in error.message
        assert "column “counted_at”" in error.message

    def test_takes_the_newest_of_many_times(self) -> None:
        report = csv_feed.parse((GOLDEN / "time-column.csv").read_bytes())
        assert report.counted_at == datetime(2024, 11, 6, 12, 46, tzinfo=UTC)

    def test_names_the_line_at_fault(self) -> None:
        error = refuse(f"{TIME}\n# City of Example\n{HEAD}\nMayor,A,1\nMayor,B,1.5\n")
        assert (error.code, error.path) == ("bad-value", "line 7")
        assert error.message.startswith("Line 7: “1.5” is not a whole number of votes.")

    def test_names_the_last_line_of_a_row_with_line_breaks(self) -> None:
        assert refuse(f'{TIME}{HEAD}Mayor,"A\nB\nC",x\n').path == "line 5"

    def test_names_the_columns_that_it_found_and_needs(self) -> None:
        message = refuse(f"{TIME}race;name;votes\n").message
        assert "no column “candidate”" in message
        assert "“race;name;votes”" in message

    def test_refuses_a_cell_beyond_the_limit_of_the_module(self) -> None:
        assert refuse(f'{TIME}{HEAD}Mayor,"{"x" * 140_000}",1\n').code == "not-csv"


NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=8).filter(
    lambda name: name.casefold() not in {"total", "totals", "blank", "overvote", "undervote"}
)
ROWS = st.lists(
    st.tuples(NAMES, NAMES, st.integers(0, 10**9)),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[:2],
)


def check(body: bytes) -> None:
    report = read_or_refuse(csv_feed.parse, body)
    for contest in report.contests if report else ():
        assert not any(one.name[0] in "=+@" for one in contest.selections)


class TestAnySheet:
    @given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n", "\r"]))
    def test_is_read_as_it_was_written(
        self, rows: list[tuple[str, str, int]], delimiter: str, end: str
    ) -> None:
        written = io.StringIO(newline="")
        writer = csv.writer(written, delimiter=delimiter, lineterminator=end)
        writer.writerow(["race", "candidate", "votes"])
        writer.writerows((race, name, f"{votes:,}") for race, name, votes in rows)
        report = csv_feed.parse((TIME + written.getvalue()).encode())
        read = {(c.title, one.name): one.votes for c in report.contests for one in c.selections}
        assert read == {(race, name): votes for race, name, votes in rows}

    @given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
    def test_adds_up_all_precincts(self, votes: list[int]) -> None:
        rows = "".join(f"{n},Mayor,A,{number}\n" for n, number in enumerate(votes))
        report = csv_feed.parse(f"{TIME}precinct,office,candidate,votes\n{rows}".encode())
        assert get_votes(report, "Mayor") == {"A": sum(votes)}


class TestOnlyFeedErrorLeaves:
    @given(st.sampled_from([PLAIN, OPENELECTIONS]), st.data())
    def test_when_bytes_are_changed(self, sent: bytes, data: st.DataObject) -> None:
        check(change_bytes(sent, data))

    @given(st.integers(0, len(PLAIN)), st.integers(0, len(PLAIN)))
    def test_when_a_part_is_deleted(self, start: int, end: int) -> None:
        check(PLAIN[:start] + PLAIN[end:])

    @given(st.text(alphabet='Mayor,;\t"\n\r =+-@#123\u0664\u2028', max_size=60))
    def test_when_the_rows_are_any_text(self, rows: str) -> None:
        check((TIME + HEAD + rows).encode())

    @given(st.text(max_size=30))
    def test_when_the_time_is_any_text(self, time: str) -> None:
        check(f"# counted_at: {time}\n{HEAD}Mayor,A,1\n".encode(errors="replace"))

    @given(st.binary(max_size=200))
    def test_when_it_is_any_bytes(self, body: bytes) -> None:
        check(body)


class TestRealState:
    @pytest.fixture
    def sent(self) -> str:
        if not STATE.exists():
            pytest.skip(f"There is no sheet {STATE}. Set NEWSROOM_SAMPLE_DATA.")
        return STATE.read_text(encoding="utf-8")

    def test_has_the_known_figures(self, sent: str) -> None:
        report = csv_feed.parse(f"# counted_at: 2020-12-11T12:00-08:00\n{sent}".encode())
        votes = get_votes(report, "President")
        assert (votes["Joseph R. Biden"], votes["Donald J. Trump"]) == (11110250, 6006429)
        assert len(report.contests) == 154
        assert Counter(one.contest_type for one in report.contests) == {ContestType.CANDIDATE: 154}

    def test_adds_up_to_what_all_rows_have(self, sent: str) -> None:
        report = csv_feed.parse(f"# counted_at: 2020-12-11T12:00-08:00\n{sent}".encode())
        rows = csv.DictReader(io.StringIO(sent))
        counted = sum(one.votes for contest in report.contests for one in contest.selections)
        assert counted == sum(int(row["votes"]) for row in rows)


class TestBallotsLeft:
    def test_are_read_from_the_first_lines(self) -> None:
        lines = "# ballots_left: 780,000\n# ballots_left_as_of: 2024-11-06T03:00-08:00\n"
        lines += "# next_update_at: 2024-11-06T16:00-08:00\n"
        left = csv_feed.parse(f"{TIME}{lines}{HEAD}Mayor,Ada,1\n".encode()).ballots_left
        assert left == BallotsLeft(
            780_000,
            as_of=datetime(2024, 11, 6, 11, tzinfo=UTC),
            next_update_at=datetime(2024, 11, 7, 0, tzinfo=UTC),
        )

    def test_are_as_old_as_the_count_where_nothing_else_is_said(self) -> None:
        report = csv_feed.parse(f"{TIME}# ballots_left: 0\n{HEAD}Mayor,Ada,1\n".encode())
        assert report.ballots_left == BallotsLeft(0, as_of=report.counted_at)

    def test_are_unknown_without_a_line(self) -> None:
        assert csv_feed.parse(PLAIN).ballots_left is None

    @pytest.mark.parametrize("words", ["", "many", "-5", "=1+1", "1.5", "2000000000"])
    def test_are_refused_where_they_are_no_number(self, words: str) -> None:
        error = refuse(f"{TIME}# ballots_left: {words}\n{HEAD}Mayor,Ada,1\n")
        assert (error.code, error.path) == ("bad-value", "line 2")
        assert "Leave the line out where nobody knows." in error.message


class TestRounds:
    def test_make_a_race_one_of_ranked_choice(self) -> None:
        rows = "Mayor,Ada,60,1\nMayor,Bo,40,1\nMayor,Ada,61,2\nClerk,Cy,9,\n"
        report = csv_feed.parse(f"{TIME}race,candidate,votes,round\n{rows}".encode())
        assert {one.title: one.has_rounds for one in report.contests} == {
            "Mayor": True,
            "Clerk": None,
        }
