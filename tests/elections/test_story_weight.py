"""What a story with everything in it costs a reader, as it goes over the wire."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from elections.models import Contest
from elections.widgets.publish import publish_stale
from newsroom.blocks import BUILT_IN_BLOCKS
from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.models import Newsletter
from newsroom.slots import read_slot
from tests.elections.documents import at, contest, document
from tests.elections.stories import make_section, make_story

KILOBYTE = 1024
LINKS = {
    "css": re.compile(r'<link rel="stylesheet" href="/static/([^"?]+)'),
    "js": re.compile(r'<script(?: type="module")? src="/static/([^"?]+)'),
}


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))


def weigh(html: str, kind: str) -> dict[str, int]:
    """Return the packed size of each file of a kind that the page links."""
    names = dict.fromkeys(LINKS[kind].findall(html))
    return {name: packed(Path(finders.find(name)).read_bytes()) for name in names}


@pytest.fixture
def html(night, client) -> str:
    """A story with ten results and every block that has files of its own."""
    races = [contest(f"CITY OF BELL Member, Seat {n}", {"A": 500 + n, "B": 400}) for n in range(10)]
    night.say(document(at("21:00"), *races), seen="21:01")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    section = make_section()
    story = make_story(section, contests=list(Contest.objects.filter(name__startswith="City")))
    with_files = {
        key: block
        for key, block in [*BUILT_IN_BLOCKS.items(), *read_slot().block_classes]
        if hasattr(block, "reader_media")
    }
    for key, block_class in with_files.items():
        block = block_class()
        block.set_name(key)
        story.body.append((key, block.get_preview_value()))
    newsletter = Newsletter.objects.create(name="Morning", slug="morning")
    ask = CallToAction.objects.create(
        kind="newsletter", heading="Start the day", button_label="Sign up", newsletter=newsletter
    )
    story.body.append(("call_to_action", {"call_to_action": ask}))
    story.save_revision().publish()
    return client.get(story.url).content.decode()


class TestAStoryWithEverything:
    def test_is_a_light_page(self, html):
        assert html.count("<live-result") >= 10
        assert packed(html.encode()) < 30 * KILOBYTE

    def test_has_light_styles(self, html):
        sizes = weigh(html, "css")
        assert "newsroom/blocks.css" in sizes
        assert sum(sizes.values()) < 12 * KILOBYTE, sizes

    def test_has_light_scripts(self, html):
        sizes = weigh(html, "js")
        assert {"elections/live-result.js", "newsroom/asks.js"} <= sizes.keys()
        assert sum(sizes.values()) < 5 * KILOBYTE, sizes
