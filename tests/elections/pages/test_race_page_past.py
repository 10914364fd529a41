"""What race and election pages offer beside the result: its past, its feeds, an order by margin."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.counting.calls import CallKind
from elections.models import Call, Contest, Published, Selection
from elections.pages.models import ElectionPage
from elections.widgets.publish import publish_stale
from tests.elections.documents import at, board, contest, document, measure


@pytest.fixture
def html(client, race_page):
    return lambda: client.get(race_page.url).content.decode()


class TestHistory:
    def test_stands_on_the_page_newest_first(self, night, html):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        page = html()
        assert "9:34 p.m. Nov. 5, 2024</time>:</b> 61,452 more votes were counted." in page
        assert page.index("61,452 more votes") < page.index("First count: 111,478 votes.")

    def test_can_be_pointed_to_by_its_feeds(self, client, night, html):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        address = reverse("elections:race_feed", args=[night.contest.pk])
        page = html()
        for item in client.get(address).json()["items"]:
            assert f'id="{item["url"].partition("#")[2]}"' in page

    def test_folds_what_is_older(self, night, html):
        for minute in range(10, 18):
            night.say(document(at(f"21:{minute}"), board(62_000 + minute, 50_310)))
        shown, _, folded = html().partition("3 earlier entries")
        assert shown.count('id="count-') == 6
        assert folded.count('id="count-') == 3

    def test_is_not_there_before_the_first_publication(self, html):
        Published.objects.all().delete()
        page = html()
        assert "What happened" not in page
        assert "Embed this result" not in page
        assert "og:image" not in page

    def test_escapes_what_the_desk_wrote(self, night, html):
        Call.make(
            contest=night.contest, kind=CallKind.TOO_CLOSE, authority="<b>desk", reason="x",
        )  # fmt: skip
        assert "Authority: &lt;b&gt;desk." in html()

    def test_costs_two_queries_however_long_it_is(self, client, night, race_page):
        def count_queries() -> int:
            client.get(race_page.url)
            with CaptureQueriesContext(connection) as captured:
                client.get(race_page.url)
            tables = [query["sql"] for query in captured]
            own = [
                sql
                for sql in tables
                if 'FROM "elections_call"' in sql or 'FROM "elections_hold"' in sql
            ]
            assert len(own) == 2
            assert sum('FROM "elections_contestcount"' in sql for sql in tables) == 1
            assert sum('FROM "elections_selection"' in sql for sql in tables) == 1
            return len(captured)

        before = count_queries()
        scott = Selection.objects.get(name="Scott Schmerelson")
        for minute in range(10, 20):
            night.say(document(at(f"21:{minute}"), board(62_000 + minute, 50_310)))
            Call.make(
                contest=night.contest, kind=CallKind.WINNER, selections=[scott],
                authority="desk", reason="x",
            )  # fmt: skip
        cache.clear()
        assert count_queries() == before


class TestLinks:
    def test_lead_to_feeds_card_and_oembed(self, client, night, html):
        page = html()
        for name in ("race_atom", "race_feed", "card"):
            path = reverse(f"elections:{name}", args=[night.contest.pk])
            assert f'"http://testserver{path}' in page
        oembed = re.search(r'type="application/json\+oembed"[^>]*href="([^"]+)"', page)[1]
        assert client.get(oembed.replace("&amp;", "&")).status_code == 200
        assert f"card.png?v={night.published.version}" in page

    def test_offer_code_to_copy(self, night, html):
        page = html()
        embed = reverse("elections:embed", args=[night.contest.pk])
        assert f"&lt;a data-newsroom-result=&quot;http://testserver{embed}&quot;" in page
        assert "&lt;script async src=&quot;http://testserver/static/elections/embed.js" in page
        assert f"&lt;iframe data-newsroom-result src=&quot;http://testserver{embed}&quot;" in page

    def test_escape_a_title_once_for_the_page_and_once_for_the_code(self, night, html):
        Contest.objects.update(name="A & <b>")
        assert "A &amp;amp; &amp;lt;b&amp;gt;" in html()

    def test_of_an_election_lead_to_its_feeds(self, client, night, election_page):
        page = client.get(election_page.url).content.decode()
        for name in ("election_atom", "election_feed"):
            path = reverse(f"elections:{name}", args=[night.source.election.pk])
            assert f'href="{path}"' in page
            assert client.get(path).status_code == 200


class TestOrder:
    @pytest.fixture
    def races(self, night) -> None:
        """Board 9.7 points, measure 2 from its threshold, mayor tied, clerk alone."""
        night.say(
            document(
                at("21:00"),
                board(61_168, 50_310),
                measure(53, 47),
                contest("CITY OF BELL Mayor", {"ADA NORTH": 5, "BO SOUTH": 5}),
                contest("CITY OF BELL Clerk", {"CY WEST": 5}),
            )
        )
        Contest.objects.update(status=Contest.Status.CONFIRMED, group="Schools")
        Contest.objects.filter(reported_title__startswith="CITY").update(group="City of Bell")
        publish_stale()

    def shown(self, client, page: ElectionPage, **query: str) -> list[str]:
        html = client.get(page.url, query).content.decode()
        ids = re.findall(r'<live-result data-contest="(\d+)"', html)
        titles = dict(Contest.objects.values_list("pk", "reported_title"))
        return [titles[int(pk)].split()[-1] for pk in ids]

    def test_is_the_closest_first_when_asked(self, client, races, election_page):
        assert self.shown(client, election_page, sort="closest") == ["Mayor", "SMC", "3", "Clerk"]

    def test_leaves_certified_races_for_the_end(
        self,
        client,
        races,
        election_page,
    ):
        mayor = Contest.objects.get(reported_title="CITY OF BELL Mayor")
        Call.make(contest=mayor, kind=CallKind.CERTIFIED, authority="county", reason="x")
        publish_stale()
        assert self.shown(client, election_page, sort="closest")[:2] == ["SMC", "3"]

    def test_is_the_ballots_otherwise(self, client, races, election_page):
        ballot = self.shown(client, election_page)
        assert ballot == self.shown(client, election_page, sort="nonsense")
        assert ballot != self.shown(client, election_page, sort="closest")

    def test_goes_with_a_group(self, client, races, election_page):
        found = self.shown(client, election_page, sort="closest", group="City of Bell")
        assert found == ["Mayor", "Clerk"]

    def test_says_when_a_group_is_empty(self, client, races, election_page):
        html = client.get(election_page.url, {"group": "none"}).content.decode()
        assert "There is no race in this group." in html

    def test_stays_from_page_to_page(
        self,
        client,
        races,
        election_page,
        monkeypatch,
    ):
        monkeypatch.setattr(ElectionPage, "races_per_page", 1)
        html = client.get(
            election_page.url, {"sort": "closest", "group": "City of Bell"}
        ).content.decode()
        assert 'href="?group=City+of+Bell&amp;sort=closest&amp;page=2"' in html

    def test_offers_groups_where_there_are_several(
        self,
        client,
        races,
        election_page,
    ):
        html = client.get(election_page.url, {"group": "Schools"}).content.decode()
        assert '<option value="Schools" selected>Schools</option>' in html
        Contest.objects.update(group="Schools")
        assert 'name="group"' not in client.get(election_page.url).content.decode()
