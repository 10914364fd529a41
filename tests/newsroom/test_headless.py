import pytest
from wagtail.rich_text import RichText

pytestmark = pytest.mark.django_db


def blocks(client, story) -> dict:
    response = client.get(f"/api/v2/pages/{story.pk}/")
    assert response.status_code == 200
    return {block["type"]: block["value"] for block in response.json()["body"]}


class TestAStoryAsData:
    def test_has_its_links_opened(self, make_story, section, client):
        link = f'<p>In <a linktype="page" id="{section.pk}">Education</a>.</p>'
        value = blocks(client, make_story([("paragraph", RichText(link))]))["paragraph"]
        assert value == '<p>In <a href="/education/">Education</a>.</p>'

    def test_has_pictures_with_their_address_and_words(self, make_story, make_image, client):
        image = make_image()
        image.contextual_alt_text, image.decorative = "Ballots on a table", False
        story = make_story([("image", {"image": image, "caption": "Ballots.", "credit": "Ana"})])
        value = blocks(client, story)["image"]
        assert value["image"]["alt"] == "Ballots on a table"
        assert value["image"]["url"].startswith("http")
        assert value["caption"] == "Ballots."

    def test_has_related_stories_by_headline_and_not_drafts(self, make_story, client):
        other, draft = make_story(title="The other story"), make_story(title="A draft")
        draft.unpublish()
        items = [{"page": other, "url": "", "headline": ""}, {"page": draft}]
        story = make_story([("related_stories", {"heading": "More", "items": items})])
        shown, hidden = blocks(client, story)["related_stories"]["items"]
        assert shown["page"]["title"] == "The other story"
        assert hidden["page"] is None

    def test_is_not_there_before_it_is_public(self, make_story, client):
        story = make_story()
        story.unpublish()
        assert client.get(f"/api/v2/pages/{story.pk}/").status_code == 404
