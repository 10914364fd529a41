import json

import pytest
from django.db import connection
from django.test import override_settings
from wagtail.blocks import CharBlock
from wagtail.models import Revision

from newsroom.fields import StoryField
from newsroom.pages.models import StoryPage

SLOT = [("motto", "tests.newsroom.test_fields.MottoBlock")]
MOTTO = {
    "type": "motto",
    "value": "Every vote counts",
    "id": "11111111-1111-4111-8111-111111111111",
}
HEADING = {
    "type": "heading",
    "value": {"text": "Next", "level": "h2"},
    "id": "22222222-2222-4222-8222-222222222222",
}


class MottoBlock(CharBlock):
    """Stands for a block that another app brings."""


def stored_body(story: StoryPage) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body FROM newsroom_pages_storypage WHERE page_ptr_id = %s", [story.pk]
        )
        value = cursor.fetchone()[0]
    return json.loads(value) if isinstance(value, str) else value


class TestBlocks:
    def test_are_the_built_in_ones_when_the_slot_is_empty(self, settings):
        settings.NEWSROOM_STORY_BLOCKS = []
        assert "motto" not in StoryField().stream_block.child_blocks
        assert "paragraph" in StoryField().stream_block.child_blocks

    def test_include_those_of_the_slot(self, settings):
        settings.NEWSROOM_STORY_BLOCKS = SLOT
        assert isinstance(StoryField().stream_block.child_blocks["motto"], MottoBlock)

    def test_leave_out_a_wrong_entry_and_keep_the_others(self, settings):
        settings.NEWSROOM_STORY_BLOCKS = [("gone", "nowhere.Block"), *SLOT]
        blocks = StoryField().stream_block.child_blocks
        assert "motto" in blocks
        assert "gone" not in blocks


class TestDeconstruct:
    def test_holds_no_blocks(self, settings):
        settings.NEWSROOM_STORY_BLOCKS = SLOT
        _, path, args, kwargs = StoryField(blank=True).deconstruct()
        assert path == "newsroom.fields.StoryField"
        assert args == []
        assert "block_lookup" not in kwargs

    def test_gives_a_field_that_can_be_made_again(self):
        _, _, args, kwargs = StoryField(blank=True).deconstruct()
        assert "heading" in StoryField(*args, **kwargs).stream_block.child_blocks


@pytest.mark.django_db
class TestBlockThatIsNotInstalled:
    @pytest.fixture
    def story(self, make_story):
        with override_settings(NEWSROOM_STORY_BLOCKS=SLOT):
            story = make_story()
            story.body = json.dumps([MOTTO, HEADING])
            story.save()
        return story

    def test_renders_nothing(self, story, client):
        html = client.get(story.url).content.decode()
        assert "Next" in html
        assert "Every vote counts" not in html

    def test_survives_a_save_in_its_place(self, story):
        story = StoryPage.objects.get(pk=story.pk)
        story.dek = "A new dek."
        story.save()
        assert stored_body(story) == [MOTTO, HEADING]

    def test_survives_a_revision(self, story):
        StoryPage.objects.get(pk=story.pk).save_revision().publish()
        content = Revision.objects.order_by("-pk").first().content
        assert json.loads(content["body"]) == [MOTTO, HEADING]
        assert stored_body(story) == [MOTTO, HEADING]

    def test_survives_the_form_of_the_editor(self, story):
        body = StoryPage.objects.get(pk=story.pk).body
        block = body.stream_block
        state = block.get_form_state(body)
        data = {"body-count": str(len(state))}
        for place, item in enumerate(state):
            data[f"body-{place}-type"] = item["type"]
            data[f"body-{place}-order"] = str(place)
            data[f"body-{place}-deleted"] = ""
            data[f"body-{place}-id"] = item["id"]
        data["body-0-value"] = state[0]["value"]
        data["body-1-value-text"] = "Next"
        data["body-1-value-level"] = "h2"
        value = block.clean(block.value_from_datadict(data, {}, "body"))
        assert block.get_prep_value(value) == [MOTTO, HEADING]

    def test_is_not_taken_from_a_form_that_the_server_did_not_write(self, story):
        block = StoryPage.objects.get(pk=story.pk).body.stream_block.child_blocks["missing"]
        forged = json.dumps({"type": "paragraph", "value": "<script>alert(1)</script>"})
        assert block.value_from_form(forged) is None

    def test_comes_back_with_its_app(self, story):
        StoryPage.objects.get(pk=story.pk).save()
        with override_settings(NEWSROOM_STORY_BLOCKS=SLOT):
            body = StoryPage.objects.get(pk=story.pk).body
            assert [child.block_type for child in body] == ["motto", "heading"]
            assert body[0].value == "Every vote counts"

    def test_is_offered_to_editors_only_where_there_is_one(self, story, make_story):
        label = "Block that is not installed"
        for page, is_offered in ((StoryPage.objects.get(pk=story.pk), True), (make_story(), False)):
            field = StoryPage._meta.get_field("body").formfield()
            html = field.widget.render_with_errors("body", page.body)
            assert (label in html) is is_offered

    def test_is_dropped_when_it_holds_nothing(self, story):
        block = story.body.stream_block
        assert block.get_prep_value(block.to_python([("missing", None)])) == []

    def test_is_left_out_of_the_api(self, story):
        story = StoryPage.objects.get(pk=story.pk)
        items = story.body.stream_block.get_api_representation(story.body)
        assert [item["type"] for item in items] == ["heading"]
