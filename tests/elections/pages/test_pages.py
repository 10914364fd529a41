import pytest
from django.core.exceptions import ValidationError

from elections.models import Contest, Published
from elections.pages.models import RacePage
from tests.elections.documents import at, board, contest, document


class TestRacePage:
    def test_shows_the_result_and_its_course(self, client, night, race_page):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        html = client.get(race_page.url).content.decode()
        assert "89,674" in html
        assert "2 releases of the count" in html
        assert 'data-size="full"' in html

    def test_is_the_same_for_everyone(self, client, race_page, admin_client):
        for someone in (client, admin_client):
            response = someone.get(race_page.url)
            assert "public" in response["Cache-Control"]
            assert "Cookie" not in response.get("Vary", "")
            assert not response.cookies

    def test_says_what_will_stand_there_before_the_first_count(self, client, night, race_page):
        Published.objects.all().delete()
        html = client.get(race_page.url).content.decode()
        assert "as soon as the first count is published" in html

    def test_gives_the_result_its_link(self, night, race_page):
        assert f'href="{race_page.url}"' in night.published.html

    def test_takes_the_link_away_with_it(
        self, night, race_page, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            race_page.unpublish()
        assert "href" not in night.published.html.split("</caption>")[0]

    def test_is_one_for_each_race(self, night, race_page):
        twin = RacePage(title="Twin", slug="twin", contest=night.contest)
        with pytest.raises(ValidationError) as error:
            twin.full_clean(exclude=["path", "depth"])
        assert "contest" in error.value.message_dict


class TestElectionPage:
    @pytest.fixture
    def bell(self, night) -> Contest:
        mayor = contest("CITY OF BELL Mayor", {"ADA NORTH": 6, "BO SOUTH": 5})
        night.say(document(at("21:00"), board(61_168, 50_310), mayor))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        from elections.widgets.publish import publish_stale

        publish_stale()
        return Contest.objects.get(reported_title="CITY OF BELL Mayor")

    def test_lists_the_races(self, client, election_page, bell):
        html = client.get(election_page.url).content.decode()
        assert html.count("<live-result") == 2

    @pytest.mark.parametrize("query", ["bell", "Ada"])
    def test_finds_a_race_by_its_name_or_a_candidate(self, client, election_page, bell, query):
        html = client.get(election_page.url, {"q": query}).content.decode()
        assert html.count("<live-result") == 1
        assert "Ada North" in html

    def test_says_when_nothing_is_found(self, client, election_page, bell):
        html = client.get(election_page.url, {"q": "<b>zzz"}).content.decode()
        assert "No race or candidate has “&lt;b&gt;zzz” in its name." in html

    def test_takes_any_page_number(self, client, election_page, bell):
        assert client.get(election_page.url, {"page": "x"}).status_code == 200

    def test_costs_no_more_for_more_races(
        self, client, election_page, bell, django_assert_max_num_queries
    ):
        client.get(election_page.url)
        with django_assert_max_num_queries(14):
            client.get(election_page.url)
