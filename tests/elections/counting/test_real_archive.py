"""Sixty documents of one real night and canvass through the guards, as they were seen.

Needs the real sample data: the folder named by NEWSROOM_SAMPLE_DATA, or
``../shared/data`` beside the checkout.
"""

import json
import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from elections.counting.guards import ContestVerdict, Verdict, judge_contest, judge_report
from elections.counting.results import ContestCount, Report, SelectionCount

BASE_DIR = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", BASE_DIR.parent / "shared" / "data"))
RESULTS = SAMPLES / "la_county" / "2024-11-05-general" / "results"
PACIFIC = ZoneInfo("America/Los_Angeles")
DISTRICT_3 = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board of Education, District 3"

pytestmark = pytest.mark.skipif(
    not RESULTS.is_dir(), reason="The real sample data is not beside this checkout."
)


def read(path: Path) -> Report | None:
    """Return the document, or None for an error body. Not the provider: only what guards need."""
    document = json.loads(path.read_bytes())
    if "Election" not in document:
        return None
    found = [c for group in document["Election"]["ContestGroups"] for c in group["Contests"]]
    return Report(
        counted_at=datetime.fromisoformat(document["Timestamp"]).replace(tzinfo=PACIFIC),
        contests=tuple(
            ContestCount(
                contest["Title"],
                tuple(SelectionCount(s["Name"], s["Votes"]) for s in contest["Candidates"]),
            )
            for contest in found
        ),
        election_date=date(2024, 11, 5),
    )


def votes_by_contest(report: Report) -> dict[str, dict[str, int]]:
    return {c.title: {s.name: s.votes for s in c.selections} for c in report.contests}


class TestTheArchiveOfNovember2024:
    def test_shows_readers_no_backward_count(self):
        shown: dict[str, dict[str, int]] = {}
        latest, verdicts, held = None, [], 0
        for path in sorted(RESULTS.iterdir()):
            report = read(path)
            if report is None:
                continue
            seen_at = datetime.strptime(path.stem, "%Y%m%dT%H%M%S%z")
            judgement = judge_report(
                report,
                now=seen_at,
                polls_close_at=datetime(2024, 11, 5, 20, tzinfo=PACIFIC),
                latest_counted_at=latest,
                latest_contest_count=len(shown) or None,
                election_date=date(2024, 11, 5),
            )
            verdicts.append(judgement.verdict)
            if judgement.verdict is not Verdict.ACCEPTED:
                continue
            latest = report.counted_at
            for title, votes in votes_by_contest(report).items():
                verdict = judge_contest(shown.get(title), votes).verdict
                held += verdict is ContestVerdict.HELD
                shown[title] = votes
        assert verdicts.count(Verdict.STALE) == 16
        assert verdicts.count(Verdict.ACCEPTED) == len(verdicts) - 16
        assert held == 0
        assert sorted(shown[DISTRICT_3].values()) == [116_478, 124_331]
