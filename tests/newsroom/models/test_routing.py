import pytest
from wagtail.models import Page, PageViewRestriction

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

    def test_takes_one_query_for_the_way_and_one_for_the_page(
        self, make_story, make_image, section, django_assert_num_queries, rf
    ):
        story = make_story(lead_image=make_image(), lead_image_alt="Ballots")
        home = section.get_parent().specific
        with django_assert_num_queries(2):
            result = home.route(rf.get("/"), ["education", story.slug])
            assert result.page.lead_image.title == "Ballots"
        assert result.page == story

    def test_tells_pages_of_one_name_in_two_sections_apart(self, make_story, section, client):
        health = section.get_parent().add_child(instance=SectionPage(title="Health", slug="health"))
        here, there = make_story(slug="count"), make_story(slug="count", parent=health)
        assert client.get("/education/count/").context["page"] == here
        assert client.get("/health/count/").context["page"] == there

    def test_answers_404_for_a_path_of_any_length(self, section, client):
        assert client.get("/education" * 3_000 + "/").status_code == 404


class TestRestrictions:
    @pytest.mark.parametrize("where", ["story", "section", "home", "root"])
    def test_of_the_story_and_of_all_above_it_hold(self, make_story, section, client, where):
        story = make_story()
        home = section.get_parent()
        pages = {"story": story, "section": section, "home": home, "root": home.get_parent()}
        assert client.get(story.url).status_code == 200
        PageViewRestriction.objects.create(page=pages[where], restriction_type="login")
        assert client.get(story.url).status_code == 302

    def test_of_the_source_hold_for_an_alias(self, make_story, section, client):
        story = make_story()
        alias = story.create_alias(update_slug="copy")
        PageViewRestriction.objects.create(page=story, restriction_type="login")
        assert client.get(alias.get_url()).status_code == 302

    def test_leave_the_answer_private(self, make_story, admin_client):
        story = make_story()
        PageViewRestriction.objects.create(page=story, restriction_type="login")
        answer = admin_client.get(story.url)
        assert answer.status_code == 200
        assert "private" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]
