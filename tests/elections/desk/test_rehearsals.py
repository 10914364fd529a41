"""Whoever publishes a page with a test election is asked first."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StreamBlock
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import querydict_from_html

from elections.boards import ScoreboardBlock
from elections.desk.rehearsals import new_tests, shown_tests
from elections.models import Contest, Election
from elections.pages.models import ElectionPage, RacePage
from newsroom.pages.models import StoryPage


@pytest.fixture
def rehearsed(board: Contest) -> Contest:
    Election.objects.update(is_test=True)
    board.refresh_from_db()
    return board


@pytest.fixture
def home(db: None) -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def story(home: Page, rehearsed: Contest) -> StoryPage:
    """A draft with a live result of the test."""
    story = StoryPage(title="Night", slug="night", live=False)
    story.body = [("live_result", {"contest": rehearsed, "size": "story"})]
    home.add_child(instance=story)
    story.save_revision()
    return story


@pytest.fixture
def race_page(home: Page, rehearsed: Contest) -> RacePage:
    page = RacePage(title="District 3", slug="district-3", contest=rehearsed, live=False)
    home.add_child(instance=page)
    page.save_revision()
    return page


def press_publish(client: Client, page: Page):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    form.update({"action-publish": "1", "body-count": "0"})
    return client.post(url, form)


def question(page: Page) -> str:
    return reverse("elections_rehearsals:publish", args=[page.pk])


def answer(client: Client, page: Page, **facts: str):
    page = Page.objects.get(pk=page.pk)
    return client.post(question(page), {"revision": page.latest_revision_id, **facts})


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


class TestWhatIsShown:
    def test_is_named_whichever_way_a_page_shows_it(self, home, story, rehearsed) -> None:
        assert shown_tests(story) == [rehearsed.name]
        slot = StreamBlock([("scoreboard", ScoreboardBlock())])
        board = slot.to_python(
            [{"type": "scoreboard", "value": {"election": rehearsed.election_id}}]
        )
        story.body = board
        assert shown_tests(story) == [rehearsed.election.name]
        figure = f'<embed embedtype="live-figure" contest="{rehearsed.pk}" figure="leader"/>'
        story.body = [("paragraph", f"<p>{figure}</p>")]
        assert shown_tests(StoryPage(body=story.body)) == [rehearsed.name]
        assert shown_tests(ElectionPage(election=rehearsed.election)) == [rehearsed.election.name]

    def test_is_nothing_of_a_real_election(self, story) -> None:
        Election.objects.update(is_test=False)
        assert shown_tests(story) == []

    def test_is_new_until_readers_see_it(self, admin_client: Client, story, rehearsed) -> None:
        assert new_tests(story) == [rehearsed.name]
        answer(admin_client, story, is_meant="on")
        assert new_tests(StoryPage.objects.get(pk=story.pk)) == []


class TestPublishing:
    def test_waits_for_the_answer(self, admin_client: Client, race_page, rehearsed) -> None:
        response = press_publish(admin_client, race_page)
        assert response["Location"] == question(race_page)
        assert not is_live(race_page)
        html = admin_client.get(question(race_page)).content.decode()
        assert "is not public yet" in html
        assert rehearsed.name in html

    def test_goes_on_once_it_is_ticked(self, admin_client: Client, race_page) -> None:
        press_publish(admin_client, race_page)
        answer(admin_client, race_page, is_meant="on")
        assert is_live(race_page)

    def test_stays_a_draft_without_the_tick(self, admin_client: Client, race_page) -> None:
        response = answer(admin_client, race_page)
        assert "Tick it, or leave the page a draft." in response.content.decode()
        assert not is_live(race_page)

    def test_asks_again_when_the_draft_is_another(self, admin_client: Client, race_page) -> None:
        response = answer(admin_client, race_page, revision="0", is_meant="on")
        assert "The draft has changed since." in response.content.decode()
        assert not is_live(race_page)

    def test_is_not_asked_twice(self, admin_client: Client, race_page) -> None:
        answer(admin_client, race_page, is_meant="on")
        response = press_publish(admin_client, RacePage.objects.get(pk=race_page.pk))
        assert "rehearsals" not in response["Location"]

    def test_of_a_real_race_is_not_asked(self, admin_client: Client, race_page) -> None:
        Election.objects.update(is_test=False)
        press_publish(admin_client, race_page)
        assert is_live(race_page)

    def test_is_for_who_may_publish_the_page(self, editor: Client, race_page) -> None:
        assert editor.get(question(race_page)).status_code == 302
        answer(editor, race_page, is_meant="on")
        assert not is_live(race_page)


class TestSeveralPages:
    def publish(self, client: Client, *pages: Page, **facts: str):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        ids = "&".join(f"id={page.pk}" for page in pages)
        return client.post(f"{url}?{ids}&next=/admin/", facts, follow=True)

    def test_are_not_published_while_one_shows_a_test(self, admin_client, home, story) -> None:
        plain = StoryPage(title="Plain", slug="plain", live=False)
        home.add_child(instance=plain)
        response = self.publish(admin_client, plain, story)
        assert "Nothing was published." in response.content.decode()
        assert not is_live(story)
        assert not is_live(plain)

    def test_are_not_published_with_a_draft_below_them(self, admin_client, home, story) -> None:
        self.publish(admin_client, home, include_descendants="on")
        assert not is_live(story)

    def test_are_published_where_there_is_no_test(self, admin_client, home, story) -> None:
        plain = StoryPage(title="Plain", slug="plain", live=False)
        home.add_child(instance=plain)
        self.publish(admin_client, plain)
        assert is_live(plain)
