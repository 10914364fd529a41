"""The fragment readers get: what it says, and what it costs."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import timezone

from elections.counting.calls import RaceState
from tests.benchmarks import bench_assets
from tests.elections.widgets.results import make_result, make_row


def fragment(**changes: object) -> str:
    return render_to_string("elections/result.html", {"result": make_result(**changes)})


class TestFragment:
    def test_is_the_same_bytes_for_the_same_result(self) -> None:
        before = fragment()
        with timezone.override("Asia/Tokyo"), override_settings(USE_THOUSAND_SEPARATOR=True):
            assert fragment() == before

    def test_is_small(self) -> None:
        assert len(gzip.compress(fragment().encode(), 6)) < 700

    def test_says_when_in_the_elections_time_zone(self) -> None:
        expected = '<time datetime="2024-11-06T03:46:07-08:00">3:46 a.m. Nov. 6, 2024</time>'
        assert expected in fragment()

    def test_keeps_figures_for_machines_plain(self) -> None:
        with override_settings(USE_THOUSAND_SEPARATOR=True):
            html = fragment(version=1234)
        assert 'data-version="1234"' in html
        assert '<rect width="51.86%"/>' in html
        assert "<td>89,674</td>" in html

    def test_escapes_names(self) -> None:
        html = fragment(title="<b>Measure</b>", notes=("<script>",), source_name="A & B")
        assert "&lt;b&gt;Measure" in html
        assert "<script>" not in html
        assert "A &amp; B" in html

    def test_says_words_beside_colour(self) -> None:
        html = fragment(
            rows=(
                make_row(1, "A", 6, 10, party="Democratic", mark="Winner", has_colour=True),
                make_row(2, "B", 4, 10, party="Republican", is_incumbent=True),
            )
        )
        assert 'data-colour="democratic"' in html
        assert "<small><b>Winner.</b> Democratic</small>" in html
        assert "<small>Incumbent, Republican</small>" in html
        assert 'data-colour="republican"' not in html

    def test_marks_a_threshold_on_yes_alone(self) -> None:
        rows = (make_row(1, "Yes", 546, 1000), make_row(2, "No", 454, 1000))
        html = fragment(kind="ballot-measure", rows=rows, threshold_percents=("55",))
        yes, no = html.split("<tr")[2:4]
        assert '<line x1="55%" x2="55%"' in yes
        assert "<line" not in no
        assert "Choice" in html

    def test_has_a_word_for_nothing_counted(self) -> None:
        html = fragment(
            schmerelson=0,
            chang=0,
            counted_at=None,
            source_name="",
            sentence="No votes have been counted yet.",
        )
        assert html.count("<td>—</td>") == 4
        assert "The first count will be shown here." in html
        assert "As of" not in html
        assert "not known" not in html

    def test_says_a_test_is_a_test(self) -> None:
        assert "These are not real votes." in fragment(is_test=True)
        assert "These are not real votes." not in fragment()

    def test_changes_its_news_with_the_leader_and_the_state_only(self) -> None:
        def news(**changes: object) -> str:
            return fragment(**changes).split('data-news="')[1].split('"')[0]

        assert news() == news(schmerelson=90_000) == "leading 31"
        assert news(chang=90_000) == "leading 32"
        assert news(state=RaceState.CALLED) == "called 31"


class TestBallotsLeft:
    def left(self, **changes: object) -> str:
        facts = {
            "contest_id": None,
            "estimate": 780_000,
            "as_of": datetime(2024, 11, 6, 11, 46, tzinfo=UTC),
            "next_update_at": datetime(2024, 11, 7, 0, 30, tzinfo=UTC),
            "source_name": "Registrar",
            "source_url": "",
        }
        return " ".join(fragment(ballots_left=SimpleNamespace(**facts | changes)).split())

    def test_says_the_estimate_and_the_next_update(self) -> None:
        assert (
            "An estimated 780,000 ballots were left to count in the whole election"
            " as of 3:46 a.m. Nov. 6, 2024 (Registrar); the next update is expected about"
            " 4:30 p.m. Nov. 6, 2024."
        ) in self.left()

    def test_speaks_of_the_race_when_the_estimate_does(self) -> None:
        html = self.left(contest_id=12, estimate=1, next_update_at=None)
        assert "An estimated 1 ballot was left to count in this race as of" in html
        assert "next update" not in html

    def test_says_when_it_is_not_known(self) -> None:
        assert "How many ballots are left to count is not known." in fragment()

    def test_says_nothing_of_it_once_final(self) -> None:
        html = fragment(is_final=True)
        assert "ballots" not in html
        assert "out of date" not in html


class TestAssets:
    def test_stay_within_their_weight(self) -> None:
        for asset in bench_assets.measure():
            assert asset.is_met, asset
