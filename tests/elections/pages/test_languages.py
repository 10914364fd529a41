"""Race and election pages answer in Spanish without a second page."""

import pytest
from wagtail.models import Site

from elections.models import Phrase
from elections.widgets import publish
from newsroom.pages.models import HomePage


@pytest.fixture
def spanish(night, race_page, settings):
    settings.ELECTIONS_LANGUAGES = ["es"]
    for text, said in (("District 3", "Distrito 3"), ("Results", "Resultados")):
        Phrase.objects.create(language="es", text=text, translation=said)
    publish.publish([night.contest.pk])
    return race_page


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestRacePage:
    def test_is_spanish_behind_es(self, client, spanish):
        html = read(client, "/es/results-2024/district-3/")
        assert '<html lang="es">' in html
        assert "<h1>Distrito 3</h1>" in html
        assert "lleva la delantera" in html
        assert ".es.html" in html

    def test_is_the_sites_own_at_its_plain_address(self, client, spanish):
        html = read(client, "/results-2024/district-3/")
        assert '<html lang="en">' in html
        assert "leads by" in html
        assert "lleva la delantera" not in html

    @pytest.mark.parametrize(
        "address", ["/results-2024/district-3/", "/es/results-2024/district-3/"]
    )
    def test_names_both_languages_for_readers_and_search_engines(self, client, spanish, address):
        html = read(client, address)
        for code, path in (("en", ""), ("es", "/es")):
            link = f'hreflang="{code}" href="http://testserver{path}/results-2024/district-3/"'
            assert f'<link rel="alternate" {link}>' in html
        assert "Español</a>" in html

    def test_links_to_its_election_in_its_language(self, client, spanish):
        html = read(client, "/es/results-2024/district-3/")
        assert 'href="/es/results-2024/"' in html
        assert 'rel="canonical" href="http://localhost/es/results-2024/district-3/"' in html

    def test_has_feeds_and_an_embed_in_its_language(self, client, spanish, night):
        html = read(client, "/es/results-2024/district-3/")
        assert f"/es/results/contest/{night.contest.pk}/history.atom" in html
        feed = client.get(f"/es/results/contest/{night.contest.pk}/history.json").json()
        assert feed["language"] == "es"
        assert feed["items"][0]["title"].startswith("Primer conteo")
        embed = read(client, f"/es/results/embed/contest/{night.contest.pk}/")
        assert '<html lang="es">' in embed

    def test_is_found_by_oembed_in_its_language(self, client, spanish):
        url = "http://testserver/es/results-2024/district-3/"
        answer = client.get("/results/oembed.json", {"url": url}).json()
        assert "/es/results/embed/" in answer["html"]


class TestElectionPage:
    def test_is_spanish_behind_es(self, client, spanish):
        html = read(client, "/es/results-2024/")
        assert "<h1>Resultados</h1>" in html
        assert "Primero las más reñidas" in html


class TestPublishedAddress:
    def test_is_of_the_language_of_the_result(self, spanish, night):
        assert 'href="/results-2024/district-3/"' in night.published.html
        assert 'href="/es/results-2024/district-3/"' in night.published.edition("es").html


class TestFrontPage:
    def test_is_not_there_in_a_language_that_nobody_wrote_it_in(self, client, spanish):
        home = Site.objects.get(is_default_site=True).root_page
        root = home.get_parent()
        front = root.add_child(instance=HomePage(title="Ledger", slug="front"))
        Site.objects.update(root_page=front)
        Site.clear_site_root_paths_cache()
        assert client.get("/").status_code == 200
        assert client.get("/es/").status_code == 404
