"""Reading Clarity's detail.xml, against a pass over its elements that keeps nothing.

The floor is lxml's ``iterparse`` which clears each element it has seen: the usual way to read a
file that is larger than the memory. Measured on a county's file of 17,000 rows, and once on one
made of it by repetition, 60 MB of it, whose memory is what the process grows by.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from lxml import etree

from elections.feeds import clarity
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns

CONTESTS = 25
CANDIDATES = 3
KINDS = ("Election Day Votes", "Advance Voting Votes", "Absentee by Mail Votes", "Provisional")
PRECINCTS = 57
SIZE = 60 * 10**6


def make_clarity_document() -> bytes:
    """A county of 57 precincts with 25 contests."""
    head = (
        "<?xml version='1.0'?>\n<ElectionResult>\n<Timestamp>11/3/2020 10:05:00 PM EST</Timestamp>"
        "<ElectionName>General</ElectionName><ElectionDate>11/3/2020</ElectionDate>"
    )
    contests = "".join(_contest(number) for number in range(CONTESTS))
    return f"{head}{contests}</ElectionResult>".encode()


def _contest(number: int) -> str:
    choices = "".join(
        f'        <Choice key="{key}" text="Candidate {key} (Rep)" party="NP" '
        f'totalVotes="{4 * PRECINCTS * (100 + key)}">\n{_kinds(100 + key)}        </Choice>\n'
        for key in range(1, CANDIDATES + 1)
    )
    return (
        f'    <Contest key="{number}" text="Contest {number}" voteFor="1" isQuestion="false" '
        f'precinctsReporting="{PRECINCTS}">\n{choices}    </Contest>\n'
    )


def _kinds(votes: int) -> str:
    rows = "".join(
        f'                <Precinct name="{n:03} SCHOOL {n}" votes="{votes}" />\n'
        for n in range(PRECINCTS)
    )
    return "".join(
        f'            <VoteType name="{kind}" votes="{votes * PRECINCTS}">\n{rows}'
        "            </VoteType>\n"
        for kind in KINDS
    )


def pass_over(body: bytes) -> None:
    """The floor: every element is seen, and let go."""
    for _event, element in etree.iterparse(BytesIO(body), resolve_entities=False):
        element.clear()


def write_large_document(path: Path) -> None:
    """Write the same contests again and again under new keys."""
    once = make_clarity_document()
    start, end = once.index(b"    <Contest"), once.index(b"</ElectionResult>")
    with path.open("wb") as file:
        file.write(once[:start])
        turn = 0
        while file.tell() < SIZE:
            file.write(once[start:end].replace(b'<Contest key="', b'<Contest key="%d-' % turn))
            turn += 1
        file.write(once[end:])


READ_IN_A_FRESH_PROCESS = """
import resource, sys
from pathlib import Path
from elections.feeds import clarity

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

body = Path(sys.argv[1]).read_bytes()
before = peak()
assert before > len(body) / 2**20
report = clarity.parse(body)
assert len(report.contests) > 1000
if sys.argv[2] == "places":
    wanted = {contest.key for contest in report.contests[:10]}
    places = sum(len(details.units) for details in clarity.read_details(body, wanted))
    assert places == 570
print(peak() - before)
"""


def growth_of_reading(what: str = "totals") -> float:
    """Return by how many megabytes a process grows that reads a document it has in memory.

    ``what`` is "places" to read ten contests by precinct too, once the totals have been read.
    """
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        path = Path(folder, "detail.xml")
        write_large_document(path)
        command = [sys.executable, "-c", READ_IN_A_FRESH_PROCESS, str(path), what]
        root = Path(__file__).parents[2]
        found = subprocess.run(command, capture_output=True, check=True, text=True, cwd=root)
        return float(found.stdout)


def measure(rounds: int = 30) -> list[Figure]:
    """Time both in turns, in processor time, and compare their medians."""
    body = make_clarity_document()
    report = clarity.parse(body)
    assert len(report.contests) == CONTESTS
    assert all(len(contest.selections) == CANDIDATES for contest in report.contests)
    assert not any(contest.note for contest in report.contests)
    stopwatch = take_turns(
        {"ours": lambda: clarity.parse(body), "floor": lambda: pass_over(body)}, rounds=rounds
    )
    wanted = {contest.key for contest in report.contests}
    details = take_turns(
        {
            "ours": lambda: sum(len(one.units) for one in clarity.read_details(body, wanted)),
            "floor": lambda: pass_over(body),
        },
        rounds=rounds,
    )
    return [
        Figure(
            f"read all {CONTESTS} contests of it by precinct",
            ours=details.median("ours"),
            floor=details.median("floor"),
        ),
        Figure(
            "read 10 contests of 60 MB by precinct: memory",
            ours=growth_of_reading("places"),
            unit="MB",
            goal=5,
        ),
        Figure(
            f"parse a Clarity file of {len(body) / 1e6:.2g} MB",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal_ratio=1.5,
        ),
        Figure("parse 60 MB of Clarity: memory", ours=growth_of_reading(), unit="MB", goal=5),
    ]
