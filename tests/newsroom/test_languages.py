import pytest
from wagtail.models import Locale, Page

from newsroom.languages import address_in, language_at


class TestAddressIn:
    @pytest.mark.parametrize(
        ("language", "address", "expected"),
        [
            ("es", "/races/mayor/?page=2", "/es/races/mayor/?page=2"),
            ("es", "/es/races/mayor/", "/es/races/mayor/"),
            ("en", "/es/races/mayor/", "/races/mayor/"),
            ("en", "/es/", "/"),
            ("es", "/", "/es/"),
            ("es", "/essays/", "/es/essays/"),
            ("es", "https://ledger.example/races/#top", "https://ledger.example/es/races/#top"),
        ],
    )
    def test_puts_the_code_in_front(self, language, address, expected):
        assert address_in(language, address) == expected


class TestLanguageAt:
    def test_is_the_sites_own_for_codes_it_does_not_speak(self):
        assert language_at("/fr/races/") == "en"
        assert language_at("/en/races/") == "en"


class TestAnswers:
    def test_hang_on_the_address_and_never_on_the_browser(self, client, db):
        answer = client.get("/newsletters/subscribe/", HTTP_ACCEPT_LANGUAGE="es")
        assert answer["Content-Language"] == "en"
        assert "Accept-Language" not in answer.get("Vary", "")
        assert client.get("/es/newsletters/subscribe/")["Content-Language"] == "es"


class TestStory:
    def test_is_not_shown_at_the_address_of_another_language(self, client, make_story):
        story = make_story()
        assert client.get(story.url).status_code == 200
        assert client.get(f"/es{story.url}").status_code == 404

    def test_shows_its_translation_in_the_head_of_both(self, client, make_story):
        story = make_story(title="The count", slug="count")
        spanish = Locale.objects.create(language_code="es")
        translated = story.copy_for_translation(spanish, copy_parents=True)
        Page.objects.filter(locale=spanish).update(live=True)
        translated.title = "El conteo"
        translated.save_revision().publish()
        address = translated.get_url()
        assert address.startswith("/es/")
        for url, other in ((story.url, address), (address, story.url)):
            html = client.get(url).content.decode()
            assert f'href="http://testserver{other}"' in html.replace("localhost", "testserver")
        assert '<html lang="es">' in client.get(address).content.decode()

    def test_without_a_translation_has_no_switch(self, client, make_story):
        assert "hreflang" not in client.get(make_story().url).content.decode()
