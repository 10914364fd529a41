"""One worker's clock is ten minutes off. The database's clock is the one that decides."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from elections import ingest
from elections.models import Contest, Selection, SourceState
from elections.widgets.publish import publish_stale
from tests.elections.conftest import election, night, source
from tests.elections.documents import answering, at, board, document

__all__ = ["election", "night", "source"]

SKEWS = [datetime.timedelta(minutes=10), datetime.timedelta(minutes=-10)]


@pytest.mark.parametrize("skew", SKEWS, ids=["fast", "slow"])
class TestSkewedWorker:
    def test_takes_no_lease_that_somebody_has(self, night, skew):
        assert SourceState.claim(night.source)
        with time_machine.travel(timezone.now() + skew):
            assert SourceState.claim(night.source) is None

    def test_brings_no_older_count_back(self, night, skew):
        first = document(at("20:36"), board(61_168, 50_310))
        night.say(document(at("21:10"), board(65_000, 55_000)), seen="21:12")
        ingest.refresh(night.source, get=answering(first), clock=lambda: at("21:13") + skew)
        assert night.shown["Scott Schmerelson"] == 65_000

    def test_hides_no_later_change_from_the_next_worker(self, night, skew):
        contest = Contest.objects.get(pk=night.contest.pk)
        contest.name = "Board, District 3"
        contest.save()
        with time_machine.travel(timezone.now() + skew):
            publish_stale()
        selection = Selection.objects.get(reported_name="DAN CHANG")
        selection.name = "Daniel Chang"
        selection.save()
        publish_stale()
        assert "Daniel Chang" in night.published.html
