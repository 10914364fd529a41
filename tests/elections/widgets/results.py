"""Results as the view model gives them, for tests of what readers get."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from fractions import Fraction

from elections.counting.calls import RaceState
from elections.widgets.result import Result, Row


def make_row(selection_id: int, name: str, votes: int, total: int, **changes: object) -> Row:
    row = Row(
        selection_id=selection_id,
        name=name,
        party="",
        is_incumbent=False,
        votes=votes,
        share=Fraction(votes, total) if total else None,
        rank=1,
        mark="",
        is_ahead=False,
        has_colour=False,
    )
    return dataclasses.replace(row, **changes)


def make_result(schmerelson: int = 89_674, chang: int = 83_256, **changes: object) -> Result:
    """The race for school board District 3 after the night of 5 November 2024."""
    total = schmerelson + chang
    rows = [
        make_row(
            31, "Scott Schmerelson", schmerelson, total,
            is_incumbent=True, is_ahead=schmerelson > chang,
        ),
        make_row(32, "Dan Chang", chang, total, is_ahead=chang > schmerelson),
    ]  # fmt: skip
    ahead, behind = sorted(rows, key=lambda row: -row.votes)
    result = Result(
        contest_id=12,
        version=7,
        title="L.A. Unified school board, District 3",
        election_name="General election",
        time_zone="America/Los_Angeles",
        is_test=False,
        kind="candidate",
        state=RaceState.LEADING,
        is_final=False,
        rows=(ahead, behind),
        total_votes=total,
        sentence=f"{ahead.name} leads by {ahead.votes - behind.votes:,} votes.",
        seat_line="",
        threshold_line="",
        threshold_percents=(),
        counted_at=datetime(2024, 11, 6, 11, 46, 7, tzinfo=UTC),
        source_name="LA County Registrar",
        source_url="https://results.example.com/",
        ballots_left=None,
        url="/races/district-3/",
    )
    return dataclasses.replace(result, **changes)
