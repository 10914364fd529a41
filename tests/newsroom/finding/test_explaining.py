import pytest
from django.urls import reverse
from wagtail.rich_text import RichText

from newsroom.finding.explaining import explain_onward
from newsroom.pages.models import StoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def others(make_story) -> list[StoryPage]:
    return [make_story() for _ in range(4)]


@pytest.fixture
def story(make_story, others) -> StoryPage:
    first, draft, linked, _ = others
    draft.unpublish()
    text = RichText(f'<p><a linktype="page" id="{linked.pk}">Before</a></p>')
    outside = {"url": "https://example.com/a", "headline": "Elsewhere"}
    items = [{"page": first}, {"page": draft}, {"page": linked}, outside]
    return make_story([("paragraph", text), ("related_stories", {"items": items})])


class TestWhatAStoryLeadsOnTo:
    def test_says_why_each_was_chosen(self, story, others):
        first, draft, linked, _ = others
        assert [(one.title, one.why) for one in explain_onward(story)] == [
            (first.title, "Chosen by hand."),
            (draft.title, "Chosen by hand, and left out: readers cannot open it."),
            (linked.title, "Chosen by hand, and left out: the text leads to it already."),
            ("Elsewhere", "Chosen by hand."),
        ]

    def test_has_those_that_are_listed_by_themselves(self, make_story):
        story, *others = make_story(), make_story(), make_story()
        onward = explain_onward(story)
        assert {one.page for one in onward} == set(others)
        assert onward[0].why == "Latest in Education. It is among the latest of this section."

    def test_names_a_story_that_leads_to_itself(self, make_story):
        story = make_story()
        story.body = [("related_link", {"page": story})]
        assert explain_onward(story)[0].why.endswith("left out: it is this story.")

    def test_stands_in_the_editor(self, story, others, admin_client):
        edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
        html = admin_client.get(edit).content.decode()
        assert "What it leads on to, and why" in html
        assert "Chosen by hand, and left out: readers cannot open it." in html
