import pytest

pytestmark = pytest.mark.django_db


class TestAPageThatMoved:
    def test_is_found_at_its_old_address(
        self, make_story, client, django_capture_on_commit_callbacks
    ):
        story = make_story(slug="old-name")
        old = story.url
        for slug in ("newer-name", "newest-name"):
            with django_capture_on_commit_callbacks(execute=True):
                story.slug = slug
                story.save_revision().publish()
        response = client.get(old)
        assert response.status_code == 301
        assert response["Location"].endswith("/newest-name/")


class TestAPageThatIsNotThere:
    def test_helps_to_find_another(self, make_story, client):
        make_story(title="The newest story")
        response = client.get("/education/nothing-here/")
        html = response.content.decode()
        assert response.status_code == 404
        assert 'action="/search/"' in html
        assert "The newest story" in html
        assert 'content="noindex"' in html


class TestAPageThatBroke:
    @pytest.mark.parametrize(
        ("address", "language", "words", "home_link"),
        [
            ("/search/?q=bell", "en", "Something went wrong", 'href="/"'),
            ("/es/search/?q=bell", "es", "Algo salió mal", 'href="/es/"'),
        ],
    )
    def test_says_so_in_the_readers_language(
        self, home, client, monkeypatch, address, language, words, home_link
    ):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("newsroom.finding.search.clean_query", fail)
        client.raise_request_exception = False
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code == 500
        assert f'<html lang="{language}">' in html
        assert f"<h1>{words}</h1>" in html
        assert home_link in html
