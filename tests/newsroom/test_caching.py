import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from wagtail.models import PageViewRestriction

from newsroom.caching import PRIVATE, make_cacheable, public_cache_control

PUBLIC = "public, max-age=15, s-maxage=30, stale-while-revalidate=60, stale-if-error=86400"


@pytest.mark.django_db
class TestPublicPages:
    @pytest.fixture(params=["home", "section", "story"])
    def address(self, request, make_story, home, section):
        story = make_story()
        return {"home": home, "section": section, "story": story}[request.param].url

    def test_may_be_kept_by_every_cache(self, address, client):
        response = client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == PUBLIC
        assert "Set-Cookie" not in response
        assert "Cookie" not in response.get("Vary", "")

    def test_are_the_same_for_someone_with_a_session(self, address, client):
        anonymous = client.get(address).content
        client.force_login(get_user_model().objects.create_superuser("ed", "ed@example.com", "x"))
        response = client.get(address)
        assert response.content == anonymous
        assert response["Cache-Control"] == PUBLIC
        assert "Cookie" not in response.get("Vary", "")

    def test_answer_a_head_request_alike(self, address, client):
        assert client.head(address)["Cache-Control"] == PUBLIC

    def test_follow_the_setting(self, address, client, settings):
        settings.NEWSROOM_PAGE_CACHE = {"max-age": 5}
        assert client.get(address)["Cache-Control"] == "public, max-age=5"


@pytest.mark.django_db
class TestPrivatePages:
    def test_under_a_login_are_never_kept(self, make_story, section, client):
        story = make_story()
        PageViewRestriction.objects.create(page=section, restriction_type="login")
        client.force_login(get_user_model().objects.create_user("reader"))
        response = client.get(story.url)
        assert response.status_code == 200
        assert response["Cache-Control"] == PRIVATE

    def test_under_a_password_are_never_kept(self, make_story, client):
        story = make_story()
        PageViewRestriction.objects.create(page=story, restriction_type="password", password="x")
        response = client.get(story.url)
        assert "public" not in response["Cache-Control"]
        assert "no-store" in response["Cache-Control"]

    def test_a_draft_is_not_there(self, make_story, client):
        story = make_story()
        story.unpublish()
        response = client.get(story.url)
        assert response.status_code == 404
        assert "public" not in response.get("Cache-Control", "")

    def test_a_preview_is_never_kept(self, make_story):
        story = make_story()
        response = story.make_preview_request()
        assert response.status_code == 200
        assert "public" not in response.get("Cache-Control", "")


class TestMakeCacheable:
    def test_keeps_private_what_wrote_a_token(self):
        request = RequestFactory().get("/")
        get_token(request)
        response = make_cacheable(request, HttpResponse("x"))
        assert response["Cache-Control"] == PRIVATE

    def test_keeps_private_what_read_the_session(self):
        request = RequestFactory().get("/")
        request.session = type("Session", (), {"accessed": True})()
        assert make_cacheable(request, HttpResponse("x"))["Cache-Control"] == PRIVATE

    def test_keeps_private_what_set_a_cookie(self):
        response = HttpResponse("x")
        response.set_cookie("a", "b")
        request = RequestFactory().get("/")
        assert make_cacheable(request, response)["Cache-Control"] == PRIVATE

    def test_keeps_private_what_was_not_to_be_stored(self):
        response = HttpResponse("x", headers={"Cache-Control": "no-store"})
        request = RequestFactory().get("/")
        assert make_cacheable(request, response)["Cache-Control"] == PRIVATE

    def test_leaves_an_error_alone(self):
        response = make_cacheable(RequestFactory().get("/"), HttpResponse(status=500))
        assert "Cache-Control" not in response

    def test_leaves_a_post_alone(self):
        response = make_cacheable(RequestFactory().post("/"), HttpResponse("x"))
        assert "Cache-Control" not in response

    def test_writes_the_setting(self):
        response = make_cacheable(RequestFactory().get("/"), HttpResponse("x"))
        assert response["Cache-Control"] == public_cache_control() == PUBLIC
