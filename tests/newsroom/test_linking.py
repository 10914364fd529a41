import pytest
from django.core.management import call_command
from wagtail.rich_text import RichText

from newsroom.linking import links_of, roles_of, shown_by_itself
from newsroom.models import StoryLink, StorySubject
from newsroom.pages.models import StoryPage, StorySubjectLink
from newsroom.subjects import Subjects

pytestmark = pytest.mark.django_db


class Boxes(Subjects):
    """Every fact box is about what its heading says."""

    is_empty = False

    def in_body(self, items):
        return [item["value"]["heading"] for item in items if item["type"] == "fact_box"]


@pytest.fixture(autouse=True)
def boxes(settings):
    settings.NEWSROOM_SUBJECTS = "tests.newsroom.test_linking.Boxes"


def link_to(story, key: str, role: str) -> None:
    StorySubjectLink.objects.create(page=story, subject=key, role=role)


def fact_box(heading: str) -> tuple[str, dict]:
    return ("fact_box", {"heading": heading, "text": RichText("<p>So it is.</p>")})


def publish(story) -> StoryPage:
    story = StoryPage.objects.get(pk=story.pk)
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


class TestLinksOf:
    def test_are_the_pages_and_addresses_of_the_text_each_once(self, make_story):
        other = make_story()
        text = RichText(
            f'<p><a linktype="page" id="{other.pk}">One</a> <a linktype="page" id="{other.pk}">'
            'again</a> <a href="https://example.org/?a=1&amp;b=2">out</a></p>'
        )
        found = links_of(make_story([("paragraph", text)]))
        assert found.pages == (other.pk,)
        assert found.urls == ("https://example.org/?a=1&b=2",)

    def test_hold_the_stories_of_a_box(self, make_story):
        other = make_story()
        items = [
            {"page": other, "url": "", "headline": ""},
            {"page": None, "url": "https://example.org/x", "headline": "X"},
        ]
        story = make_story([("related_stories", {"heading": "", "items": items})])
        assert links_of(story).pages == (other.pk,)
        assert links_of(story).urls == ("https://example.org/x",)

    def test_cost_no_query(self, make_story, django_assert_num_queries):
        story = make_story([("paragraph", RichText('<p><a href="https://a.example">A</a></p>'))])
        with django_assert_num_queries(0):
            links_of(story)


class TestRolesOf:
    def test_are_what_the_editor_says(self, make_story):
        story = make_story()
        link_to(story, "7", "preview")
        assert roles_of(story) == {"7": "preview"}

    def test_take_in_by_themselves_what_the_text_shows(self, make_story):
        story = make_story([fact_box("7")])
        assert roles_of(story) == {"7": "result"}
        assert shown_by_itself(story) == ["7"]

    def test_prefer_the_editors_word_to_the_text(self, make_story):
        story = make_story([fact_box("7")])
        link_to(story, "7", "analysis")
        assert roles_of(story) == {"7": "analysis"}
        assert shown_by_itself(story) == []

    def test_leave_out_what_the_editor_takes_away(self, make_story):
        story = make_story([fact_box("7")])
        link_to(story, "7", "none")
        assert roles_of(story) == {}


class TestWhatIsWrittenDown:
    def test_comes_with_publishing(self, make_story):
        other = make_story()
        text = RichText(f'<p><a linktype="page" id="{other.pk}">One</a></p>')
        story = make_story([("paragraph", text), fact_box("7")])
        assert list(StoryLink.objects.values_list("page_id", "target_id")) == [(story.pk, other.pk)]
        assert list(StorySubject.objects.values_list("page_id", "subject", "role")) == [
            (story.pk, "7", "result")
        ]

    def test_does_not_follow_a_draft(self, make_story):
        story = make_story([fact_box("7")])
        story.body = []
        story.save_revision()
        assert StorySubject.objects.filter(page_id=story.pk).exists()

    def test_is_written_anew_each_time(self, make_story):
        story = make_story([fact_box("7")])
        story.body = []
        story.save_revision().publish()
        assert not StorySubject.objects.exists()

    def test_goes_with_the_story(self, make_story):
        make_story([fact_box("7")]).unpublish()
        assert not StorySubject.objects.exists()

    def test_goes_with_a_deleted_story(self, make_story):
        make_story([fact_box("7")]).delete()
        assert not StorySubject.objects.exists()

    def test_is_made_for_stories_that_were_there_before(self, make_story, capsys):
        story = make_story([fact_box("7")])
        StorySubject.objects.all().delete()
        call_command("index_stories")
        assert StorySubject.objects.get().page_id == story.pk
        assert "1 story" in capsys.readouterr().out
