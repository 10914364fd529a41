import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.struct_block import StructBlockValidationError

from elections.blocks import ContestChooserBlock, LiveResultBlock, TimelineBlock
from elections.models import Contest, Published
from tests.elections.documents import at, board, document


class TestLiveResult:
    def render(self, contest_id: int) -> str:
        block = LiveResultBlock()
        return block.render(block.to_python({"contest": contest_id, "size": "story"}))

    def test_is_the_published_fragment_with_its_version(self, night):
        html = self.render(night.contest.pk)
        assert night.published.html.strip() in html
        assert 'data-version="1"' in html
        assert f'data-src="/results/contest/{night.contest.pk}.html"' in html

    def test_of_a_deleted_race_is_nothing(self, night):
        assert self.render(999).strip() == ""

    def test_of_a_race_not_yet_published_is_nothing(self, night):
        Published.objects.all().delete()
        assert self.render(night.contest.pk).strip() == ""

    def test_of_a_race_taken_back_to_draft_is_nothing(self, night):
        Contest.objects.update(status=Contest.Status.DRAFT)
        assert self.render(night.contest.pk).strip() == ""

    def test_of_a_draft_is_refused_on_its_field(self, night):
        Contest.objects.update(status=Contest.Status.DRAFT)
        block = LiveResultBlock()
        value = block.to_python({"contest": night.contest.pk, "size": "story"})
        with pytest.raises(StructBlockValidationError) as error:
            block.clean(value)
        assert "contest" in error.value.block_errors

    def test_of_a_certified_race_stops_asking(self, night):
        Published.objects.update(is_final=True)
        assert "data-final" in self.render(night.contest.pk)


class TestManyRaces:
    def test_cost_one_query(self, night):
        ids = [night.contest.pk, 999, night.contest.pk]
        with CaptureQueriesContext(connection) as queries:
            contests = ContestChooserBlock().bulk_to_python(ids)
            assert [c and c.published.version for c in contests] == [1, None, 1]
        assert len(queries) == 1


class TestTimeline:
    def test_shows_the_releases(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        block = TimelineBlock()
        html = block.render(block.to_python({"contest": night.contest.pk}))
        assert "2 releases of the count" in html
        assert 'role="img"' in html

    def test_of_one_release_is_nothing(self, night):
        block = TimelineBlock()
        assert block.render(block.to_python({"contest": night.contest.pk})).strip() == ""


class TestPreview:
    @pytest.mark.parametrize("block_class", [LiveResultBlock, TimelineBlock])
    def test_in_the_picker_needs_no_result(self, db, block_class):
        block = block_class()
        assert block.is_previewable
        assert block.render(block.get_preview_value()).strip() == ""

    def test_in_the_picker_is_the_newest_result(self, night):
        block = LiveResultBlock()
        assert "Scott Schmerelson" in block.render(block.get_preview_value())
