"""Reading the standard form, against a plain typed decode of the same values.

The standard says who somebody is in one place and how many votes there are in another, and a name
is three objects deep: the floor follows these references, and checks nothing.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elections.counting.results import ContestCount
from elections.feeds import lac_json, nist_erd
from elections.feeds.nist_export import Issue, export_report
from tests.benchmarks.county import CONTESTS, make_county_document
from tests.benchmarks.figures import Figure
from tests.benchmarks.reading import compare


def as_sent(field: str) -> str:
    return "@id" if field == "at_id" else "".join(map(str.capitalize, field.split("_")))


class Part(msgspec.Struct, rename=as_sent):
    pass


class LanguageString(Part):
    content: str
    language: str


class Text(Part):
    text: list[LanguageString]
    label: str = ""


class Identifier(Part):
    type: str
    value: str
    other_type: str = ""


class VoteCounts(Part):
    type: str
    count: int | float
    gp_unit_id: str = ""


class Unit(Part):
    at_id: str


class Party(Part):
    at_id: str
    name: Text


class Candidate(Part):
    at_id: str
    ballot_name: Text
    party_id: str = ""
    external_identifier: list[Identifier] = []


class CandidateSelection(Part, tag_field="@type", tag="ElectionResults.CandidateSelection"):
    candidate_ids: list[str]
    vote_counts: list[VoteCounts] = []


class MeasureSelection(Part, tag_field="@type", tag="ElectionResults.BallotMeasureSelection"):
    selection: Text
    vote_counts: list[VoteCounts] = []


class Contest(Part, tag_field="@type"):
    name: str
    electoral_district_id: str = ""
    external_identifier: list[Identifier] = []
    ballot_sub_title: Text | None = None
    sequence_order: int | None = None
    ballot_selection: list[CandidateSelection | MeasureSelection] = []


class CandidateContest(Contest, tag="ElectionResults.CandidateContest"):
    votes_allowed: int = 1


class MeasureContest(Contest, tag="ElectionResults.BallotMeasureContest"):
    type: str = ""
    other_type: str = ""
    summary_text: Text | None = None
    passage_threshold: Text | None = None


class Election(Part):
    name: Text
    start_date: str
    contest: list[CandidateContest | MeasureContest]
    election_scope_id: str = ""
    candidate: list[Candidate] = []


class Report(Part):
    generated_date: str
    status: str
    election: list[Election]
    gp_unit: list[Unit] = []
    party: list[Party] = []
    is_test: bool = False


_decode = msgspec.json.Decoder(Report).decode


def make_document() -> bytes:
    """A whole county of 430 races, as we export it."""
    issue = Issue(issuer="Example", issuer_abbreviation="E", application="b", jurisdiction="County")
    return export_report(lac_json.parse(make_county_document()), issue)


def read_plainly(body: bytes) -> list[tuple[Any, ...]]:
    """The floor: contests with their group and question, and who got how many votes in them."""
    document = _decode(body)
    election = document.election[0]
    parties = {one.at_id: one.name.text[0].content for one in document.party}
    people = {
        one.at_id: (one.ballot_name.text[0].content, parties.get(one.party_id, ""))
        for one in election.candidate
    }
    rows: list[tuple[Any, ...]] = []
    for contest in election.contest:
        question = threshold = ""
        if isinstance(contest, MeasureContest):
            if contest.summary_text:
                question = contest.summary_text.text[0].content
            if contest.passage_threshold:
                threshold = contest.passage_threshold.text[0].content
        votes = [
            (
                *(
                    people[one.candidate_ids[0]]
                    if isinstance(one, CandidateSelection)
                    else (one.selection.text[0].content, "")
                ),
                one.vote_counts[0].count,
            )
            for one in contest.ballot_selection
        ]
        group = contest.external_identifier[0].value
        rows.append((contest.name, group, question, threshold, votes))
    return rows


def as_plain(contest: ContestCount) -> tuple[Any, ...]:
    """What the floor reads of a contest."""
    votes = [(one.name, one.party, one.votes) for one in contest.selections]
    return contest.title, contest.group, contest.question, contest.threshold_text, votes


def measure(rounds: int = 60) -> list[Figure]:
    body = make_document()
    report = nist_erd.parse(body)
    assert len(report.contests) == CONTESTS
    assert read_plainly(body) == [as_plain(contest) for contest in report.contests]
    return [compare("parse the standard form", body, nist_erd.parse, read_plainly, rounds=rounds)]
