import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from newsroom.models.sections import STORIES_PER_PAGE

pytestmark = pytest.mark.django_db


class TestStories:
    def test_stand_newest_first(self, make_story, section):
        older, newer = make_story(), make_story()
        assert list(section.get_stories()) == [newer, older]

    def test_leave_out_drafts_and_what_is_not_public(self, make_story, section):
        draft, private = make_story(), make_story()
        draft.unpublish()
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        assert list(section.get_stories()) == []

    @pytest.mark.parametrize(("asked", "given"), [("2", 2), ("99", 2), ("x", 1), (None, 1)])
    def test_come_in_pages(self, make_story, section, asked, given):
        for _ in range(STORIES_PER_PAGE + 1):
            make_story()
        assert section.get_stories(asked).number == given

    def test_are_listed_at_the_same_cost_however_many(
        self, make_story, make_image, section, client
    ):
        def queries_of_a_view() -> int:
            client.get(section.url)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(section.url).status_code == 200
            return len(captured)

        make_story(lead_image=make_image("One"), lead_image_alt="x")
        one = queries_of_a_view()
        for number in range(4):
            make_story(lead_image=make_image(f"Picture {number}"), lead_image_alt="x")
        assert queries_of_a_view() == one


class TestSectionPage:
    def test_says_what_will_be_here(self, section, client):
        response = client.get(section.url)
        assert response.status_code == 200
        assert list(response.context["stories"]) == []

    def test_follows_the_page_number(self, make_story, section, client):
        for _ in range(STORIES_PER_PAGE + 1):
            make_story()
        stories = client.get(section.url, {"page": "2"}).context["stories"]
        assert stories.number == 2
        assert len(stories) == 1
