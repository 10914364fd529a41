"""Which stories a race stands in, and who is writing in them."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.admin.models import EditingSession

from elections.desk.board.stories import load_stories
from tests.newsroom.conftest import home, make_story, section

__all__ = ["home", "make_story", "section"]


@pytest.fixture
def story(board, make_story):
    body = [("live_result", {"contest": board, "size": "story"})]
    return make_story(body, title="Schmerelson leads")


class TestStories:
    def test_are_live_pages_with_the_race_in_them(self, board, bond, story) -> None:
        found = load_stories([board.pk, bond.pk])
        assert [one.title for one in found[board.pk]] == ["Schmerelson leads"]
        assert bond.pk not in found
        assert found[board.pk][0].edit_url == f"/admin/pages/{story.pk}/edit/"

    def test_leave_drafts_out(self, board, story) -> None:
        story.unpublish()
        assert not load_stories([board.pk])[board.pk]

    def test_name_who_has_them_open(self, board, story, people) -> None:
        EditingSession.objects.create(
            user=people["editor"],
            content_type=ContentType.objects.get_for_model(type(story)),
            object_id=str(story.pk),
            last_seen_at=timezone.now(),
        )
        (one,) = load_stories([board.pk])[board.pk]
        assert one.editors == ("editor",)
