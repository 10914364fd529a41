"""Reading Orange County's XML, against lxml's ``iterparse`` over its rows.

The floor takes the text of a row's cells, turns four of them into numbers, lets the row go, and
checks nothing.
"""

from __future__ import annotations

from io import BytesIO

from lxml import etree

from elections.feeds import oc_enr
from tests.benchmarks.figures import Figure
from tests.benchmarks.reading import compare

RACES = 200
PEOPLE = 3


def make_document() -> bytes:
    rows = "".join(
        f"  <Table>\n    <RaceName>Example School District, Seat {race}</RaceName>\n"
        f"    <ContestantName>CANDIDATE {n}</ContestantName>\n"
        f"    <TotalVotes>{1000 * n + race}</TotalVotes>\n    <TimesCounted>9000</TimesCounted>\n"
        "    <OverVotes>3</OverVotes>\n    <UnderVotes>400</UnderVotes>\n"
        "    <Precincts>40</Precincts>\n    <Percent>33.3</Percent>\n  </Table>\n"
        for race in range(RACES)
        for n in range(PEOPLE)
    )
    head = "<NewDataSet>\n  <GeneratedDate>11/5/2030 8:05:00 PM</GeneratedDate>\n"
    return f"{head}{rows}</NewDataSet>".encode()


def read_plainly(body: bytes) -> list[tuple[str, str, int, int, int, int]]:
    """The floor: race, name, votes, and the ballots of the race, row by row."""
    rows = []
    for _event, row in etree.iterparse(BytesIO(body), tag="Table", resolve_entities=False):
        said = {cell.tag: cell.text for cell in row}
        rows.append(
            (
                said["RaceName"],
                said["ContestantName"],
                int(said["TotalVotes"]),
                int(said["TimesCounted"]),
                int(said["OverVotes"]),
                int(said["UnderVotes"]),
            )
        )
        row.clear()
    return rows


def measure(rounds: int = 100) -> list[Figure]:
    body = make_document()
    report = oc_enr.parse(body)
    assert len(report.contests) == RACES
    assert read_plainly(body) == [
        (race.title, one.name, one.votes, race.ballots_cast, race.overvotes, race.undervotes)
        for race in report.contests
        for one in race.selections
    ]
    name = "parse Orange County's file"
    return [compare(name, body, oc_enr.parse, read_plainly, rounds=rounds)]
