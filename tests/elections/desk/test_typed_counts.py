"""A race without a feed is counted by typing what a clerk has published."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import ModelLogEntry

from elections.models import (
    Contest,
    CurrentCount,
    Election,
    ExternalIdentifier,
    Fetch,
    Hold,
    Published,
    Selection,
    Snapshot,
    Source,
)


@pytest.fixture
def race(election: Election) -> Contest:
    race = Contest.objects.create(election=election, name="Mayor, Burbank")
    for name in ("Nikki Perez", "Konstantine Anthony"):
        Selection.objects.create(contest=race, name=name)
    return race


def address(race: Contest) -> str:
    return reverse("elections_sheets:type", args=[race.pk])


def numbers(race: Contest, *votes: object, **changes: object) -> dict[str, object]:
    boxes = {
        f"votes-{one.pk}": count for one, count in zip(race.selections.all(), votes, strict=True)
    }
    latest = Fetch.objects.filter(source__address=f"race:{race.pk}").first()
    return {
        "said_by": "City Clerk",
        "counted_at": "2024-11-05 21:30",
        f"seen-{race.pk}": latest.pk if latest else 0,
        **boxes,
        **changes,
    }


def send(client: Client, race: Contest, *votes: object, **changes: object):
    """Type, look, and say yes."""
    data = numbers(race, *votes, **changes)
    looked = client.post(address(race), data)
    if looked.context is None or "foreseen" not in looked.context:
        return looked
    confirmed = looked.context["form"].fingerprint
    return client.post(address(race), {**data, "confirmed": confirmed}, follow=True)


class TestTyping:
    @pytest.mark.parametrize("role", ["editor", "desk"])
    def test_reaches_readers_and_is_traced_to_its_document(self, as_user, people, race, role):
        text = send(as_user(role), race, "12,044", "9 871").content.decode()
        assert "Mayor, Burbank: taken in. Readers see it within a minute." in text
        published = Published.objects.get(contest=race)
        rows = json.loads(published.payload)["selections"]
        assert [(row["name"], row["votes"]) for row in rows] == [
            ("Nikki Perez", 12_044),
            ("Konstantine Anthony", 9_871),
        ]
        assert "City Clerk" in published.html
        snapshot = published.count.snapshot
        first, second = race.selections.all()
        assert snapshot.body.decode().splitlines() == [
            "# counted_at: 2024-11-05T21:30:00-08:00",
            "# said_by: City Clerk",
            f"# typed_by: {role}",
            "race_id,race,candidate_id,candidate,votes",
            f'{race.pk},"Mayor, Burbank",{first.pk},Nikki Perez,12044',
            f'{race.pk},"Mayor, Burbank",{second.pk},Konstantine Anthony,9871',
        ]
        fetch = Fetch.objects.get()
        assert (fetch.sent_by, fetch.snapshot, fetch.outcome) == (
            people[role],
            snapshot,
            Fetch.Outcome.ACCEPTED,
        )
        assert fetch.http_status is None
        entry = ModelLogEntry.objects.get(action="elections.type")
        assert entry.object_id == str(race.pk)
        assert entry.data["document"] == snapshot.sha256

    def test_stores_nothing_before_somebody_has_looked(self, desk: Client, race) -> None:
        response = desk.post(address(race), numbers(race, 5, 3))
        assert "Nothing is stored yet." in response.content.decode()
        assert not Snapshot.objects.exists()
        assert not Source.objects.exists()
        assert not ExternalIdentifier.objects.exists()

    def test_asks_again_when_a_number_changed_after_the_look(self, desk: Client, race) -> None:
        looked = desk.post(address(race), numbers(race, 5, 3))
        confirmed = looked.context["form"].fingerprint
        response = desk.post(address(race), numbers(race, 6, 3, confirmed=confirmed))
        assert "Look once more" in response.content.decode()
        assert not Snapshot.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("-5", "“-5” is not a whole number of votes."),
            ("12.5", "“12.5” is not a whole number of votes."),
            ("=A1", "would be a formula"),
            ("many", "“many” is not a whole number of votes."),
            ("99999999999", "is not a whole number of votes."),
            ("", "The votes are missing. Write 0 where there are none."),
        ],
    )
    def test_refuses_in_words_and_gives_back_what_was_typed(
        self, desk: Client, race, typed, reason
    ) -> None:
        response = desk.post(address(race), numbers(race, typed, "9,871"))
        text = response.content.decode()
        assert escape(reason) in text
        assert f'value="{typed}"' in text or typed == ""
        assert 'value="9,871"' in text
        assert not Snapshot.objects.exists()

    def test_needs_at_least_one_number(self, desk: Client, race) -> None:
        text = desk.post(address(race), numbers(race, "", "")).content.decode()
        assert "Nothing was typed." in text

    def test_goes_on_under_new_names(self, desk: Client, race) -> None:
        send(desk, race, 5, 3)
        race.selections.filter(name="Nikki Perez").update(name="Nikki P. Perez")
        Contest.objects.filter(pk=race.pk).update(name="Mayor")
        send(desk, race, 8, 3, counted_at="2024-11-05 22:30")
        assert Selection.objects.count() == 2
        assert Contest.objects.count() == 1
        assert sorted(CurrentCount.objects.get().count.tally.values()) == [3, 8]

    def test_holds_what_takes_votes_away(self, desk: Client, race) -> None:
        send(desk, race, 500, 3)
        text = send(desk, race, 50, 3, counted_at="2024-11-05 22:30").content.decode()
        assert "held, because it takes votes away" in text
        assert Hold.objects.open().get().contest == race
        assert sorted(CurrentCount.objects.get().count.tally.values()) == [3, 500]

    def test_shows_nothing_from_before_the_polls_close(self, desk: Client, race) -> None:
        looked = desk.post(address(race), numbers(race, 5, 3, counted_at="2024-11-05 19:00"))
        assert "from before the polls closed" in looked.content.decode()
        text = send(desk, race, 5, 3, counted_at="2024-11-05 19:00").content.decode()
        assert "Before the polls closed" in text
        assert not CurrentCount.objects.exists()

    def test_lets_a_race_be_typed_for_an_earlier_time_than_another(
        self, desk: Client, race, election
    ) -> None:
        other = Contest.objects.create(election=election, name="Clerk, Burbank")
        Selection.objects.create(contest=other, name="Kimberley Clark")
        send(desk, other, 7, counted_at="2024-11-05 22:30")
        send(desk, race, 5, 3, counted_at="2024-11-05 21:00")
        assert CurrentCount.objects.filter(contest=race).exists()

    def test_tells_the_second_of_two_people(self, desk: Client, editor: Client, race) -> None:
        opened_before = numbers(race, 6, 3)
        send(editor, race, 5, 3)
        response = desk.post(address(race), opened_before)
        text = response.content.decode()
        assert "Somebody else has typed Mayor, Burbank since you opened this page." in text
        assert 'value="6"' in text
        assert Fetch.objects.count() == 1
        seen = {f"seen-{race.pk}": Fetch.objects.get().pk}
        again = desk.post(address(race), {**opened_before, **seen})
        assert "Look once more" in again.content.decode()

    def test_is_for_confirmed_races(self, desk: Client, race) -> None:
        Contest.objects.update(status=Contest.Status.DRAFT)
        assert desk.get(address(race)).status_code == 404

    def test_says_that_a_feed_counts_the_race_too(self, desk: Client, board) -> None:
        response = desk.post(address(board), numbers(board, 5, 3))
        assert "“LA County Registrar” counts this race too." in response.content.decode()


class TestTypingAnElection:
    def test_offers_the_races_without_a_feed(self, desk: Client, race, board) -> None:
        response = desk.get(reverse("elections_sheets:type_election", args=[race.election_id]))
        assert response.context["form"].contests == [race]

    def test_takes_in_the_races_that_have_numbers(self, desk: Client, race, election) -> None:
        other = Contest.objects.create(election=election, name="Clerk, Burbank")
        Selection.objects.create(contest=other, name="Kimberley Clark")
        url = reverse("elections_sheets:type_election", args=[election.pk])
        data = numbers(race, 5, 3, **{f"seen-{other.pk}": 0})
        looked = desk.post(url, data)
        data["confirmed"] = looked.context["form"].fingerprint
        desk.post(url, data)
        assert [row.contest for row in CurrentCount.objects.all()] == [race]

    def test_says_when_there_is_nothing_to_type(self, desk: Client, election) -> None:
        url = reverse("elections_sheets:type_election", args=[election.pk])
        assert "There is nothing to type" in desk.get(url).content.decode()
