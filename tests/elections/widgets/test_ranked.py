import json

import pytest

from elections.models import Call, Contest, Published, Selection
from elections.widgets.history_rows import race_history
from elections.widgets.publish import publish
from tests.elections.conftest import Night
from tests.elections.documents import at

FIRST = {"Ada": 40, "Ben": 35, "Cy": 20}
SECOND = {"Ada": 41, "Ben": 49}


def sheet(clock: str, *rounds: dict[str, int]) -> bytes:
    lines = [
        f"Mayor,{number},{who},{votes}"
        for number, one in enumerate(rounds, start=1)
        for who, votes in one.items()
    ]
    head = f"# counted_at: {at(clock).isoformat()}\nrace,round,candidate,votes"
    return "\n".join([head, *lines]).encode()


@pytest.fixture
def ranked(source) -> Night:
    source.provider = "csv"
    source.address = "https://results.example.org/rounds.csv"
    source.save()
    night = Night(source)
    night.say(sheet("20:36", {"Ada": 1, "Ben": 0, "Cy": 0}))
    Contest.objects.update(status="confirmed", vote_variation="rcv")
    return night


def say(night: Night, *rounds: dict[str, int], clock: str = "21:34") -> dict:
    night.say(sheet(clock, *rounds))
    publish(list(Contest.objects.values_list("pk", flat=True)))
    return json.loads(Published.objects.get().payload)


class TestFirstChoices:
    def test_are_no_lead(self, ranked):
        sentence = say(ranked, FIRST)["sentence"]
        assert sentence == (
            "Ada is ahead in first choices by 5 votes (5.3 points). Nobody has a majority of "
            "them, and no rounds have been reported yet."
        )

    def test_put_nobody_in_a_winning_position(self, ranked):
        say(ranked, FIRST)
        assert "is-ahead" not in Published.objects.get().html

    def test_stand_under_their_own_name(self, ranked):
        say(ranked, FIRST)
        assert ">First choices</th>" in Published.objects.get().html

    def test_are_a_majority_where_they_are(self, ranked):
        sentence = say(ranked, {"Ada": 60, "Ben": 30, "Cy": 10})["sentence"]
        assert sentence == "Ada has a majority of the first choices counted so far: 60.0%."

    def test_tie_nothing(self, ranked):
        payload = say(ranked, {"Ada": 40, "Ben": 40, "Cy": 20})
        assert payload["state"] == "leading"
        assert payload["sentence"] == (
            "Nobody is ahead in first choices. No rounds have been reported yet."
        )

    def test_are_what_the_history_speaks_of(self, ranked):
        say(ranked, FIRST)
        contest = Contest.objects.get()
        text = race_history(contest, Published.objects.get())[0].text
        assert "Ada is ahead in first choices by 5 votes" in text
        assert "leads" not in text


class TestRounds:
    def test_say_who_is_ahead_in_which(self, ranked):
        assert say(ranked, FIRST, SECOND)["sentence"] == (
            "In round 2, the latest, Ben is ahead of Ada by 8 votes (8.9 points)."
        )

    def test_decide_who_is_in_a_winning_position(self, ranked):
        say(ranked, FIRST, SECOND)
        html = Published.objects.get().html
        ben = Selection.objects.get(name="Ben").pk
        assert f'data-news="leading {ben}"' in html

    def test_of_equal_votes_are_a_tie(self, ranked):
        payload = say(ranked, FIRST, {"Ada": 45, "Ben": 45})
        assert (payload["state"], payload["sentence"]) == (
            "tied",
            "Nobody is ahead in round 2, the latest.",
        )

    def test_of_an_older_count_say_nothing(self, ranked):
        say(ranked, FIRST, SECOND)
        sentence = say(ranked, {"Ada": 50, "Ben": 35, "Cy": 20}, clock="22:10")["sentence"]
        assert "round 2" not in sentence

    def test_stand_behind_a_call(self, ranked, django_user_model):
        say(ranked, FIRST, SECOND)
        contest = Contest.objects.get()
        Call.make(
            contest=contest,
            kind="winner",
            selections=[Selection.objects.get(name="Ben")],
            made_by=django_user_model.objects.create(username="desk"),
            authority="The Valley Ledger",
            reason="The last round is counted.",
        )
        publish([contest.pk])
        assert json.loads(Published.objects.get().payload)["sentence"] == (
            "Winner: Ben. In round 2, the latest, Ben is ahead of Ada by 8 votes (8.9 points)."
        )
