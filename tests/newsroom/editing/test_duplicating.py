import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Comment

from elections.models import Contest
from newsroom.editing.duplicating import duplicate, figures_in
from newsroom.pages.models import StoryPage, StorySubjectLink
from tests.elections.stories import make_section, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(night, election) -> Contest:
    return Contest.objects.create(election=election, name="District 5")


@pytest.fixture
def story(night) -> StoryPage:
    story = make_story(make_section(), contests=[night.contest])
    StorySubjectLink.objects.create(page=story, subject=str(night.contest.pk), role="analysis")
    story = StoryPage.objects.get(pk=story.pk)
    story.body = [
        *[(child.block_type, child.value) for child in story.body],
        ("heading", {"text": "She leads by 7 points with 18,000 votes", "level": "h2"}),
    ]
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def copy(story, night, other, admin_user) -> StoryPage:
    keys = {str(night.contest.pk): str(other.pk)}
    made = duplicate(story, title="District 5", slug="district-5", keys=keys, user=admin_user)
    return StoryPage.objects.get(pk=made.pk).get_latest_revision_as_object()


class TestDuplicate:
    def test_is_a_draft_beside_the_story(self, copy, story):
        assert not copy.live
        assert copy.first_published_at is None
        assert copy.get_parent().pk == story.get_parent().pk

    def test_shows_the_other_race(self, copy, other):
        results = [child.value for child in copy.body if child.block_type == "live_result"]
        assert [value["contest"] for value in results] == [other]

    def test_is_linked_to_the_other_race(self, copy, other):
        links = [(link.subject, link.role) for link in copy.subject_links.all()]
        assert links == [(str(other.pk), "analysis")]

    def test_leaves_the_story_as_it_was(self, copy, story, night):
        story = StoryPage.objects.get(pk=story.pk)
        assert [link.subject for link in story.subject_links.all()] == [str(night.contest.pk)]
        assert story.live

    def test_names_the_old_figures_in_comments(self, copy):
        comment = Comment.objects.get(page_id=copy.pk)
        block = next(child for child in copy.body if child.block_type == "heading")
        assert "7 points; 18,000 votes" in comment.text
        assert comment.contentpath == f"body.{block.id}"

    def test_can_be_published(self, copy, client):
        copy.get_latest_revision().publish()
        assert "District 5" in client.get(copy.url).content.decode()


class TestFiguresIn:
    def test_are_those_of_words_each_once(self):
        text = "<p>About 6.3 million dollars, $6.3 million; 51.9%, 51.9% and no more.</p>"
        found = figures_in({"type": "paragraph", "value": text})
        assert found == ["6.3 million", "$6.3 million", "51.9%"]

    def test_are_none_of_a_result(self):
        assert figures_in({"type": "live_result", "value": {"contest": 7}}) == []


class TestTheForm:
    def test_makes_the_draft_and_opens_it(self, admin_client, story, other, night):
        url = reverse("newsroom_editing:duplicate", args=[story.pk])
        assert night.contest.name in admin_client.get(url).content.decode()
        fields = {"title": "District 5", f"subject-{night.contest.pk}": other.pk}
        response = admin_client.post(url, fields)
        copy = StoryPage.objects.get(slug="district-5")
        assert response.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
        html = admin_client.get(response.url).content.decode()
        assert "These figures are of the other race" in html

    def test_refuses_a_race_that_is_not_there(self, admin_client, story, night):
        url = reverse("newsroom_editing:duplicate", args=[story.pk])
        fields = {"title": "District 5", f"subject-{night.contest.pk}": "99999"}
        assert "Choose one that is confirmed." in admin_client.post(url, fields).content.decode()

    def test_is_not_for_who_may_not_write_there(self, client, story):
        client.force_login(User.objects.create_user("reader"))
        url = reverse("newsroom_editing:duplicate", args=[story.pk])
        assert client.get(url).status_code == 302

    def test_finds_a_free_address(self, admin_client, story):
        url = reverse("newsroom_editing:duplicate", args=[story.pk])
        admin_client.post(url, {"title": story.title})
        assert StoryPage.objects.filter(slug=f"{story.slug}-2").exists()
