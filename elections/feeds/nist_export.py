"""A count as NIST SP 1500-100, version 2, for whoever reads the standard.

The document says what a report says and no more: who won is a call, and not part of it. What the
standard has no place for stands where it does no harm: a heading as an identifier of another
type, the exact threshold as the label of its words. ``nist_erd`` reads all of it back; only the
party that some sources give a question's yes and no is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.feeds.nist_terms import (
    GROUP,
    RECALL,
    SOURCE_KEY,
    TYPE,
    describe_threshold,
    label_threshold,
)

Object = dict[str, Any]

_SCOPE = "unit-1"
_TYPES = {
    ContestType.CANDIDATE: "CandidateContest",
    ContestType.BALLOT_MEASURE: "BallotMeasureContest",
    ContestType.RETENTION: "RetentionContest",
    ContestType.RECALL: "BallotMeasureContest",
}


class ResultsStatus(StrEnum):
    """How far the count is; certified is said by the elections office, never inferred."""

    PRE_ELECTION = "pre-election"
    UNOFFICIAL_PARTIAL = "unofficial-partial"
    UNOFFICIAL_COMPLETE = "unofficial-complete"
    CERTIFIED = "certified"
    CORRECTION = "correction"
    RECOUNT = "recount"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What a document says about itself and a report does not know.

    ``issuer`` is who publishes this document, ``application`` what made it. ``jurisdiction`` is
    where the whole election is held; its type and the election's are the standard's words.
    ``sequence`` numbers the documents of an election, from 1.
    """

    issuer: str
    issuer_abbreviation: str
    application: str
    jurisdiction: str
    jurisdiction_type: str = "other"
    election_type: str = "other"
    status: ResultsStatus = ResultsStatus.UNOFFICIAL_PARTIAL
    sequence: int = 1
    is_test: bool = False
    language: str = "en"


def export_report(report: Report, issue: Issue) -> bytes:
    """Return the document: the same bytes for the same count.

    ``GeneratedDate`` is when the source counted, not the time of this call.

    :raises ValueError: the report has no election day, which the standard demands.
    """
    if report.election_date is None:
        raise ValueError("A report without an election day cannot be exported.")
    parties = _number_parties(report.contests)
    document = _make(
        "ElectionReport",
        Format="summary-contest",
        GeneratedDate=report.counted_at.isoformat(),
        IsTest=issue.is_test,
        Issuer=issue.issuer,
        IssuerAbbreviation=issue.issuer_abbreviation,
        SequenceStart=issue.sequence,
        SequenceEnd=issue.sequence,
        Status=issue.status.value,
        VendorApplicationId=issue.application,
        GpUnit=[
            _make(
                "ReportingUnit",
                **{"@id": _SCOPE},
                Name=issue.jurisdiction,
                Type=issue.jurisdiction_type,
            )
        ],
        Party=[
            _make("Party", **{"@id": number}, Name=_text(name, issue.language))
            for name, number in parties.items()
        ],
        Election=[_make_election(report, issue, parties)],
    )
    return msgspec.json.encode(document)


def _make_election(report: Report, issue: Issue, parties: dict[str, str]) -> Object:
    day = str(report.election_date)
    election = _make(
        "Election",
        ElectionScopeId=_SCOPE,
        Name=_text(report.election_title, issue.language),
        StartDate=day,
        EndDate=day,
        Type=issue.election_type,
        Candidate=[],
        Contest=[],
    )
    if report.election_key:
        election["ExternalIdentifier"] = [_identifier(SOURCE_KEY, report.election_key)]
    for number, contest in enumerate(report.contests, start=1):
        writer = _ContestWriter(contest, f"contest-{number}", issue.language, parties)
        election["Contest"].append(writer.make())
        election["Candidate"] += writer.candidates
    return election


class _ContestWriter:
    def __init__(
        self, contest: ContestCount, at_id: str, language: str, parties: dict[str, str]
    ) -> None:
        self.contest = contest
        self.at_id = at_id
        self.language = language
        self.parties = parties
        self.candidates: list[Object] = []

    def make(self) -> Object:
        contest = self.contest
        made = _make(
            _TYPES[contest.contest_type],
            **{"@id": self.at_id},
            Name=contest.title,
            ElectoralDistrictId=_SCOPE,
            SequenceOrder=contest.order,
        )
        identifiers = [_identifier(SOURCE_KEY, contest.key)] if contest.key != contest.title else []
        if contest.group:
            identifiers.append(_identifier(GROUP, contest.group))
        if identifiers:
            made["ExternalIdentifier"] = identifiers
        if contest.note:
            made["BallotSubTitle"] = _text(contest.note, self.language)
        if contest.contest_type is ContestType.CANDIDATE:
            made["VotesAllowed"] = contest.votes_allowed
        else:
            made |= self._describe_question()
        made["BallotSelection"] = [
            self._make_selection(selection, place)
            for place, selection in enumerate(contest.selections, start=1)
        ]
        return made

    def _describe_question(self) -> Object:
        contest = self.contest
        described: Object = {}
        if contest.contest_type is ContestType.RECALL:
            described |= {"Type": "other", "OtherType": RECALL}
        if contest.question:
            described["SummaryText"] = _text(contest.question, self.language)
        if contest.threshold is not None:
            words = contest.threshold_text or describe_threshold(contest.threshold)
            described["PassageThreshold"] = _text(
                words, self.language, label=label_threshold(contest.threshold)
            )
        elif contest.threshold_text:
            described["PassageThreshold"] = _text(contest.threshold_text, self.language)
        return described

    def _make_selection(self, selection: SelectionCount, place: int) -> Object:
        key = selection.key if selection.key != selection.name else ""
        at_id = f"{self.at_id}-selection-{place}"
        counted = {
            "@id": at_id,
            "SequenceOrder": place,
            "VoteCounts": [
                _make("VoteCounts", GpUnitId=_SCOPE, Type="total", Count=selection.votes)
            ],
        }
        if self.contest.contest_type is not ContestType.CANDIDATE:
            name = _text(selection.name, self.language, label=key)
            return _make("BallotMeasureSelection", Selection=name, **counted)
        candidate = _make(
            "Candidate",
            **{"@id": f"{self.at_id}-candidate-{place}"},
            BallotName=_text(selection.name, self.language),
        )
        if key:
            candidate["ExternalIdentifier"] = [_identifier(SOURCE_KEY, key)]
        if selection.party:
            candidate["PartyId"] = self.parties[selection.party]
        self.candidates.append(candidate)
        return _make("CandidateSelection", CandidateIds=[candidate["@id"]], **counted)


def _number_parties(contests: Sequence[ContestCount]) -> dict[str, str]:
    names = {
        selection.party: None
        for contest in contests
        if contest.contest_type is ContestType.CANDIDATE
        for selection in contest.selections
        if selection.party
    }
    return {name: f"party-{number}" for number, name in enumerate(names, start=1)}


def _make(kind: str, **fields: Any) -> Object:
    return {"@type": TYPE + kind, **fields}


def _text(content: str, language: str, *, label: str = "") -> Object:
    text = _make(
        "InternationalizedText",
        Text=[_make("LanguageString", Language=language, Content=content)],
    )
    return {**text, "Label": label} if label else text


def _identifier(kind: str, value: str) -> Object:
    return _make("ExternalIdentifier", Type="other", OtherType=kind, Value=value)
