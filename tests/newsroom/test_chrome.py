import pytest
from django.test import RequestFactory
from wagtail.models import PageViewRestriction

from newsroom.chrome import get_chrome
from newsroom.pages.models import SectionPage

pytestmark = pytest.mark.django_db


def section_titles() -> list[str]:
    return [section.title for section in get_chrome(RequestFactory().get("/")).sections]


class TestSections:
    def test_are_those_of_the_front_page_in_its_order(self, home):
        for title in ("Politics", "Education"):
            home.add_child(instance=SectionPage(title=title, slug=title.lower()))
        chrome = get_chrome(RequestFactory().get("/"))
        assert [(section.title, section.url) for section in chrome.sections] == [
            ("Politics", "/politics/"),
            ("Education", "/education/"),
        ]

    def test_cost_nothing_the_second_time(self, section, django_assert_num_queries):
        assert section_titles() == ["Education"]
        request = RequestFactory().get("/")
        get_chrome(request)
        with django_assert_num_queries(0):
            get_chrome(request)

    def test_are_new_at_once_when_one_is_published(self, home, section):
        section_titles()
        draft = home.add_child(instance=SectionPage(title="Transit", slug="transit", live=False))
        draft.save_revision().publish()
        assert section_titles() == ["Education", "Transit"]

    def test_are_new_at_once_when_one_is_taken_down(self, section):
        section_titles()
        section.unpublish()
        assert section_titles() == []

    def test_are_new_at_once_when_one_is_renamed(self, section):
        section_titles()
        section.title = "Schools"
        section.save_revision().publish()
        assert section_titles() == ["Schools"]

    def test_are_new_at_once_when_one_is_deleted(self, section):
        section_titles()
        section.delete()
        assert section_titles() == []

    def test_are_new_at_once_when_their_order_changes(self, home, section):
        section_titles()
        other = home.add_child(instance=SectionPage(title="Transit", slug="transit"))
        other.move(section, pos="left")
        assert section_titles() == ["Transit", "Education"]

    def test_leave_out_a_section_that_is_not_public(self, section):
        PageViewRestriction.objects.create(page=section, restriction_type="login")
        assert section_titles() == []


class TestMenu:
    def test_has_what_an_editor_marks_for_menus(self, home, section, make_story):
        section_titles()
        story = make_story()
        story.show_in_menus = True
        story.save_revision().publish()
        assert section_titles() == ["Education", story.title]

    def test_leaves_out_a_marked_page_that_was_taken_down(self, home, section, make_story):
        story = make_story(show_in_menus=True)
        section_titles()
        story.unpublish()
        assert section_titles() == ["Education"]


class TestChrome:
    def test_has_a_name_without_a_request(self, settings):
        settings.WAGTAIL_SITE_NAME = "The Ledger"
        chrome = get_chrome(None)
        assert chrome.site_name == "The Ledger"
        assert chrome.sections == []

    def test_says_that_it_is_a_demonstration(self, settings, home):
        settings.NEWSROOM_DEMONSTRATION = True
        assert get_chrome(RequestFactory().get("/")).is_demonstration
