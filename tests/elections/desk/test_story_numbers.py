import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page
from wagtail.rich_text import RichText

from elections.desk.story_numbers import offer_numbers
from elections.prose.binding import loose_numbers
from elections.prose.reading import facts_of
from newsroom.pages.models import StoryPage
from tests.elections.stories import make_section, make_story


@pytest.fixture
def story(night) -> StoryPage:
    story = make_story(make_section(), contests=[night.contest])
    story.body.insert(0, ("paragraph", RichText("<p>He leads by 9.7 points.</p>")))
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def address(story) -> str:
    return reverse("elections_untrue:numbers", args=[story.pk])


def choices(story: StoryPage, **facts: str) -> dict[str, str]:
    draft = story.get_latest_revision_as_object()
    chosen = {number.place.key: number.best.key for number in loose_numbers(draft)}
    return {**chosen, "revision": str(story.latest_revision_id), **facts}


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


class TestTheScreen:
    def test_offers_to_bind_what_is_true(self, story, address, admin_client):
        html = admin_client.get(address).content.decode()
        assert "He leads by <mark>9.7 points</mark>." in html
        assert "selected>" in html
        assert "Margin in points, now 9.7 points" in html
        assert "Bind these numbers and publish" in html

    def test_says_what_will_be_here_when_nothing_waits(self, night, admin_client):
        empty = make_story(make_section())
        address = reverse("elections_untrue:numbers", args=[empty.pk])
        assert "waits to be bound" in admin_client.get(address).content.decode()

    def test_changes_nothing_on_get(self, story, address, admin_client):
        before = story.revisions.count()
        admin_client.get(address)
        assert story.revisions.count() == before

    def test_binds_in_the_draft(self, story, address, admin_client):
        answer = admin_client.post(address, choices(story))
        assert "1 number is bound in the draft" in said(answer)
        story.refresh_from_db()
        assert list(facts_of(story)) == []
        draft = story.get_latest_revision_as_object()
        assert [fact.words for fact in facts_of(draft)] == ["9.7 points"]
        assert draft.latest_revision.user.username == "admin"

    def test_publishes_what_readers_have_already(self, story, address, admin_client):
        admin_client.post(address, choices(story, publish="yes"))
        assert [f.words for f in facts_of(StoryPage.objects.get(pk=story.pk))] == ["9.7 points"]

    def test_publishes_no_draft_of_somebody(self, story, address, admin_client):
        story.title = "Not for readers yet"
        story.save_revision()
        story.refresh_from_db()
        admin_client.post(address, choices(story, publish="yes"))
        assert StoryPage.objects.get(pk=story.pk).title != "Not for readers yet"

    def test_overwrites_nobody(self, story, address, admin_client):
        posted = choices(story)
        story.save_revision()
        answer = admin_client.post(address, posted)
        assert "Somebody has saved the story since" in said(answer)
        assert list(facts_of(Page.objects.get(pk=story.pk).get_latest_revision_as_object())) == []

    def test_is_not_for_who_may_not_edit_the_story(self, address, client, django_user_model):
        client.force_login(django_user_model.objects.create_user("somebody"))
        assert client.get(address).status_code in (302, 403)

    def test_leaves_a_locked_story_alone(self, story, address, admin_client, django_user_model):
        story.locked, story.locked_by = True, django_user_model.objects.create_user("other")
        story.save()
        assert "locked" in said(admin_client.post(address, choices(story)))
        assert list(facts_of(story.get_latest_revision_as_object())) == []


class TestTheOffer:
    def test_comes_after_a_save(self, story, address, admin_client):
        request = admin_client.get("/admin/").wsgi_request
        offer_numbers(request, story)
        (message,) = get_messages(request)
        assert "“9.7 points” is true of the race now" in str(message)
        assert address in str(message)

    def test_does_not_come_while_somebody_writes(self, story, admin_client):
        headers = {"accept": "application/json"}
        request = admin_client.get("/admin/", headers=headers).wsgi_request
        offer_numbers(request, story)
        assert list(get_messages(request)) == []

    def test_stands_in_the_menu_of_a_story(self, story, address, admin_client):
        edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
        assert address in admin_client.get(edit).content.decode()
