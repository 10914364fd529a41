"""A test election shows what it is everywhere, and nothing of an election is early."""

import datetime

import pytest
from django.urls import reverse

from elections.blocks import LiveResultBlock, TimelineBlock
from elections.boards import RacesBlock
from elections.candidates import CandidateBlock
from elections.desk.contest_chooser import ContestChooseView, _day_text
from elections.models import Contest, Election, Published, Snapshot
from elections.widgets.publish import publish, publish_stale
from tests.elections.documents import at, board, document

BANNER = "This is a test. These are not real votes."


@pytest.fixture
def rehearsal(night, race_page, election_page):
    """The night's election, declared a test."""
    election = night.source.election
    election.is_test = True
    election.save()
    publish_stale()
    return night


def addresses(night) -> list[str]:
    """Every public address that speaks of the race or its election."""
    race, election = night.contest.pk, night.source.election_id
    of_race = ["fragment", "payload", "race_atom", "race_feed", "race_csv", "embed", "card"]
    of_race += ["api_contest", "api_history", "api_details", "race_places"]
    of_election = ["manifest", "election_atom", "election_feed", "election_nist", "api_manifest"]
    return [
        *(reverse(f"elections:{name}", args=[race]) for name in of_race),
        *(reverse(f"elections:{name}", args=[election]) for name in of_election),
    ]


class TestRehearsal:
    def test_carries_its_banner_on_every_page(self, client, rehearsal, race_page, election_page):
        for url in (
            race_page.url,
            election_page.url,
            reverse("elections:embed", args=[rehearsal.contest.pk]),
            reverse("elections:fragment", args=[rehearsal.contest.pk]),
        ):
            assert BANNER in client.get(url).content.decode(), url

    def test_says_so_in_feeds_and_data(self, client, rehearsal):
        race, election = rehearsal.contest.pk, rehearsal.source.election_id
        for name, pk in (("race_atom", race), ("election_atom", election), ("race_feed", race)):
            text = client.get(reverse(f"elections:{name}", args=[pk])).content.decode()
            assert "Test, not real votes" in text, name
        payload = client.get(reverse("elections:payload", args=[race])).json()
        assert payload["test"] is True
        assert client.get(reverse("elections:api_contest", args=[race])).json()["test"] is True

    def test_says_so_in_what_leaves_the_site_by_itself(self, client, rehearsal, race_page):
        race = rehearsal.contest.pk
        sheet = client.get(reverse("elections:race_csv", args=[race]))
        assert f"test-race-{race}-history.csv" in sheet["Content-Disposition"]
        assert ',"Test, not real votes: First count' in sheet.content.decode()
        url = f"http://testserver{race_page.url}"
        told = client.get(reverse("elections:oembed"), {"url": url}).json()
        assert told["title"].startswith("Test, not real votes: ")

    def test_carries_its_banner_over_the_course_of_its_count(self, rehearsal):
        rehearsal.say(document(at("21:34"), board(89_674, 83_256)))
        block = TimelineBlock()
        html = block.render(block.to_python({"contest": rehearsal.contest.pk}))
        assert "How the count went" in html
        assert BANNER in html

    def test_is_in_no_search_engine_and_no_sitemap(
        self, client, rehearsal, race_page, election_page
    ):
        for page in (race_page, election_page):
            page.refresh_from_db()
            assert client.get(page.url)["X-Robots-Tag"] == "noindex"
            assert page.specific_class.objects.get(pk=page.pk).get_sitemap_urls() == []

    def test_is_no_matter_for_a_real_election(self, client, night, race_page):
        response = client.get(race_page.url)
        assert "X-Robots-Tag" not in response
        assert BANNER not in response.content.decode()
        assert race_page.get_sitemap_urls()

    def test_comes_last_in_the_chooser_and_is_named(self, rehearsal):
        real = Election.objects.create(
            name="Primary",
            election_date=datetime.date(2024, 3, 5),
            jurisdiction="Los Angeles County",
            polls_close_at=at("20:00") - datetime.timedelta(days=245),
        )
        Contest.objects.create(election=real, name="Mayor")
        races = list(ContestChooseView().get_object_list())
        assert [race.election for race in races] == [real, rehearsal.source.election]
        assert _day_text(races[-1]).endswith(", test election")

    def test_is_never_the_preview_of_the_block(self, rehearsal):
        assert LiveResultBlock().get_preview_value().get("contest") is None
        assert CandidateBlock().get_preview_value().get("contest") is None
        assert list(RacesBlock().get_preview_value()["races"]) == []


class TestBeforeThePollsClose:
    @pytest.fixture
    def early(self, night):
        """The same race, before its polls close, while its source serves 98,765 test votes."""
        Published.objects.all().delete()
        for row in (night.contest.current_counts, night.contest.counts):
            row.all().delete()
        Election.objects.update(polls_close_at=at("23:00"))
        night.source.refresh_from_db()
        fetch = night.say(document(at("21:34"), board(98_765, 87_654)), seen="22:00")
        assert fetch.outcome == "embargoed"
        publish([night.contest.pk])
        return night

    def test_no_address_says_a_number(self, client, early):
        assert Snapshot.objects.filter(verdict="embargoed").exists()
        for address in addresses(early):
            response = client.get(address)
            assert response.status_code in (200, 404), address
            body = b"".join(response) if response.streaming else response.content
            for number in (b"98,765", b"98765", b"87,654", b"87654"):
                assert number not in body, address
