"""One story with every block of the newsroom, opened in a browser as readers have it."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.documents.models import Document

from newsroom.blocks import BUILT_IN_BLOCKS
from newsroom.calls_to_action.models import CallToAction

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

ROWS = (
    "Release\tSchmerelson\tChang\n8:36 p.m.\t54.9\t45.1\n3:46 a.m.\t51.9\t48.1\nFinal\t51.6\t48.4"
)
BARS = "Candidate,Votes\nSchmerelson,50669\nChang,33004"


@pytest.fixture
def every_block(make_image, transactional_db, newsletter, settings, tmp_path) -> list[dict]:
    settings.MEDIA_ROOT = tmp_path
    ask = CallToAction.objects.create(
        kind="newsletter", heading="Start the day", button_label="Sign up", newsletter=newsletter
    )
    image = {"image": make_image().pk, "alt_text": "Ballots", "decorative": False}
    picture = {"image": image, "caption": "Ballots.", "credit": "The Ledger"}
    files = {
        name: Document.objects.create(title=name, file=ContentFile(b"x", name=name)).pk
        for name in ("night.mp3", "night.mp4", "ruling.pdf")
    }
    values = {
        "call_to_action": {"call_to_action": ask.pk},
        "image": picture,
        "gallery": {"heading": "The night", "items": [picture, picture]},
        "document": {"document": files["ruling.pdf"], "description": "The ruling."},
        "audio": {"title": "Sound", "file": files["night.mp3"], "transcript": "<p>Hello.</p>"},
        "video": {"title": "Film", "file": files["night.mp4"], "transcript": "<p>Hello.</p>"},
        "table": {"caption": "Votes", "rows": BARS, "has_row_names": True},
    }
    pieces = [{"type": "heading", "value": {"text": "All of it", "level": "h2"}}]
    for key, block_class in BUILT_IN_BLOCKS.items():
        if key not in values:
            block = block_class()
            block.set_name(key)
            values[key] = block.get_prep_value(block.get_preview_value())
        pieces.append({"type": key, "value": values[key]})
    for kind, rows in (("line", ROWS), ("column", BARS)):
        chart = {**values["chart"], "kind": kind, "rows": rows, "title": f"A chart: {kind}"}
        pieces.append({"type": "chart", "value": chart})
    return pieces


@pytest.mark.browser
class TestAStoryOfEveryBlock:
    @pytest.fixture
    def address(self, every_block, make_story, live_server) -> str:
        story = make_story(json.dumps(every_block, cls=DjangoJSONEncoder))
        return live_server.url + story.url

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 1280])
    def test_gives_axe_nothing_to_say(self, address, browser, scheme, width):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page.goto(address)
        results = axe_playwright.Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        page.close()

    def test_does_not_scroll_sideways_on_a_small_phone(self, address, browser):
        page = browser.new_page(viewport={"width": 320, "height": 700})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.close()

    def test_prints_what_is_folded_and_asks_nothing(self, address, browser):
        page = browser.new_page()
        page.goto(address)
        ask, rows = page.locator(".call-to-action").first, page.locator(".money table").first
        assert (ask.is_visible(), rows.is_visible()) == (True, False)
        page.emulate_media(media="print")
        assert (ask.is_visible(), rows.is_visible()) == (False, True)
        page.close()

    @pytest.mark.parametrize("look", [{"java_script_enabled": False}, {}], ids=["script", "paper"])
    def test_shows_every_block_without(self, address, browser, look):
        page = browser.new_page(**look)
        page.goto(address)
        if not look:
            page.emulate_media(media="print")
        blocks = page.locator(".story-body > *")
        hidden = {block.get_attribute("class") for block in blocks.all() if not block.is_visible()}
        assert blocks.count() > 20
        assert hidden == (set() if look else {"call-to-action", "related-stories"})
        page.close()

    def test_asks_no_other_site_before_the_reader_says_so(self, address, browser, live_server):
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.route("https://**", lambda route: route.fulfill(body="<p>there</p>"))
        page.goto(address, wait_until="networkidle")
        assert [url for url in asked if not url.startswith(live_server.url)] == []
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Show it from").click()
        page.wait_for_selector("other-site iframe")
        assert any("youtube-nocookie.com" in url for url in asked)
        page.reload()
        page.wait_for_selector("other-site iframe")
        page.close()


class TestTheStylesOfAStory:
    def test_name_every_block_that_needs_some(self):
        """A block's own stylesheet is named on the block, so that only its pages load it."""
        with_media = {
            key for key, block in BUILT_IN_BLOCKS.items() if hasattr(block, "reader_media")
        }
        assert {"chart", "money", "table", "embed", "gallery", "fact_box"} <= with_media
