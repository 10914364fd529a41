"""A draft of a feed becomes a race of ours."""

from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.models import Contest, CurrentCount, Election, Published, Selection

from .conftest import BOARD, Say


def link(client: Client, draft: Contest, contest: Contest):
    url = reverse("elections_races:link", args=[draft.pk])
    return client.post(url, {"contest": contest.pk})


def own_race(election: Election) -> Contest:
    race = Contest.objects.create(election=election, name="LAUSD board, District 3")
    Selection.objects.create(contest=race, name="Scott Schmerelson")
    return race


class TestLink:
    def test_brings_the_feeds_count_to_our_race(
        self, editor: Client, counted, election, django_capture_on_commit_callbacks
    ) -> None:
        race, draft = own_race(election), Contest.objects.get(reported_title=BOARD)
        with django_capture_on_commit_callbacks(execute=True):
            link(editor, draft, race)
        assert not Contest.objects.filter(pk=draft.pk).exists()
        assert CurrentCount.objects.filter(contest=race).exists()
        assert "1,200" in Published.objects.get(pk=race.pk).html
        entry = ModelLogEntry.objects.get(action="elections.link")
        assert (entry.object_id, entry.data["reported_title"]) == (str(race.pk), BOARD)

    def test_goes_on_with_the_next_release(
        self, editor: Client, counted, election, say: Say
    ) -> None:
        race = own_race(election)
        link(editor, Contest.objects.get(reported_title=BOARD), race)
        say(40, scott_schmerelson=1300, dan_chang=1000)
        scott = race.selections.get(name="Scott Schmerelson")
        assert CurrentCount.objects.get(contest=race).count.tally[scott.pk] == 1300

    def test_says_on_the_field_why_two_cannot_be_one(
        self, editor: Client, counted, bond: Contest
    ) -> None:
        draft = Contest.objects.get(reported_title=BOARD)
        response = link(editor, draft, bond)
        (error,) = response.context["form"].errors["contest"]
        assert error == "One of the two has candidates, the other a question."
        assert Contest.objects.filter(pk=draft.pk).exists()

    def test_offers_no_race_of_another_election(self, editor: Client, counted, election) -> None:
        other = Election.objects.create(
            name="Primary",
            election_date=election.election_date,
            jurisdiction="Los Angeles County",
            polls_close_at=election.polls_close_at,
        )
        response = link(editor, Contest.objects.get(reported_title=BOARD), own_race(other))
        assert "contest" in response.context["form"].errors

    def test_is_for_drafts_only(self, editor: Client, board: Contest) -> None:
        url = reverse("elections_races:link", args=[board.pk])
        assert editor.get(url).status_code == 404

    def test_says_what_to_do_when_there_is_no_race_yet(self, editor: Client, counted) -> None:
        url = reverse("elections_races:link", args=[Contest.objects.first().pk])
        assert "no confirmed race to link to" in editor.get(url).content.decode()
