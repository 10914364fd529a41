import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.rich_text import RichText

from newsroom.calls_to_action.models import CallToAction
from newsroom.pages.models import HomePage, SectionPage, StoryByline, StoryPage

pytestmark = pytest.mark.django_db


class TestPageTypes:
    def test_stand_where_they_belong(self):
        assert StoryPage.allowed_subpage_models() == []
        assert SectionPage in HomePage.allowed_subpage_models()
        assert StoryPage in SectionPage.allowed_subpage_models()
        assert HomePage not in SectionPage.allowed_subpage_models()

    def test_let_other_apps_bring_theirs(self):
        assert Page in HomePage.allowed_subpage_models()
        assert Page in SectionPage.allowed_subpage_models()


class TestStoryPage:
    def test_shows_what_a_reader_needs(self, make_story, make_author, make_image, client):
        story = make_story(
            [("paragraph", RichText("<p>The count goes on.</p>"))],
            dek="A dek.",
            authors=[make_author("Zoe Park")],
            lead_image=make_image(),
            lead_image_alt="A box of ballots",
            lead_image_credit="Ana Ruiz",
        )
        html = client.get(story.url).content.decode()
        for part in (story.title, "A dek.", "Zoe Park", "A box of ballots", "Ana Ruiz",
                     "The count goes on.", "Education"):  # fmt: skip
            assert part in html
        assert f'<link rel="canonical" href="http://localhost{story.url}">' in html

    def test_holds_no_inline_script_or_style(self, make_story, client, newsletter):
        ask = CallToAction.objects.create(
            kind="newsletter", heading="Ask", button_label="Sign up", newsletter=newsletter
        )
        story = make_story(
            [
                ("call_to_action", {"call_to_action": ask}),
                ("embed", {"url": "https://www.youtube.com/watch?v=a", "title": "Video"}),
            ]
        )
        html = client.get(story.url).content.decode()
        assert "<script>" not in html
        assert "style=" not in html
        assert "<style" not in html
        assert "onclick" not in html

    def test_refuses_an_author_twice(self, make_story, make_author):
        author = make_author("Zoe Park")
        story = make_story(authors=[author])
        with pytest.raises(ValidationError, match="already"):
            StoryByline(page=story, author=author).full_clean()


class TestBudget:
    """A story costs 14 queries at most, whatever it links to, and one more for its pictures."""

    def count(self, client, story: StoryPage) -> int:
        client.get(story.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(story.url).status_code == 200
        return len(captured)

    def test_of_a_story_with_ten_links_is_fourteen(
        self, make_story, make_author, make_image, client
    ):
        body = [
            ("paragraph", RichText(f'<p>See <a linktype="page" id="{make_story().pk}">it</a>.</p>'))
            for _ in range(10)
        ]
        story = make_story(
            body,
            authors=[make_author("Zoe Park"), make_author("Abel Ortiz")],
            lead_image=make_image(),
            lead_image_alt="x",
        )
        assert self.count(client, story) <= 15

    def test_does_not_grow_with_links(self, make_story, client):
        def story_with(links: int) -> StoryPage:
            text = '<p><a linktype="page" id="{}">it</a></p>'
            return make_story(
                [("paragraph", RichText(text.format(make_story().pk))) for _ in range(links)]
            )

        assert self.count(client, story_with(1)) == self.count(client, story_with(12))
