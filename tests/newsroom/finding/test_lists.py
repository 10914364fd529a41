import pytest
from wagtail.models import PageViewRestriction

from newsroom.models import Topic
from newsroom.models.sections import STORIES_PER_PAGE
from newsroom.pages.models import StoryTopic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.create(name="School boards", slug="school-boards", description="Seats.")


def about(story, topic) -> None:
    StoryTopic.objects.create(page=story, topic=topic)


class TestTopic:
    def test_lists_its_stories_newest_first(self, make_story, topic, client):
        older, newer, other = make_story(), make_story(), make_story()
        about(older, topic)
        about(newer, topic)
        response = client.get(topic.url)
        assert list(response.context["stories"]) == [newer, older]
        assert other.title not in response.content.decode()
        assert "Seats." in response.content.decode()
        assert '<meta property="og:title" content="School boards">' in response.content.decode()

    def test_leaves_out_what_is_not_public(self, make_story, topic, client):
        draft, private = make_story(), make_story()
        for story in (draft, private):
            about(story, topic)
        draft.unpublish()
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        html = client.get(topic.url).content.decode()
        assert "No stories on this topic yet" in html

    def test_comes_in_pages(self, make_story, topic, client):
        for _ in range(STORIES_PER_PAGE + 1):
            about(make_story(), topic)
        assert len(client.get(topic.url, {"page": 2}).context["stories"]) == 1

    def test_follows_its_new_name(self, make_story, topic, client):
        about(make_story(), topic)
        topic.name = "Boards of education"
        topic.save()
        assert "Boards of education" in client.get(topic.url).content.decode()

    def test_is_cacheable_for_everyone(self, topic, client):
        response = client.get(topic.url)
        assert response["Cache-Control"].startswith("public")
        assert "Cookie" not in response.get("Vary", "")

    def test_is_not_found_under_a_wrong_name(self, home, client):
        assert client.get("/topics/nothing/").status_code == 404

    def test_is_linked_from_its_stories(self, make_story, topic, client):
        story = make_story()
        about(story, topic)
        assert f'href="{topic.url}"' in client.get(story.url).content.decode()


class TestAuthor:
    def test_lists_their_stories(self, make_story, make_author, client):
        author = make_author("Ana Ruiz")
        story, _other = make_story(authors=[author]), make_story()
        response = client.get(author.url)
        assert list(response.context["stories"]) == [story]
        assert f'href="{author.url}"' in client.get(story.url).content.decode()

    def test_is_shared_with_name_and_portrait(
        self, make_author, make_image, client, settings, tmp_path
    ):
        settings.MEDIA_ROOT = tmp_path
        author = make_author("Ana Ruiz")
        author.portrait = make_image()
        author.save()
        html = client.get(author.url).content.decode()
        assert '<meta property="og:title" content="Ana Ruiz">' in html
        assert f'<meta property="og:url" content="http://testserver{author.url}">' in html
        assert ".fill-600x600.format-jpeg.jpg" in html
