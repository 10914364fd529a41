import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from elections.models import CurrentCount, Source
from elections.widgets.choosing import Choice, _choose, choose_counts
from elections.widgets.course import race_timeline
from elections.widgets.history_rows import counts_with_documents
from elections.widgets.publish import publish
from tests.elections.documents import at, board, document

COUNTY = {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}


def shown_source(night) -> str:
    publish([night.contest.pk])
    return json.loads(night.published.payload)["source"]["name"]


class TestPreferredSource:
    def test_is_shown_although_the_other_is_newer(self, night, state_count):
        state_count("21:50", 70_000, 60_000)
        assert shown_source(night) == "LA County Registrar"
        assert night.shown == COUNTY

    def test_gives_way_while_it_is_switched_off(self, night, state_count):
        state_count("21:50", 70_000, 60_000)
        Source.objects.filter(pk=night.source.pk).update(is_active=False)
        assert shown_source(night) == "Secretary of State"
        assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}

    def test_stays_when_all_are_switched_off(self, night, state_count):
        state_count("21:50", 70_000, 60_000)
        Source.objects.update(is_active=False)
        assert shown_source(night) == "LA County Registrar"

    def test_takes_over_with_its_first_count(self, night, state_count):
        state = state_count("20:40", 60_000, 50_000)
        CurrentCount.objects.filter(source=night.source).delete()
        assert shown_source(night) == "Secretary of State"
        Source.objects.filter(pk=state.pk).update(precedence=9)
        night.say(document(at("21:34"), board(62_000, 51_000)))
        assert shown_source(night) == "LA County Registrar"

    def test_of_one_alone_costs_two_queries(self, night):
        contest_id = night.contest.pk
        with CaptureQueriesContext(connection) as queries:
            choose_counts([contest_id])
        assert len(queries) == 2


class TestChangeOfSource:
    @pytest.fixture
    def behind(self, night, state_count):
        """The preferred source is behind the one that readers have seen."""
        state = state_count("21:50", 70_000, 60_000)
        Source.objects.filter(pk=state.pk).update(precedence=0)
        Source.objects.filter(pk=night.source.pk).update(precedence=3)
        publish([night.contest.pk])
        Source.objects.filter(pk=night.source.pk).update(precedence=0)
        Source.objects.filter(pk=state.pk).update(precedence=3)
        return night

    def test_that_lowers_a_number_waits(self, behind):
        assert shown_source(behind) == "Secretary of State"
        choice = choose_counts([behind.contest.pk])[behind.contest.pk]
        assert choice.waiting.source == behind.source

    def test_happens_by_itself_once_nothing_is_lowered(self, behind):
        behind.say(document(at("22:10"), board(70_001, 60_000)))
        assert shown_source(behind) == "LA County Registrar"
        assert behind.shown["Scott Schmerelson"] == 70_001

    def test_does_not_happen_back_when_the_other_falls_behind(self, behind):
        behind.say(document(at("22:10"), board(70_001, 60_000)))
        behind.say(document(at("22:30"), board(80_000, 65_000)))
        assert shown_source(behind) == "LA County Registrar"

    def test_never_mixes_the_numbers_of_two(self, behind):
        behind.say(document(at("22:10"), board(75_000, 59_999)))
        publish([behind.contest.pk])
        assert behind.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}


votes = st.fixed_dictionaries({key: st.integers(0, 9) for key in (1, 2, 3)})


class FakeCount:
    def __init__(self, source_id, tally, is_active=True):
        self.source_id = source_id
        self.source = Source(pk=source_id, is_active=is_active)
        self.count = type("Count", (), {"tally": tally})


class TestChoiceAlways:
    @given(st.lists(st.tuples(votes, votes, st.booleans(), st.booleans()), max_size=8))
    def test_lowers_nothing_by_a_change_of_source(self, nights):
        published, seen_from = None, None
        for one, other, is_on, other_is_on in nights:
            rows = [FakeCount(1, one, is_on), FakeCount(2, other, other_is_on)]
            choice: Choice = _choose(rows, published, None)
            shown = choice.shown
            if published is not None and shown.source_id != seen_from:
                for key, before in published.count.tally.items():
                    assert shown.count.tally[key] >= before
            seen_from = shown.source_id
            snapshot = type("Snapshot", (), {"source_id": seen_from})
            count = type("Count", (), {"tally": shown.count.tally, "snapshot": snapshot})
            published = type("Published", (), {"count": count})


class TestHistory:
    @pytest.fixture
    def of_two(self, night, state_count):
        """Counts of the county at 8:36 and 9 p.m., and one of the state in between."""
        state_count("20:50", 50_000, 40_000)
        night.say(document(at("21:00"), board(70_000, 60_000)), seen="21:00")
        return night

    def test_of_the_picture_is_of_the_source_that_readers_see(self, of_two):
        steps = race_timeline(of_two.contest).steps
        assert [step.new_votes for step in steps] == [111_478, 18_522]
        assert not any(step.is_correction for step in steps)

    def test_of_the_page_is_of_the_source_that_readers_see(self, of_two):
        counts = counts_with_documents(of_two.contest)
        assert {count.snapshot.source for count in counts} == {of_two.source}

    def test_of_the_interface_is_of_the_source_that_readers_see(self, of_two, client):
        url = reverse("elections:api_history", args=[of_two.contest.pk])
        releases = client.get(url).json()["releases"]
        assert [sum(one["votes"].values()) for one in releases] == [111_478, 130_000]
