from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree
from wagtail.models import PageViewRestriction

from newsroom.finding import sitemaps

pytestmark = pytest.mark.django_db


def addresses(response) -> list[str]:
    assert response.status_code == 200
    return etree.fromstring(response.content).xpath("//*[local-name()='loc']/text()")


class TestSitemap:
    def test_lists_what_every_reader_may_open(self, make_story, section, client):
        story, draft, private = make_story(), make_story(), make_story()
        draft.unpublish()
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        found = addresses(client.get("/sitemap-1.xml"))
        assert f"http://localhost{story.url}" in found
        assert len(found) == 3  # the front page, the section, the story

    def test_comes_in_parts(self, make_story, client, monkeypatch):
        monkeypatch.setattr(sitemaps, "PER_SITEMAP", 2)
        make_story()
        assert [url.rpartition("/")[2] for url in addresses(client.get("/sitemap.xml"))] == [
            "sitemap-1.xml", "sitemap-2.xml", "sitemap-news.xml",
        ]  # fmt: skip
        assert len(addresses(client.get("/sitemap-2.xml"))) == 1
        assert client.get("/sitemap-3.xml").status_code == 404
        assert client.get("/sitemap-0.xml").status_code == 404

    def test_of_news_has_the_last_two_days(self, make_story, client):
        make_story(title="Old", first_published_at=timezone.now() - timedelta(days=3))
        make_story(title="Fresh & new")
        response = client.get("/sitemap-news.xml")
        assert len(addresses(response)) == 1
        assert "Fresh &amp; new" in response.content.decode()


class TestRobots:
    def test_names_the_sitemap(self, home, client, settings):
        settings.NEWSROOM_DEMONSTRATION = False
        text = client.get("/robots.txt").content.decode()
        assert "Sitemap: http://testserver/sitemap.xml" in text
        assert "Disallow: /search/" in text

    def test_keeps_a_demonstration_out_of_search_engines(self, home, client, settings):
        settings.NEWSROOM_DEMONSTRATION = True
        assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
