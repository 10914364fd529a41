from __future__ import annotations

import itertools
import json
import os
import re
from datetime import datetime, timedelta
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from elections.widgets.timeline import LABEL_HEIGHT, Release, build_timeline

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
NIGHT = datetime(2024, 11, 5, 20, 36, tzinfo=LOS_ANGELES)
NAMES = {1: "Scott Schmerelson", 2: "Dan Chang"}
SEVEN = {number: f"Candidate {number}" for number in range(1, 8)}
CHECKOUT = Path(__file__).parents[3]
SAMPLE_DATA = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", CHECKOUT.parent / "shared" / "data"))
COUNTY = SAMPLE_DATA / "la_county" / "2024-11-05-general" / "results"


def releases(*votes: dict[int, int], hours: float = 1) -> list[Release]:
    return [Release(NIGHT + timedelta(hours=hours * i), count) for i, count in enumerate(votes)]


def timeline_of(*votes: dict[int, int], names: dict[int, str] = NAMES, hours: float = 1):
    return build_timeline(releases(*votes, hours=hours), names, LOS_ANGELES)


counts = st.lists(
    st.dictionaries(st.sampled_from(sorted(SEVEN)), st.integers(0, 2_000_000), min_size=1),
    min_size=2,
    max_size=40,
)


class TestBuildTimeline:
    def test_is_none_with_fewer_than_two_counts(self) -> None:
        assert timeline_of() is None
        assert timeline_of({1: 5, 2: 3}) is None
        assert timeline_of({1: 0, 2: 0}, {1: 5, 2: 3}) is None

    def test_draws_the_three_leading_and_counts_the_others_in_the_table(self) -> None:
        votes = {number: 100 - number for number in SEVEN}
        timeline = timeline_of(votes, {n: v * 2 for n, v in votes.items()}, names=SEVEN)
        assert [line.name for line in timeline.lines] == [
            "Candidate 1",
            "Candidate 2",
            "Candidate 3",
        ]
        assert timeline.has_others
        assert timeline.latest.other_votes == 2 * sum(100 - number for number in (4, 5, 6, 7))

    def test_leads_with_who_leads_now(self) -> None:
        timeline = timeline_of({1: 10, 2: 5}, {1: 11, 2: 20})
        assert [line.name for line in timeline.lines] == ["Dan Chang", "Scott Schmerelson"]

    def test_steps_at_each_release_and_holds_between(self) -> None:
        timeline = timeline_of({1: 60, 2: 40}, {1: 100, 2: 100}, {1: 150, 2: 150}, {1: 300, 2: 200})
        path = timeline.lines[0].path
        assert re.findall(r"[MHV]", path) == ["M", "H", "V", "H", "H", "V", "H"]
        assert re.findall(r"H([\d.]+)", path) == ["25.00", "50.00", "75.00", "100"]

    def test_says_how_each_batch_broke(self) -> None:
        timeline = timeline_of({1: 60, 2: 40}, {1: 90, 2: 110})
        first, second = timeline.steps
        assert (first.new_votes, second.new_votes) == (100, 100)
        assert [cell.batch_share for cell in first.cells] == [None, None]
        assert [cell.batch_share for cell in second.cells] == [Fraction(7, 10), Fraction(3, 10)]
        assert [cell.name for cell in second.cells] == ["Dan Chang", "Scott Schmerelson"]

    def test_has_no_mark_for_a_correction_or_an_empty_batch(self) -> None:
        timeline = timeline_of({1: 60, 2: 40}, {1: 60, 2: 40}, {1: 50, 2: 90}, {1: 60, 2: 95})
        assert [step.is_correction for step in timeline.steps] == [False, False, True, False]
        assert [step.new_votes for step in timeline.steps] == [100, 0, 40, 15]
        assert {mark.x for mark in timeline.marks} == {"87.50"}

    def test_sizes_a_mark_by_the_area_of_its_batch(self) -> None:
        timeline = timeline_of({1: 1, 2: 1}, {1: 401, 2: 401}, {1: 501, 2: 501})
        radii = [float(mark.radius) for mark in timeline.marks if mark.place == 1]
        assert radii[0] / radii[1] == pytest.approx(2, abs=0.05)

    def test_names_a_day_in_the_elections_own_time_zone(self) -> None:
        timeline = timeline_of({1: 1, 2: 1}, {1: 2, 2: 1}, {1: 3, 2: 1}, {1: 4, 2: 1}, hours=2)
        assert [(tick.date.day, tick.x) for tick in timeline.ticks] == [(5, "0.00"), (6, "50.00")]

    def test_draws_a_race_without_an_opponent(self) -> None:
        assert timeline_of({1: 5}, {1: 9}, names={1: "Only"}).rules[-1].share == 1

    @given(counts)
    def test_keeps_everything_inside_and_no_label_on_another(self, votes) -> None:
        timeline = timeline_of(*votes, names=SEVEN)
        if timeline is None:
            return
        top, bottom = float(timeline.lines_top), float(timeline.lines_bottom)
        labels = [float(line.label_y) for line in timeline.lines]
        gaps = [below - above for above, below in itertools.pairwise(labels)]
        assert all(gap >= LABEL_HEIGHT - 0.11 for gap in gaps)
        assert labels == sorted(labels)
        assert all(0 < label <= bottom for label in labels)
        assert all(top <= float(rule.y) <= bottom for rule in timeline.rules)
        assert 2 <= len(timeline.rules) <= 6
        for line in timeline.lines:
            ys = [float(y) for y in re.findall(r"V([\d.]+)|M0 ([\d.]+)", line.path) for y in y if y]
            assert all(0 <= y <= bottom - top for y in ys)
        assert all(bottom < float(mark.y) < float(timeline.height) for mark in timeline.marks)
        for step in timeline.steps:
            total = sum(cell.votes for cell in step.cells) + step.other_votes
            assert all(cell.share == Fraction(cell.votes, total) for cell in step.cells)

    def test_draws_the_thirty_one_releases_of_a_real_count(self) -> None:
        if not COUNTY.is_dir():
            pytest.skip(
                "Needs the recorded county files. Name their folder in NEWSROOM_SAMPLE_DATA."
            )
        real = {}
        for path in sorted(COUNTY.glob("*.json")):
            document = json.loads(path.read_bytes())
            for group in document.get("Election", {}).get("ContestGroups", ()):
                for contest in group["Contests"]:
                    if contest["Title"].endswith("Member of the Board of Education, District 3"):
                        counted_at = datetime.fromisoformat(document["Timestamp"][:19])
                        chang, schmerelson = (c["Votes"] for c in contest["Candidates"])
                        real[counted_at.replace(tzinfo=LOS_ANGELES)] = {1: schmerelson, 2: chang}
        timeline = build_timeline(
            [Release(*item) for item in sorted(real.items())], NAMES, LOS_ANGELES
        )
        assert len(timeline.steps) == 31
        assert [cell.votes for cell in timeline.latest.cells] == [124_331, 116_478]
        assert timeline.lines[0].share == Fraction(124_331, 240_809)
        assert [tick.date.day for tick in timeline.ticks][:3] == [5, 6, 7]


class Tree(HTMLParser):
    """Counts the elements of a drawing, and refuses one that is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestTemplate:
    def render(self, *votes: dict[int, int], names: dict[int, str] = NAMES) -> str:
        timeline = timeline_of(*votes, names=names)
        return render_to_string("elections/timeline.html", {"timeline": timeline})

    def test_draws_nothing_without_a_timeline(self) -> None:
        assert self.render({1: 1, 2: 0}).strip() == ""

    def test_has_a_table_with_every_release(self) -> None:
        html = self.render({1: 60_000, 2: 40_000}, {1: 59_000, 2: 40_000}, {1: 90_000, 2: 50_000})
        tree = Tree(html)
        assert tree.counts["tr"] == 4
        assert tree.counts["path"] == 2
        assert "-1,000 <small>Correction</small>" in html
        assert "8:36 p.m. Nov. 5, 2024" in html
        assert "style=" not in html

    def test_says_what_the_others_have(self) -> None:
        votes = {number: 100 - number for number in SEVEN}
        html = self.render(votes, {n: v * 2 for n, v in votes.items()}, names=SEVEN)
        assert "All others" in html
        assert Tree(html).counts["path"] == 3

    def test_never_localises_a_coordinate(self) -> None:
        votes = ({1: 60_000, 2: 40_000}, {1: 90_123, 2: 50_000})
        with override_settings(USE_THOUSAND_SEPARATOR=True), translation.override("de"):
            html = self.render(*votes)
        coordinates = re.findall(r' (?:[cxy][12xy]?|r|d|height|viewBox)="([^"]*)"', html)
        assert coordinates
        assert not any("," in value for value in coordinates)
        assert "64,3" in html
        assert "90.123" in html
