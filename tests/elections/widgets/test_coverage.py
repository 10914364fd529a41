import json

import pytest

from elections.models import Contest, Published, Source
from elections.widgets.descriptions import describe
from elections.widgets.live import LiveResult
from elections.widgets.publish import publish

ONLY = "Votes in Los Angeles County only."


@pytest.fixture
def wide(night):
    """A race that reaches beyond the county, and a source that says which county it counts."""
    Source.objects.update(coverage="Los Angeles County")
    Contest.objects.update(reaches_beyond=True)
    return night


def published(night) -> Published:
    publish([night.contest.pk])
    return night.published


class TestCoverageNote:
    def test_follows_from_the_source_that_is_shown(self, wide):
        assert json.loads(published(wide).payload)["coverage"] == ONLY

    @pytest.mark.parametrize("size", ["full", "story", "line"])
    def test_stands_in_every_size(self, wide, size):
        row = published(wide)
        assert ONLY in LiveResult.of(row, wide.contest.election_id, size=size).html

    def test_stands_on_the_share_card_in_words(self, wide):
        assert ONLY in describe(published(wide))

    def test_is_nothing_for_a_race_within_the_county(self, wide):
        Contest.objects.update(reaches_beyond=False)
        row = published(wide)
        assert json.loads(row.payload)["coverage"] == ""
        assert "only." not in row.html

    def test_is_nothing_where_the_source_counts_the_whole(self, wide):
        Source.objects.update(coverage="")
        assert json.loads(published(wide).payload)["coverage"] == ""

    def test_is_the_editors_own_where_there_is_one(self, wide):
        Contest.objects.update(coverage_note="Votes in three counties only.")
        assert json.loads(published(wide).payload)["notes"] == ["Votes in three counties only."]
