import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from wagtail.rich_text import RichText

from elections.models import StoryFinding
from elections.prose.checking import check_page_by_id
from newsroom.pages.models import StoryPage
from newsroom.roles import create_roles
from tests.elections.stories import make_section, make_story


@pytest.fixture
def story(night) -> StoryPage:
    words = (
        f'<p>By <a linktype="checked-fact" contest="{night.contest.pk}" figure="margin_points"'
        ' tolerance="rounded">20 points</a>.</p>'
    )
    story = make_story(make_section(), contests=[night.contest])
    story.body.insert(0, ("paragraph", RichText(words)))
    story.save_revision().publish()
    check_page_by_id(story.pk)
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def client_of(story, client, django_user_model):
    """Sign somebody in who belongs to a group; editors may edit the story, others may not."""

    def sign_in(group: str):
        user = django_user_model.objects.create_user(group)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    create_roles()
    return sign_in


def accept(client, now: str = "9.7 points"):
    finding = StoryFinding.objects.get()
    return client.post(reverse("elections_untrue:accept", args=[finding.pk]), {"now": now})


class TestTheQueue:
    address = "/admin/elections/untrue/"

    def test_has_old_and_new_and_leads_to_the_block(self, story, admin_client):
        html = admin_client.get(self.address).content.decode()
        block = story.body[0].id
        assert f'href="/admin/pages/{story.pk}/edit/#block-{block}-section">20 points</a>' in html
        assert "9.7 points" in html
        assert story.title in html

    def test_says_what_will_be_here_when_it_is_empty(self, admin_client, db):
        assert "agree with their races" in admin_client.get(self.address).content.decode()

    def test_is_for_who_may_edit_the_story(self, client_of):
        assert "20 points" in client_of("Newsroom editors").get(self.address).content.decode()

    def test_shows_others_nothing(self, client_of):
        answer = client_of("Newsletter staff").get(self.address)
        assert "20 points" not in answer.content.decode()

    def test_changes_nothing_on_get(self, story, admin_client):
        address = reverse("elections_untrue:accept", args=[StoryFinding.objects.get().pk])
        assert admin_client.get(address).status_code == 405


class TestAccept:
    def test_takes_it_off_the_queue(self, story, admin_client):
        accept(admin_client)
        admin_client.get("/admin/")  # shows the message
        html = admin_client.get("/admin/elections/untrue/").content.decode()
        assert "20 points" not in html
        assert StoryFinding.objects.get().accepted_by.username == "admin"

    def test_asks_to_look_again_when_the_race_has_moved_on(self, story, admin_client):
        answer = accept(admin_client, now="3 points")
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        assert any("moved on" in text for text in said)
        assert StoryFinding.objects.get().accepted_at is None

    def test_is_not_for_who_may_not_edit_the_story(self, client_of):
        assert accept(client_of("Newsletter staff")).status_code == 404


class TestThePanel:
    def test_names_the_stories(self, story, admin_client):
        html = admin_client.get("/admin/").content.decode()
        assert "Stories with untrue numbers" in html
        assert f"{story.title}</a>: 1 sentence" in html

    def test_is_not_there_when_all_is_true(self, story, admin_client):
        StoryFinding.objects.update(accepted_at=timezone.now())
        assert "Stories with untrue numbers" not in admin_client.get("/admin/").content.decode()


class TestPublication:
    def test_warns_and_stops_nothing(self, story, admin_client, rf):
        from elections.desk.untrue import warn_of_untrue

        request = admin_client.get("/admin/").wsgi_request
        warn_of_untrue(request, story)
        (said,) = [str(message) for message in get_messages(request)]
        assert "one sentence does not agree with its race: “20 points”" in said
        assert "The race says: 9.7 points." in said
