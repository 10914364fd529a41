"""Adding up a county's precincts, against the csv module and a dictionary of sums.

The floor trusts every row; ours also looks at names, places, numbers and rows that come twice.
"""

from __future__ import annotations

import csv
import io
import random
from operator import itemgetter

from elections.feeds import csv_feed
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns

PRECINCTS = 500
OFFICES = 20
CANDIDATES = ("Alexis Garcia", "Jordan Nguyen", "Robin O'Brien", "Write-ins")


def make_sheet() -> bytes:
    """40,000 rows in the columns of OpenElections."""
    chance = random.Random(20201103)
    rows = [
        f"Example,{precinct:06},Office {office},{office},Independent,{candidate},"
        f"{chance.randrange(900)}"
        for precinct in range(PRECINCTS)
        for office in range(OFFICES)
        for candidate in CANDIDATES
    ]
    head = "county,precinct,office,district,party,candidate,votes"
    return "\n".join(["# counted_at: 2020-11-06T12:00-08:00", head, *rows, ""]).encode()


def add_up(body: bytes) -> dict[tuple[str, ...], int]:
    """What a newsroom's own script does."""
    sums: dict[tuple[str, ...], int] = {}
    get_what = itemgetter(2, 3, 4, 5)
    rows = csv.reader(io.StringIO(body.decode(), newline=""))
    next(rows)
    next(rows)
    for row in rows:
        what = get_what(row)
        sums[what] = sums.get(what, 0) + int(row[6])
    return sums


def measure(rounds: int = 30) -> list[Figure]:
    """Time both in turns; the result before is kept, as in ``bench_parse``."""
    body = make_sheet()
    contests = csv_feed.parse(body).contests
    counted = {one.votes for contest in contests for one in contest.selections}
    assert counted == set(add_up(body).values())
    kept: dict[str, object] = {}
    stopwatch = take_turns(
        {
            "ours": lambda: kept.update(ours=csv_feed.parse(body)),
            "floor": lambda: kept.update(floor=add_up(body)),
        },
        rounds=rounds,
    )
    return [
        Figure(
            "parse one sheet of 40,000 rows",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal_ratio=1.5,
        )
    ]
