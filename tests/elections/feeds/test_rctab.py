from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from elections.feeds import csv_feed, rctab
from elections.matching import match_report
from elections.models import Contest
from tests.elections.feeds.mutations import change_bytes, read_or_refuse

GOLDEN = Path(__file__).parent / "golden" / "rctab"
THREE_ROUNDS = (GOLDEN / "three-rounds.json").read_bytes()


class TestParse:
    @settings(deadline=None)
    @given(st.data())
    def test_raises_nothing_but_a_feed_error(self, data: st.DataObject) -> None:
        read_or_refuse(rctab.parse, change_bytes(THREE_ROUNDS, data))


class TestDrafts:
    def test_are_ranked_choice_from_the_start(self, election) -> None:
        report = rctab.parse(THREE_ROUNDS)
        match_report(report, election=election, provider=rctab)
        assert Contest.objects.get().is_ranked_choice

    def test_of_a_sheet_are_so_where_it_has_rounds(self, election) -> None:
        sheet = (GOLDEN.parent / "csv" / "rounds.csv").read_bytes()
        match_report(csv_feed.parse(sheet), election=election, provider=csv_feed)
        assert Contest.objects.get().is_ranked_choice
