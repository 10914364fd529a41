import json

import pytest
from django.urls import reverse

from elections.models import Election
from newsroom.pages.models import StoryPage
from tests.elections.documents import at
from tests.elections.stories import make_section

CHOOSE = reverse("elections_election_chooser:choose")


@pytest.fixture
def elections(db) -> list[Election]:
    facts = {"jurisdiction": "Los Angeles County", "polls_close_at": at("20:00")}
    return [
        Election.objects.create(name=name, election_date=day, is_test=is_test, **facts)
        for name, day, is_test in [
            ("General 2022", "2022-11-08", False),
            ("General 2024", "2024-11-05", False),
            ("Drill 2026", "2026-01-01", True),
        ]
    ]


class TestChooser:
    def test_lists_the_newest_first_and_tests_last(self, elections, admin_client):
        html = json.loads(admin_client.get(CHOOSE).content)["html"]
        places = [html.index(name) for name in ("General 2024", "General 2022", "Drill 2026")]
        assert places == sorted(places)
        assert html.count("Test election") == 1

    def test_finds_by_words(self, elections, admin_client):
        address = reverse("elections_election_chooser:choose_results")
        html = admin_client.get(address, {"q": "general 22"}).content.decode()
        assert "General 2022" in html
        assert "General 2024" not in html

    def test_gives_the_chosen_one(self, elections, admin_client):
        address = reverse("elections_election_chooser:chosen", args=[elections[0].pk])
        assert json.loads(admin_client.get(address).content)["result"]["title"] == "General 2022"

    def test_makes_no_elections(self, elections, admin_client):
        assert "create" not in json.loads(admin_client.get(CHOOSE).content)["html"].lower()


def test_a_story_with_a_scoreboard_opens_in_the_editor(elections, admin_client):
    story = StoryPage(title="Night", slug="night")
    story.body = [("scoreboard", {"election": elections[1]})]
    make_section().add_child(instance=story)
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert "General 2024" in html
    assert CHOOSE in html
