import json

import pytest
from django.utils.translation import override

from elections.models import Contest, Phrase, Published, Selection
from elections.widgets import publish
from elections.widgets.languages import Names
from elections.widgets.live import LiveResult
from tests.elections.documents import at, board, document


@pytest.fixture
def bilingual(night, settings):
    """The night of a site that publishes its results in Spanish, too."""
    settings.ELECTIONS_LANGUAGES = ["es"]
    publish.publish([night.contest.pk])
    return night


def translate(text: str, translation: str) -> Phrase:
    return Phrase.objects.create(language="es", text=text, translation=translation)


def in_spanish(night) -> dict:
    return json.loads(night.published.edition("es").payload)


class TestEditions:
    def test_are_one_version_of_the_same_facts(self, bilingual):
        bilingual.say(document(at("21:34"), board(89_674, 83_256)))
        english = json.loads(bilingual.published.payload)
        spanish = in_spanish(bilingual)
        assert spanish["version"] == english["version"] == bilingual.published.version
        assert [row["votes"] for row in spanish["selections"]] == [89_674, 83_256]
        assert english["sentence"] == "Scott Schmerelson leads by 6,418 votes (3.7 points)."
        assert spanish["sentence"] == (
            "Scott Schmerelson lleva la delantera por 6,418 votos (3.7 puntos porcentuales)."
        )

    def test_are_only_in_the_languages_of_the_settings(self, night):
        assert night.published.translations == {}

    def test_do_not_hang_on_the_language_of_who_publishes(self, bilingual):
        with override("es"):
            bilingual.say(document(at("21:34"), board(89_674, 83_256)))
        assert "leads by" in bilingual.published.html
        assert "lleva la delantera" in bilingual.published.edition("es").html

    def test_have_the_times_of_their_language(self, bilingual):
        assert "8:36 p.m. Nov. 5, 2024" in bilingual.published.html
        spanish = bilingual.published.edition("es").html
        assert "8:36 p.\u00a0m. del 5 de noviembre de 2024" in spanish
        assert "p.m." not in spanish

    def test_of_a_language_that_is_not_published_are_the_sites_own(self, bilingual):
        assert bilingual.published.edition("fr").language == ""
        assert bilingual.published.edition("en").html == bilingual.published.html

    def test_leave_with_the_setting(self, bilingual, settings):
        settings.ELECTIONS_LANGUAGES = []
        assert publish.publish([bilingual.contest.pk]) == [bilingual.contest.pk]
        assert bilingual.published.translations == {}


class TestFiles:
    def test_stand_beside_each_other(self, bilingual, results_folder):
        pk = bilingual.contest.pk
        folder = results_folder / "contest"
        spanish = bilingual.published.edition("es")
        assert (folder / f"{pk}.es.html").read_text() == spanish.html
        assert (folder / f"{pk}.es.json").read_text() == spanish.payload
        assert (folder / f"{pk}.html").read_text() == bilingual.published.html

    def test_are_answered_by_the_site_where_no_file_server_is(self, bilingual, client):
        pk = bilingual.contest.pk
        answer = client.get(f"/results/contest/{pk}.es.html")
        assert answer.content.decode() == bilingual.published.edition("es").html
        assert client.get(f"/results/contest/{pk}.es.json").json()["state_label"] == "En escrutinio"
        assert client.get(f"/results/contest/{pk}.fr.html").status_code == 404


class TestLiveResult:
    def test_asks_for_newer_ones_in_the_language_of_its_page(self, bilingual):
        with override("es"):
            live = LiveResult.of(bilingual.published, 1)
        assert live.fragment_url.endswith(f"contest/{bilingual.contest.pk}.es.html")
        assert "lleva la delantera" in live.html

    def test_is_in_the_sites_own_where_it_is_not_published_in_that_language(self, night):
        with override("es"):
            live = LiveResult.of(night.published, 1)
        assert live.fragment_url.endswith(f"contest/{night.contest.pk}.html")
        assert live.language == ""


class TestNames:
    def test_of_races_places_and_sources_come_from_the_editors(self, bilingual):
        Contest.objects.update(name="School board, District 3", division="District 3")
        translate("School board, District 3", "Junta escolar, Distrito 3")
        translate("LA County Registrar", "Registro del condado de Los Ángeles")
        translate("General election 2024", "Elecciones generales de 2024")
        publish.publish_stale()
        said = in_spanish(bilingual)
        assert said["title"] == "Junta escolar, Distrito 3"
        assert said["election"] == "Elecciones generales de 2024"
        assert said["source"]["name"] == "Registro del condado de Los Ángeles"
        assert said["division"] == "District 3"
        assert json.loads(bilingual.published.payload)["title"] == "School board, District 3"

    def test_that_are_translated_make_a_result_stale(self, bilingual):
        version = bilingual.published.version
        translate(bilingual.contest.name, "Junta escolar")
        assert publish.publish_stale() == [bilingual.contest.pk]
        assert bilingual.published.version == version + 1

    def test_of_answers_and_parties_are_known_without_an_editor(self, bilingual):
        yes, _no = Selection.objects.order_by("pk")[:2]
        Selection.objects.filter(pk=yes.pk).update(name="Yes", answer="yes", party="Democratic")
        publish.publish([bilingual.contest.pk])
        row = next(r for r in in_spanish(bilingual)["selections"] if r["id"] == yes.pk)
        assert (row["name"], row["party"]) == ("Sí", "Demócrata")

    def test_of_people_who_are_called_like_a_party_stay(self, bilingual):
        Selection.objects.filter(name="Dan Chang").update(name="Green", party="Green")
        publish.publish([bilingual.contest.pk])
        row = next(r for r in in_spanish(bilingual)["selections"] if r["party"])
        assert (row["name"], row["party"]) == ("Green", "Verde")

    def test_stay_in_the_rows(self, bilingual):
        translate(bilingual.contest.name, "Junta escolar")
        contest = Contest.objects.prefetch_related("selections").get(pk=bilingual.contest.pk)
        with override("es"):
            assert Names.current().contest(contest).name == "Junta escolar"
        assert contest.name == bilingual.contest.name

    def test_cost_no_query_in_the_sites_own_language(self, bilingual, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert Names.current().of("Governor") == "Governor"


class TestPublishing:
    def test_of_one_language_keeps_the_row_as_it_was_before(self, night):
        assert Published.objects.get().translations == {}
