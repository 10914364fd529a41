"""How a sheet is read, and what is wrong with each of its rows."""

from datetime import UTC, datetime

import pytest

from elections.feeds import csv_feed
from elections.feeds.readings import MOST_PROBLEMS, Reading, guess_roles, read
from elections.feeds.tables import read_table

AT = datetime(2024, 11, 6, 5, 30, tzinfo=UTC)
ROLES = {"race": 0, "candidate": 1, "votes": 2}


def read_text(*lines: str, roles: dict[str, int] = ROLES) -> Reading:
    table = read_table("\n".join(("race,candidate,votes,county", *lines)).encode())
    return read(table, roles, counted_at=AT, remarks={"sent_by": "dana"})


class TestGuessRoles:
    @pytest.mark.parametrize(
        ("head", "roles"),
        [
            (
                ["county", "precinct", "office", "district", "party", "candidate", "votes"],
                {
                    "race": 2,
                    "district": 3,
                    "candidate": 5,
                    "party": 4,
                    "votes": 6,
                    "county": 0,
                    "precinct": 1,
                },
            ),
            (["Contest Name", "Choice", "Total_Votes"], {"race": 0, "candidate": 1, "votes": 2}),
            (["Wahl", "Name", ""], {"candidate": 1}),
        ],
    )
    def test_knows_usual_words(self, head: list[str], roles: dict[str, int]) -> None:
        assert guess_roles(head) == roles


class TestRead:
    def test_writes_the_plain_form_that_the_provider_reads(self) -> None:
        reading = read_text('Mayor,Ana,"1,204",LA', "Mayor,Bo,7,LA")
        assert reading.body.decode().splitlines() == [
            "# counted_at: 2024-11-06T05:30:00+00:00",
            "# sent_by: dana",
            "race,candidate,votes",
            'Mayor,Ana,"1,204"',
            "Mayor,Bo,7",
        ]
        assert reading.problems == ()
        assert csv_feed.parse(reading.body) == reading.report
        assert reading.report is not None
        assert [one.votes for one in reading.report.contests[0].selections] == [1204, 7]

    def test_names_every_wrong_row_by_its_own_line(self) -> None:
        reading = read_text(
            "Mayor,Ana,-5,",
            "",
            "Mayor,Bo,1.5,",
            "Mayor,=HYPERLINK(1),5,",
            "Mayor,Cy,5,",
            "Mayor,Cy,6,",
            ",Di,5,",
            "Mayor,Ed,,",
            "Mayor,Flo,1,204,",
        )
        assert [(problem.line, problem.what[:34]) for problem in reading.problems] == [
            (2, "“-5” is not a whole number of vote"),
            (4, "“1.5” is not a whole number of vot"),
            (5, "“=HYPERLINK(1)” would be a formula"),
            (7, "The same row was there before; one"),
            (8, "The race is missing."),
            (9, "The votes are missing. Write 0 whe"),
            (10, "There are 5 cells below 4 names. P"),
        ]
        assert reading.problems[0].row == "Mayor | Ana | -5 | "

    def test_ends_after_so_many_problems(self) -> None:
        reading = read_text(*(f"Mayor,Candidate {number},x," for number in range(100)))
        assert len(reading.problems) == MOST_PROBLEMS
        assert reading.has_more
        assert reading.report is None

    def test_leaves_totals_out(self) -> None:
        reading = read_text("Mayor,Ana,5,", "Mayor,Total,5,")
        assert reading.report is not None
        assert [one.name for one in reading.report.contests[0].selections] == ["Ana"]
