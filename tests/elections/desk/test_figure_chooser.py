import json

import pytest
from django.urls import reverse

from elections.models import Contest
from elections.widgets.publish import publish_stale
from tests.elections.documents import at, document, measure


def ask(client, address: str, **facts: str) -> dict:
    return json.loads(client.get(address, facts).content)


@pytest.fixture
def race(night) -> str:
    return reverse("elections_figures:figure", args=[night.contest.pk])


class TestChooseRace:
    address = "/admin/elections/figures/choose/"

    def test_lists_the_races_that_readers_have(self, night, admin_client):
        answer = ask(admin_client, self.address, tool="LIVE-FIGURE")
        assert night.contest.name in answer["html"]
        assert answer["step"] == "race"

    def test_finds_a_race_by_its_candidate(self, night, admin_client):
        assert night.contest.name in ask(admin_client, self.address, q="chang")["html"]
        answer = ask(admin_client, self.address, q="nobody")["html"]
        assert "No race of that name has a result." in answer

    def test_leaves_out_drafts(self, night, admin_client):
        Contest.objects.update(status=Contest.Status.DRAFT)
        assert "No race has a result yet." in ask(admin_client, self.address)["html"]

    def test_asks_for_words_first(self, night, admin_client):
        answer = ask(admin_client, self.address, tool="CHECKED-FACT")
        assert "Mark the words first" in answer["html"]

    def test_needs_somebody_of_the_newsroom(self, night, client):
        assert client.get(self.address).status_code == 302


class TestChooseFigure:
    def test_offers_each_figure_with_what_it_says(self, race, admin_client):
        html = ask(admin_client, race, tool="LIVE-FIGURE")["html"]
        assert "Margin, in votes and points: 10,858 votes (9.7 points)" in html
        assert "Votes for Dan Chang: 50,310 votes" in html

    def test_gives_the_figure_to_the_editor(self, night, race, admin_client):
        answer = admin_client.post(race, {"figure": "margin_votes", "frozen": "on"})
        assert json.loads(answer.content) == {
            "step": "chosen",
            "result": {
                "contest": str(night.contest.pk),
                "figure": "margin_votes",
                "frozen": "true",
                "text": "10,858 votes",
                "title": "10,858 votes",
            },
        }

    def test_offers_no_lead_where_more_than_half_is_needed(self, night, admin_client):
        night.say(document(at("21:00"), measure(600, 500)), seen="21:01")
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish_stale()
        contest = Contest.objects.get(name__contains="Measure SMC")
        address = reverse("elections_figures:figure", args=[contest.pk])
        html = ask(admin_client, address)["html"]
        assert "Who leads" not in html
        assert "Share of Yes: 54.5%" in html


class TestChooseFact:
    def test_offers_first_what_the_words_are_true_of(self, race, admin_client):
        html = ask(admin_client, race, tool="CHECKED-FACT", words="about 50,000 votes")["html"]
        assert html.index("Votes for Dan Chang") < html.index("Votes for Scott Schmerelson")
        assert "Share of" not in html

    def test_binds_the_words(self, night, race, admin_client):
        address = f"{race}?tool=CHECKED-FACT&words=10+points"
        answer = admin_client.post(address, {"figure": "margin_points", "tolerance": "exact"})
        assert json.loads(answer.content)["result"] == {
            "contest": str(night.contest.pk),
            "figure": "margin_points",
            "tolerance": "exact",
            "title": "10 points",
            "is_true": True,
        }

    def test_says_what_to_do_where_nothing_fits(self, race, admin_client):
        html = ask(admin_client, race, tool="CHECKED-FACT", words="6 to 1")["html"]
        assert "Leader’s votes to those of the one behind: 1.2 to 1" in html
        html = ask(admin_client, race, tool="CHECKED-FACT", words="Schmerelson")["html"]
        assert "Who leads: Scott Schmerelson" in html
