from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from wagtail.models import Revision
from wagtail.rich_text import RichText

from newsroom.pages.models import StoryByline, StoryPage

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 11, 6, 12, tzinfo=ZoneInfo("America/Los_Angeles"))


def fresh(story: StoryPage) -> StoryPage:
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def story(make_story):
    with time_machine.travel(NOON, tick=False):
        return make_story([("paragraph", RichText("<p>He leads by 7,853 votes.</p>"))])


def publish(story: StoryPage, *, after: timedelta, **changes: object) -> StoryPage:
    with time_machine.travel(NOON + after, tick=False):
        story = fresh(story)
        for name, value in changes.items():
            setattr(story, name, value)
        story.save_revision().publish()
    return fresh(story)


class TestUpdatedAt:
    def test_is_none_for_a_new_story(self, story):
        assert story.published_at == NOON
        assert story.updated_at is None

    def test_is_none_when_it_is_published_again_unchanged(self, story):
        assert publish(story, after=timedelta(hours=1)).updated_at is None

    def test_is_none_after_a_last_touch(self, story):
        assert publish(story, after=timedelta(minutes=4), title="Other").updated_at is None

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "He wins"},
            {"dek": "By 7,853 votes."},
            {"body": [("paragraph", RichText("<p>He leads by 8,853 votes.</p>"))]},
        ],
    )
    def test_is_when_the_text_changed(self, story, change):
        changed = publish(story, after=timedelta(hours=1), **change)
        assert changed.updated_at == NOON + timedelta(hours=1)

    def test_stays_when_only_the_slug_changes_later(self, story):
        publish(story, after=timedelta(hours=1), title="He wins")
        later = publish(story, after=timedelta(hours=2), slug="another")
        assert later.updated_at == NOON + timedelta(hours=1)

    def test_is_not_changed_by_a_draft(self, story):
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            draft = fresh(story)
            draft.title = "Not yet"
            draft.save_revision()
        assert fresh(story).updated_at is None

    def test_is_not_taken_from_an_old_revision(self, story):
        old = fresh(story).latest_revision
        publish(story, after=timedelta(hours=1), title="He wins")
        with time_machine.travel(NOON + timedelta(hours=2), tick=False):
            old.publish()
        assert fresh(story).updated_at == NOON + timedelta(hours=2)

    def test_outlives_an_older_revision_of_the_same_text(self, story):
        with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
            early = fresh(story)
            early.title = "He wins"
            number = early.save_revision().pk
        publish(story, after=timedelta(hours=1), title="He wins")
        with time_machine.travel(NOON + timedelta(hours=2), tick=False):
            Revision.objects.get(pk=number).publish()
        assert fresh(story).updated_at == NOON + timedelta(hours=1)


class TestClean:
    def test_wants_a_description_of_the_lead_image(self, story, make_image):
        story.lead_image = make_image()
        with pytest.raises(ValidationError) as caught:
            story.full_clean()
        assert list(caught.value.message_dict) == ["lead_image_alt"]


class TestAuthors:
    def test_stand_in_the_order_of_the_byline(self, make_story, make_author):
        authors = [make_author("Zoe Park"), make_author("Abel Ortiz")]
        assert make_story(authors=authors).get_authors() == authors

    def test_are_those_of_a_preview_too(self, story, make_author):
        story.bylines = [StoryByline(author=make_author("Zoe Park"), sort_order=0)]
        assert [author.name for author in story.get_authors()] == ["Zoe Park"]


class TestSection:
    def test_is_the_page_above(self, story, section):
        assert story.get_section().pk == section.pk

    def test_is_none_under_the_front_page(self, make_story, home):
        assert make_story(parent=home).get_section() is None


class TestSearch:
    def test_knows_the_words_of_the_body(self, story):
        field = StoryPage._meta.get_field("body")
        assert "He leads by 7,853 votes." in field.get_searchable_content(story.body)
        assert "body" in {field.field_name for field in StoryPage.get_search_fields()}
