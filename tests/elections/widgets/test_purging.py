import pytest
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.models import Site

from elections.pages.models import RacePage
from elections.widgets.purging import pages_showing
from newsroom.models import StorySubject
from newsroom.pages.models import StoryPage
from tests.elections.documents import at, board, document

purged: list[str] = []


class RecordingBackend(BaseBackend):
    def purge(self, url):
        purged.append(url)


@pytest.fixture
def story(night) -> StoryPage:
    home = Site.objects.get(is_default_site=True).root_page
    story = StoryPage(title="Story", slug="story")
    story.body = [("live_result", {"contest": night.contest, "size": "story"})]
    home.add_child(instance=story)
    home.add_child(instance=StoryPage(title="Other", slug="other"))
    return story


@pytest.fixture
def cache_in_front(settings):
    purged.clear()
    settings.WAGTAILFRONTENDCACHE = {
        "front": {"BACKEND": "tests.elections.widgets.test_purging.RecordingBackend"}
    }


class TestPagesShowing:
    def test_are_the_stories_with_the_race_in_them(self, night, story):
        assert list(pages_showing([night.contest.pk])) == [story.page_ptr]

    def test_have_the_page_of_the_race(self, night):
        home = Site.objects.get(is_default_site=True).root_page
        page = home.add_child(instance=RacePage(title="Race", slug="race", contest=night.contest))
        assert list(pages_showing([night.contest.pk])) == [page.page_ptr]

    def test_have_the_stories_that_are_only_about_it(self, night, story):
        other = StoryPage.objects.get(slug="other")
        StorySubject.objects.create(page_id=other.pk, subject=str(night.contest.pk), role="preview")
        assert set(pages_showing([night.contest.pk])) == {story.page_ptr, other.page_ptr}

    def test_have_the_scoreboards_of_its_election(self, night, story):
        other = StoryPage.objects.get(slug="other")
        other.body = [("scoreboard", {"election": night.source.election})]
        other.save()
        assert other.page_ptr in pages_showing([night.contest.pk])

    def test_leave_out_drafts(self, night, story):
        story.unpublish()
        assert not pages_showing([night.contest.pk]).exists()


class TestPurge:
    def test_follows_a_new_count(self, night, story, cache_in_front):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert purged == [story.full_url]

    def test_does_not_follow_an_unchanged_one(self, night, story, cache_in_front):
        night.say(document(at("20:36"), board(61_168, 50_310)))
        assert purged == []
