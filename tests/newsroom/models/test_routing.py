import pytest
from wagtail.models import Page

from newsroom.models.routing import LeanRouteMixin
from newsroom.pages.models import SectionPage

pytestmark = pytest.mark.django_db


class TestLeanRoute:
    def test_finds_a_story_in_a_section(self, make_story, client):
        story = make_story()
        response = client.get(f"/education/{story.slug}/")
        assert response.context["page"] == story
        assert response.context["section"].title == "Education"

    def test_finds_a_section(self, section, client):
        assert client.get("/education/").context["page"] == section

    @pytest.mark.parametrize("path", ["/nowhere/", "/nowhere/at/all/", "/education/nowhere/"])
    def test_answers_404_for_what_is_not_there(self, section, client, path):
        assert client.get(path).status_code == 404

    def test_asks_a_page_that_has_routes_of_its_own(self, make_story, client, monkeypatch):
        story = make_story()
        asked = []

        def route(self: Page, request: object, path_components: list[str]):
            asked.append(path_components)
            return LeanRouteMixin.route(self, request, path_components)

        monkeypatch.setattr(SectionPage, "route", route)
        assert client.get(f"/education/{story.slug}/").status_code == 200
        assert asked == [[story.slug]]

    def test_saves_a_query_on_the_way(self, make_story, section, django_assert_num_queries, rf):
        story = make_story()
        home = section.get_parent().specific
        with django_assert_num_queries(3):
            result = home.route(rf.get("/"), ["education", story.slug])
        assert result.page == story
