"""What an editor gets of every block that may stand in a story: the newsroom's and ours."""

import re

import pytest
from django.template.loader import get_template
from django.urls import reverse
from wagtail.admin.icons import get_icons

from elections.models import Contest
from elections.widgets.publish import publish_stale
from newsroom.pages.models import StoryPage
from tests.elections.documents import at, board, document

BLOCKS = {
    key: block
    for key, block in StoryPage._meta.get_field("body").stream_block.child_blocks.items()
    if key != "missing"
}
NAMED = {
    "paragraph",
    "heading",
    "image",
    "gallery",
    "pull_quote",
    "quotation",
    "fact_box",
    "questions",
    "timeline",
    "table",
    "document",
    "audio",
    "video",
    "chart",
    "money",
    "embed",
    "live_result",
    "races",
    "scoreboard",
    "count_timeline",
    "needed_share",
    "candidate",
    "key_dates",
    "correction",
    "related_link",
    "related_stories",
    "call_to_action",
}
TEMPLATES = {
    "call_to_action": "newsroom/calls_to_action/ask.html",
    "count_timeline": "elections/blocks/timeline.html",
}
# What they show is a row that a new site does not have yet.
NEEDS_A_ROW = {"image", "gallery", "call_to_action"}


def test_there_is_every_block_that_stories_need():
    assert BLOCKS.keys() >= NAMED


@pytest.mark.parametrize("key", BLOCKS)
class TestEveryBlock:
    def test_says_what_it_is(self, key):
        block = BLOCKS[key]
        assert block.get_description()
        assert block.label
        assert block.meta.group

    def test_has_an_icon_that_wagtail_draws(self, key):
        assert BLOCKS[key].meta.icon != "placeholder"
        assert f'id="icon-{BLOCKS[key].meta.icon}"' in get_icons()

    def test_has_a_template(self, key):
        name = getattr(BLOCKS[key].meta, "template", TEMPLATES.get(key))
        usual = {f"{room}/blocks/{key}.html" for room in ("newsroom", "elections")}
        assert get_template(name).template.name in {*usual, TEMPLATES.get(key)}

    @pytest.mark.django_db
    def test_is_nothing_without_a_value(self, key):
        block = BLOCKS[key]
        assert block.render(block.get_default() or None, {}).strip() == ""


def test_every_block_shows_itself_in_the_picker(night, admin_client):
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    for hour, votes in (("21", 70_000), ("22", 90_000)):
        night.say(document(at(f"{hour}:00"), board(votes, 60_000)), seen=f"{hour}:01")
    publish_stale()
    assert [key for key, block in BLOCKS.items() if not block.is_previewable] == []
    silent = {key for key, block in BLOCKS.items() if not preview(admin_client, block)}
    assert silent == NEEDS_A_ROW


def preview(client, block) -> str:
    """Return the words that the picker shows of a block."""
    address = reverse("wagtailadmin_block_preview")
    response = client.get(address, {"id": block.definition_prefix})
    assert response.status_code == 200
    shown = re.search(r"(?s)<main[^>]*>(.*)</main>", response.content.decode())[1]
    return re.sub(r"<[^>]+>", "", shown).strip()
