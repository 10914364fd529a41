import pytest
from django.db.models import QuerySet
from django.utils.translation import override
from wagtail.models import Locale, PageViewRestriction
from wagtail.rich_text import RichText

from newsroom.finding.related import find_related, stories_about_subject
from newsroom.models import Topic
from newsroom.pages.models import SectionPage, StoryPage, StorySubjectLink, StoryTopic
from newsroom.subjects import Subject, Subjects

pytestmark = pytest.mark.django_db


class Seats(Subjects):
    """The keys of one letter are seats of one council; "test-" begins a rehearsal's."""

    is_empty = False

    def get_about(self, count):
        return "About this seat"

    def find(self, keys):
        if isinstance(keys, QuerySet):
            keys = keys.values_list("subject", flat=True)
        return {key: Subject(key, f"Seat {key}", f"/{key}/", state="Counting") for key in keys}

    def neighbours(self, keys):
        return ["a", "b", "c"]

    def unlisted(self):
        return ["test-a"]


@pytest.fixture(autouse=True)
def seats(settings):
    settings.NEWSROOM_SUBJECTS = "tests.newsroom.finding.test_related.Seats"


@pytest.fixture
def elsewhere(home) -> SectionPage:
    return home.add_child(instance=SectionPage(title="Health", slug="health"))


@pytest.fixture
def about(make_story):
    """Publish a story about a seat, or with a topic."""

    def make(*keys: str, role: str = "analysis", topic: Topic | None = None, **fields) -> StoryPage:
        story = make_story(**fields)
        for key in keys:
            StorySubjectLink.objects.create(page=story, subject=key, role=role)
        if topic:
            StoryTopic.objects.create(page=story, topic=topic)
        story = StoryPage.objects.get(pk=story.pk)
        story.save_revision().publish()
        return StoryPage.objects.get(pk=story.pk)

    return make


def translate(story: StoryPage) -> StoryPage:
    spanish = Locale.objects.create(language_code="es")
    translated = story.copy_for_translation(spanish, copy_parents=True)
    translated.save_revision().publish()
    return StoryPage.objects.get(pk=translated.pk)


def related_to(story, *, subjects=(), topics=(), section=None, without=()):
    return find_related(
        story,
        subjects=subjects,
        topics={topic.pk: topic.name for topic in topics},
        section=section,
        without=without,
    )


class TestFindRelated:
    def test_goes_from_the_race_to_the_election_the_topic_and_the_section(
        self, about, elsewhere, section
    ):
        money = Topic.objects.create(name="Money", slug="money")
        story = about("a", topic=money)
        same = about("a", parent=elsewhere)
        near = about("b", parent=elsewhere)
        on_topic = about(topic=money, parent=elsewhere)
        beside = about()
        found = related_to(story, subjects=["a"], topics=[money], section=section)
        assert [item.page for item in found] == [same, near, on_topic, beside]
        assert [item.kicker for item in found] == [
            "On this race",
            "From this election",
            "On this topic",
            "Latest in Education",
        ]
        assert found[0].why == "It is linked to the same race."

    def test_takes_one_query(self, about, section, django_assert_num_queries):
        story = about("a")
        about("a"), about("b")
        with django_assert_num_queries(1):
            assert len(related_to(story, subjects=["a"], section=section)) == 2

    def test_never_is_one_story_alone(self, about, section):
        story = about()
        about()
        assert related_to(story, section=section) == []

    def test_never_lists_the_story_itself(self, about, section):
        story = about()
        others = {about(), about()}
        assert {item.page for item in related_to(story, section=section)} == others

    def test_leaves_out_what_the_reader_has_already(self, about, section):
        story, seen = about(), about()
        others = {about(), about()}
        found = related_to(story, section=section, without=[seen.pk])
        assert {item.page for item in found} == others

    def test_leaves_out_drafts_and_private_pages(self, about, section):
        story, draft, private = about(), about(), about()
        others = {about(), about()}
        draft.unpublish()
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        assert {item.page for item in related_to(story, section=section)} == others

    def test_never_lists_the_story_itself_in_another_language(self, about, section):
        story = about("a")
        others = {about("a"), about("a")}
        translate(story)
        found = related_to(story, subjects=["a"], section=section)
        assert {item.page for item in found} == others

    def test_leaves_out_what_is_about_a_rehearsal(self, about, section):
        story = about()
        about("test-a")
        others = {about(), about()}
        assert {item.page for item in related_to(story, section=section)} == others


class TestStoriesAboutSubject:
    def test_come_by_role_each_newest_first(self, about):
        guide = about("a", role="explainer")
        first, second = about("a", role="result"), about("a", role="result")
        live = about("a", role="live")
        groups = stories_about_subject("a")
        assert [(group.label, group.stories) for group in groups] == [
            ("Live coverage", [live]),
            ("Result", [second, first]),
            ("Explainer", [guide]),
        ]

    def test_are_those_in_the_language_of_the_answer(self, about):
        story, other = about("a"), about("a")
        translated = translate(story)
        assert stories_about_subject("a")[0].stories == [other, story]
        with override("es"):
            assert stories_about_subject("a")[0].stories == [translated]

    def test_are_in_the_sites_language_where_there_is_no_other(self, about):
        story = about("a")
        with override("es"):
            assert stories_about_subject("a")[0].stories == [story]

    def test_are_none_for_what_nobody_wrote_about(self, about):
        assert stories_about_subject("z") == []

    def test_leave_out_what_readers_cannot_open(self, about):
        PageViewRestriction.objects.create(page=about("a"), restriction_type="login")
        assert stories_about_subject("a") == []


class TestAStoryPage:
    def test_says_what_it_is_about(self, about, client):
        html = client.get(about("a").url).content.decode()
        assert "About this seat" in html
        assert '<a href="/a/">Seat a</a>' in html
        assert "Counting" in html

    def test_lists_further_stories_with_headline_and_date(self, about, client):
        story, other, third = about("a"), about("a", dek="More on it."), about("a")
        html = client.get(story.url).content.decode()
        assert f'<a href="{other.url}">{other.title}</a>' in html
        assert third.title in html
        assert "More on it." in html
        assert "Why this story" not in html

    def test_says_why_to_the_editor_in_the_preview(self, about):
        story = about("a")
        about("a"), about("a")
        response = story.make_preview_request()
        assert "Why this story: It is linked to the same race." in response.content.decode()

    def test_does_not_list_what_its_text_links_to(self, about, client, section, make_story):
        linked, *others = about("a"), about("a"), about("a")
        text = RichText(f'<p><a linktype="page" id="{linked.pk}">Before</a></p>')
        story = make_story([("paragraph", text)])
        html = client.get(story.url).content.decode()
        assert linked.title not in html
        assert all(other.title in html for other in others)

    def test_lists_none_where_the_editor_wants_none(self, about, client):
        story = about("a", lists_further_stories=False)
        about("a"), about("a")
        assert "More to read" not in client.get(story.url).content.decode()
