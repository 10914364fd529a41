import pytest
from wagtail.models import PageViewRestriction

from newsroom.models.homes import LATEST_STORIES, STORIES_PER_SECTION
from newsroom.pages.models import SectionPage

pytestmark = pytest.mark.django_db


def context_of(home, client) -> dict:
    return client.get(home.url).context


class TestLeadStory:
    def test_is_the_one_chosen(self, home, make_story, client):
        chosen, _newest = make_story(), make_story()
        home.lead_story = chosen
        home.save()
        assert context_of(home, client)["lead_story"] == chosen

    def test_is_the_newest_when_none_is_chosen(self, home, make_story, client):
        _older, newest = make_story(), make_story()
        assert context_of(home, client)["lead_story"] == newest

    def test_is_the_newest_when_the_chosen_one_was_taken_down(self, home, make_story, client):
        chosen, newest = make_story(), make_story()
        home.lead_story = chosen
        home.save()
        chosen.unpublish()
        assert context_of(home, client)["lead_story"] == newest

    def test_is_the_newest_when_the_chosen_one_is_not_public(self, home, make_story, client):
        chosen, newest = make_story(), make_story()
        home.lead_story = chosen
        home.save()
        PageViewRestriction.objects.create(page=chosen, restriction_type="login")
        assert context_of(home, client)["lead_story"] == newest

    def test_is_none_on_an_empty_site(self, home, client):
        assert context_of(home, client)["lead_story"] is None


class TestLatest:
    def test_leaves_out_the_lead_story(self, home, make_story, client):
        stories = [make_story() for _ in range(LATEST_STORIES + 2)]
        context = context_of(home, client)
        assert context["latest"] == stories[-2 : -2 - LATEST_STORIES : -1]


class TestSections:
    def test_come_with_their_own_latest(self, home, section, make_story):
        other = home.add_child(instance=SectionPage(title="Transit", slug="transit"))
        in_section = [make_story() for _ in range(STORIES_PER_SECTION + 1)]
        in_other = make_story(parent=other)
        sections = home.get_sections()
        assert [found.pk for found in sections] == [section.pk, other.pk]
        assert sections[0].latest == in_section[:0:-1]
        assert sections[1].latest == [in_other]

    def test_do_not_repeat_what_stands_above(self, home, section, make_story, client):
        stories = [make_story() for _ in range(LATEST_STORIES + 3)]
        (found,) = context_of(home, client)["sections"]
        assert found.latest == [stories[1], stories[0]]

    def test_with_nothing_else_to_show_are_left_out(self, home, section, make_story, client):
        make_story()
        assert context_of(home, client)["sections"] == []
