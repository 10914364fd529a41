import logging
import re

import pytest
from django.test import RequestFactory
from wagtail.models import Site
from wagtail.rich_text import RichText

from newsroom.bodies import render_body
from newsroom.links import expand_together
from newsroom.pages.models import StoryPage

pytestmark = pytest.mark.django_db


def link_to(page: StoryPage, text: str = "as we reported") -> str:
    return f'<p>It is so, <a linktype="page" id="{page.pk}">{text}</a>.</p>'


def fresh(story: StoryPage) -> StoryPage:
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def request_of_site(home):
    request = RequestFactory().get("/")
    Site.find_for_request(request)
    return request


class TestLinks:
    def test_cost_one_query_however_many(
        self, make_story, request_of_site, django_assert_num_queries
    ):
        targets = [make_story() for _ in range(10)]
        story = fresh(make_story([("paragraph", RichText(link_to(page))) for page in targets]))
        story.get_url(request_of_site)
        with django_assert_num_queries(1):
            html = render_body(story.body, {"request": request_of_site, "page": story})
        assert re.findall(r'href="([^"]+)"', html) == [page.url for page in targets]

    def test_are_resolved_inside_other_blocks(self, make_story, request_of_site):
        target = make_story()
        text = RichText(link_to(target))
        assert target.url in expand_together([text.source], request_of_site)[0]

    def test_to_a_page_taken_down_become_plain_text(self, make_story, request_of_site):
        target = make_story()
        story = fresh(make_story([("paragraph", RichText(link_to(target)))]))
        target.unpublish()
        html = render_body(story.body, {"request": request_of_site})
        assert "<a>as we reported</a>" in html

    def test_to_a_deleted_page_become_plain_text(self, make_story, request_of_site):
        target = make_story()
        story = fresh(make_story([("paragraph", RichText(link_to(target)))]))
        target.delete()
        assert "<a>as we reported</a>" in render_body(story.body, {"request": request_of_site})

    def test_to_other_sites_and_addresses_stay(self, make_story, request_of_site):
        source = (
            '<p><a href="https://example.com/?a=1&amp;b=2">x</a> <a href="mailto:a@b.c">y</a></p>'
        )
        assert expand_together([source], request_of_site) == [source]

    def test_follow_the_reader_s_language_through_wagtail(
        self, make_story, request_of_site, settings
    ):
        settings.WAGTAIL_I18N_ENABLED = True
        target = make_story()
        assert f'href="{target.url}"' in expand_together([link_to(target)], request_of_site)[0]

    def test_keep_texts_apart(self, request_of_site):
        sources = ["<p>one</p>", "", "<p>three</p>"]
        assert expand_together(sources, request_of_site) == sources

    def test_leave_the_body_as_it_was_for_a_save(self, make_story, request_of_site):
        target = make_story()
        story = fresh(make_story([("paragraph", RichText(link_to(target)))]))
        before = story.body.get_prep_value()
        render_body(story.body, {"request": request_of_site})
        assert story.body.get_prep_value() == before


class TestPictures:
    def test_cost_one_query_for_all_renditions(
        self, make_story, make_image, request_of_site, django_assert_max_num_queries
    ):
        pictures = [make_image(f"Picture {number}") for number in range(4)]
        blocks = [
            ("image", {"image": {"image": picture, "alt_text": picture.title}})
            for picture in pictures
        ]
        story = make_story(blocks)
        render_body(fresh(story).body, {"request": request_of_site})
        # One for the pictures, one for their renditions.
        body = fresh(story).body
        with django_assert_max_num_queries(2):
            html = render_body(body, {"request": request_of_site})
        assert html.count("<figure") == 4


class TestFailingBlock:
    def test_is_left_out_and_logged(self, make_story, request_of_site, monkeypatch, caplog):
        from newsroom.blocks import HeadingBlock

        def fail(*args: object, **kwargs: object) -> str:
            raise ZeroDivisionError

        monkeypatch.setattr(HeadingBlock, "render", fail)
        story = fresh(
            make_story(
                [
                    ("heading", {"text": "Broken", "level": "h2"}),
                    ("paragraph", RichText("<p>The rest.</p>")),
                ]
            )
        )
        with caplog.at_level(logging.ERROR, logger="newsroom.bodies"):
            html = render_body(story.body, {"request": request_of_site})
        assert "The rest." in html
        assert "Broken" not in html
        assert caplog.records[0].block_type == "heading"

    def test_is_raised_for_a_developer(self, make_story, request_of_site, monkeypatch, settings):
        from newsroom.blocks import HeadingBlock

        def fail(*args: object, **kwargs: object) -> str:
            raise ZeroDivisionError

        settings.DEBUG = True
        monkeypatch.setattr(HeadingBlock, "render", fail)
        story = fresh(make_story([("heading", {"text": "Broken", "level": "h2"})]))
        with pytest.raises(ZeroDivisionError):
            render_body(story.body, {"request": request_of_site})
