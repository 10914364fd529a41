"""Reading Orange County's XML, against a pass over its elements that keeps nothing."""

from __future__ import annotations

from elections.feeds import oc_enr
from tests.benchmarks.bench_parse_clarity import pass_over
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


def measure(rounds: int = 100) -> list[Figure]:
    body = make_document()
    assert len(oc_enr.parse(body).contests) == RACES
    return [compare("parse Orange County's file", body, oc_enr.parse, pass_over, rounds=rounds)]
