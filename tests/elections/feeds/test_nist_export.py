from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.results import ContestType, Report
from elections.counting.thresholds import Comparator, Threshold
from elections.feeds import clarity, lac_json, nist_erd
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, KeyedSelection
from elections.feeds.nist_export import Issue, ResultsStatus, export_report
from elections.feeds.nist_terms import describe_threshold
from tests.elections.feeds.nist_rules import FIELDS, REQUIRED, find_faults
from tests.elections.feeds.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
NIGHT = lac_json.parse((GOLDEN / "lac_json" / "election-night.json").read_bytes())
STATE = clarity.parse((GOLDEN / "clarity" / "state-without-turnout.xml").read_bytes())
ISSUE = Issue(
    issuer="The Example",
    issuer_abbreviation="EX",
    application="tests",
    jurisdiction="Los Angeles County",
    jurisdiction_type="county",
    election_type="general",
    sequence=16,
)


def export(report: Report, **changes: Any) -> Any:
    issue = Issue(
        **{**{name: getattr(ISSUE, name) for name in ISSUE.__dataclass_fields__}, **changes}
    )
    return json.loads(export_report(report, issue))


def keyed(report: Report) -> Report:
    """The same report as it comes back: with ids, and no party for a question's answers."""
    return Report(
        report.counted_at,
        tuple(
            KeyedContest(
                title=one.title,
                selections=tuple(
                    KeyedSelection(
                        name=each.name,
                        votes=each.votes,
                        party=each.party if one.contest_type is ContestType.CANDIDATE else "",
                        id=getattr(each, "id", ""),
                    )
                    for each in one.selections
                ),
                contest_type=one.contest_type,
                votes_allowed=one.votes_allowed,
                threshold=one.threshold,
                threshold_text=one.threshold_text,
                question=one.question,
                note=one.note,
                group=one.group,
                order=one.order,
                id=getattr(one, "id", ""),
            )
            for one in report.contests
        ),
        report.election_date,
        report.election_title,
        report.election_key,
    )


class TestExport:
    @pytest.mark.parametrize("report", [NIGHT, STATE], ids=["county", "state"])
    def test_keeps_the_standard(self, report: Report) -> None:
        assert find_faults(export(report)) == []

    @pytest.mark.parametrize("report", [NIGHT, STATE], ids=["county", "state"])
    def test_reads_back_the_same(self, report: Report) -> None:
        assert nist_erd.parse(export_report(report, ISSUE)) == keyed(report)

    def test_says_who_issued_what(self) -> None:
        document = export(NIGHT, status=ResultsStatus.UNOFFICIAL_COMPLETE)
        assert document["Issuer"] == "The Example"
        assert (document["SequenceStart"], document["SequenceEnd"]) == (16, 16)
        assert document["Status"] == "unofficial-complete"
        assert document["GeneratedDate"] == "2024-11-06T04:36:34.570000+00:00"
        assert document["Election"][0]["StartDate"] == "2024-11-05"

    def test_gives_the_same_bytes_for_the_same_count(self) -> None:
        assert export_report(NIGHT, ISSUE) == export_report(NIGHT, ISSUE)

    def test_marks_a_test_that_nobody_then_reads(self) -> None:
        document = export(NIGHT, is_test=True)
        assert document["IsTest"] is True
        with pytest.raises(FeedError) as caught:
            nist_erd.parse(json.dumps(document).encode())
        assert caught.value.code == "test-mode"

    def test_names_each_party_once(self) -> None:
        names = [one["Name"]["Text"][0]["Content"] for one in export(STATE)["Party"]]
        assert names == ["Rep", "Dem", "Lib"]

    def test_says_an_exact_threshold_in_words(self) -> None:
        threshold = Threshold(55, 100, Comparator.AT_LEAST)
        assert describe_threshold(threshold) == "At least 55/100 of the votes cast"

    def test_needs_an_election_day(self) -> None:
        report = Report(counted_at=NIGHT.counted_at, contests=())
        with pytest.raises(ValueError, match="election day"):
            export_report(report, ISSUE)

    def test_keeps_the_standard_for_a_whole_county(self) -> None:
        folder = SAMPLES / "la_county" / "2024-11-05-general" / "results"
        files = [path for path in sorted(folder.glob("*.json")) if path.stat().st_size > 10_000]
        if not files:
            pytest.skip(f"There are no recorded releases in {folder}. Set NEWSROOM_SAMPLE_DATA.")
        report = lac_json.parse(files[-1].read_bytes())
        body = export_report(report, ISSUE)
        assert find_faults(json.loads(body)) == []
        assert nist_erd.parse(body) == keyed(report)


# --- every report comes back ---

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
VOTES = st.integers(0, 10**9)
THRESHOLDS = st.builds(
    lambda over, more, comparator: Threshold(over, over + more, comparator),
    st.integers(1, 1000),
    st.integers(0, 1000),
    st.sampled_from(Comparator),
)


@st.composite
def contests(draw: st.DrawFn, order: int) -> KeyedContest:
    kind = draw(st.sampled_from(ContestType))
    has_people = kind is ContestType.CANDIDATE
    selections = draw(
        st.lists(
            st.builds(
                KeyedSelection,
                name=NAMES,
                votes=VOTES,
                party=WORDS if has_people else st.just(""),
                id=st.just("") | NAMES.map(lambda text: f"id {text}"),
            ),
            unique_by=lambda one: one.key,
            max_size=4,
        )
    )
    return KeyedContest(
        title=draw(NAMES),
        selections=tuple(selections),
        contest_type=kind,
        votes_allowed=draw(st.integers(1, 9)) if has_people else 1,
        threshold=None if has_people else draw(st.none() | THRESHOLDS),
        threshold_text="" if has_people else draw(WORDS),
        question="" if has_people else draw(WORDS),
        note=draw(WORDS),
        group=draw(WORDS),
        order=draw(st.integers(0, 100_000)),
        id=f"contest {order}",
    )


REPORTS = st.integers(0, 4).flatmap(
    lambda count: st.builds(
        Report,
        counted_at=st.datetimes(
            datetime(2000, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)
        ),
        contests=st.tuples(*(contests(order) for order in range(count))),
        election_date=st.dates(date(2000, 1, 1)),
        election_title=WORDS,
        election_key=WORDS,
    )
)


class TestRoundTrip:
    @given(REPORTS)
    def test_brings_every_report_back(self, report: Report) -> None:
        body = export_report(report, ISSUE)
        assert nist_erd.parse(body) == report
        assert find_faults(json.loads(body)) == []


class TestRules:
    """The rules themselves: a validator that never says no proves nothing."""

    @pytest.mark.parametrize(
        ("kind", "field"),
        [(kind, field) for kind, fields in REQUIRED.items() for field in sorted(fields)],
    )
    def test_miss_every_required_field(self, kind: str, field: str) -> None:
        document = export(NIGHT) if kind != "RetentionContest" else export(with_retention())
        node = next(one for one in walk(document) if one["@type"] == f"ElectionResults.{kind}")
        del node[field]
        assert find_faults(document) != []

    @pytest.mark.parametrize("kind", FIELDS)
    def test_refuse_an_unknown_field_and_another_type(self, kind: str) -> None:
        for change in ({"Extra": 1}, {"@type": "ElectionResults.Other"}, {"@type": kind}):
            document = export(NIGHT) if kind != "RetentionContest" else export(with_retention())
            node = next(one for one in walk(document) if one["@type"] == f"ElectionResults.{kind}")
            node |= change
            assert find_faults(document) != []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("GpUnitId", "nowhere"),
            ("CandidateIds", ["nobody"]),
            ("PartyId", "unit-1"),
            ("ElectoralDistrictId", "party-1"),
            ("ElectionScopeId", "nowhere"),
            ("Status", "final"),
            ("Type", "sum"),
            ("Count", "12"),
            ("GeneratedDate", "2024-11-05"),
            ("@id", "unit-1"),
        ],
    )
    def test_refuse_a_wrong_value(self, field: str, value: Any) -> None:
        document = export(NIGHT)
        node = [one for one in walk(document) if field in one][-1]
        node[field] = value
        assert find_faults(document) != []


def with_retention() -> Report:
    answers = (KeyedSelection("YES", 2), KeyedSelection("NO", 1))
    contest = KeyedContest("Judge Doe", answers, ContestType.RETENTION)
    return Report(NIGHT.counted_at, (contest,), NIGHT.election_date)


def walk(node: Any) -> list[dict[str, Any]]:
    found = [node] if isinstance(node, dict) else []
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        found += walk(child)
    return found
