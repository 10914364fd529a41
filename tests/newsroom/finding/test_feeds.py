import pytest
from django.utils.dateparse import parse_datetime
from lxml import etree

from newsroom.models import Topic
from newsroom.pages.models import StoryTopic

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response) -> list[etree._Element]:
    assert response["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(response.content).findall(f"{ATOM}entry")


class TestFeed:
    def test_of_the_site_has_its_newest_stories(self, make_story, make_author, make_image, client):
        make_story(
            title="The count & more", dek="A <dek>.", authors=[make_author("Ana Ruiz")],
            lead_image=make_image(), lead_image_alt="x",
        )  # fmt: skip
        (entry,) = entries(client.get("/feeds/stories.atom"))
        assert entry.findtext(f"{ATOM}title") == "The count & more"
        assert entry.findtext(f"{ATOM}summary") == "A <dek>."
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ana Ruiz"
        assert parse_datetime(entry.findtext(f"{ATOM}published"))

    def test_keeps_the_id_of_a_story_that_moves(self, make_story, section, client):
        story = make_story()
        before = entries(client.get("/feeds/stories.atom"))[0].findtext(f"{ATOM}id")
        story.slug = "elsewhere"
        story.save_revision().publish()
        (entry,) = entries(client.get("/feeds/stories.atom"))
        assert entry.findtext(f"{ATOM}id") == before
        assert "elsewhere" in entry.find(f"{ATOM}link").get("href")

    def test_of_a_section_a_topic_and_an_author(self, make_story, make_author, section, client):
        author = make_author("Ana Ruiz")
        topic = Topic.objects.create(name="Seats", slug="seats")
        story = make_story(authors=[author])
        make_story()
        StoryTopic.objects.create(page=story, topic=topic)
        assert len(entries(client.get(f"/feeds/section/{section.pk}.atom"))) == 2
        assert len(entries(client.get("/feeds/topic/seats.atom"))) == 1
        assert len(entries(client.get(f"/feeds/author/{author.slug}.atom"))) == 1
        assert client.get("/feeds/section/999999.atom").status_code == 404

    def test_says_when_nothing_has_changed(self, make_story, client):
        make_story()
        first = client.get("/feeds/stories.atom")
        again = client.get("/feeds/stories.atom", headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        make_story()
        news = client.get("/feeds/stories.atom", headers={"if-none-match": first["ETag"]})
        assert news.status_code == 200

    def test_is_named_in_the_page(self, make_story, section, client):
        html = client.get(section.url).content.decode()
        assert 'href="/feeds/stories.atom"' in html
        assert f'href="/feeds/section/{section.pk}.atom"' in html
