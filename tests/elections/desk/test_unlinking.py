"""A feed's race that was joined to the wrong one of ours is taken away again."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.matching import link_draft
from elections.models import (
    Contest,
    CurrentCount,
    ExternalIdentifier,
    Freeze,
    Hold,
    Published,
    Selection,
)
from elections.widgets.publish import publish

from .conftest import BOARD, Say


@pytest.fixture
def wrong(counted, election) -> Contest:
    """Our race for mayor, to which somebody has joined the feed's school board."""
    race = Contest.objects.create(election=election, name="Mayor")
    Selection.objects.create(contest=race, name="Ana Other")
    link_draft(Contest.objects.get(reported_title=BOARD), race)
    publish([race.pk])
    return race


def address(race: Contest) -> str:
    name = ExternalIdentifier.objects.get(contest=race, selection=None)
    return reverse("elections_links:unlink", args=[name.pk])


def unlink(client: Client, race: Contest, seen: str | None = None):
    url = address(race)
    seen = client.get(url).context["seen"] if seen is None else seen
    return client.post(url, {"seen": seen})


class TestUnlink:
    def test_says_what_readers_will_see_and_changes_nothing(self, editor: Client, wrong) -> None:
        response = editor.get(address(wrong))
        assert response.context["before"].total_votes == 2200
        assert response.context["after"].total_votes == 0
        assert "becomes a draft" in response.content.decode()
        assert CurrentCount.objects.filter(contest=wrong).exists()
        assert not Contest.objects.filter(reported_title=BOARD).exists()

    def test_makes_a_draft_of_it_with_its_counts(
        self, editor: Client, wrong, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = unlink(editor, wrong)
        draft = Contest.objects.get(reported_title=BOARD)
        assert response["Location"] == reverse("elections_races:link", args=[draft.pk])
        assert draft.status == Contest.Status.DRAFT
        count = CurrentCount.objects.get(contest=draft).count
        names = {selection.pk: selection.reported_name for selection in draft.selections.all()}
        votes = {names[pk]: votes for pk, votes in count.tally.items()}
        assert votes == {"SCOTT SCHMERELSON": 1200, "DAN CHANG": 1000}
        assert not wrong.counts.exists()
        assert "1,200" not in Published.objects.get(pk=wrong.pk).html

    def test_lets_it_be_linked_to_the_right_race(
        self, editor: Client, wrong, election, say: Say
    ) -> None:
        unlink(editor, wrong)
        right = Contest.objects.create(election=election, name="Board")
        link_draft(Contest.objects.get(reported_title=BOARD), right)
        say(40, scott_schmerelson=1300, dan_chang=1000)
        assert sum(CurrentCount.objects.get(contest=right).count.tally.values()) == 2300
        assert not wrong.current_counts.exists()

    def test_is_in_the_log_and_is_offered_on_the_page_of_the_race(
        self, editor: Client, wrong
    ) -> None:
        page = editor.get(reverse("elections_races:inspect", args=[wrong.pk])).content.decode()
        assert address(wrong) in page
        unlink(editor, wrong)
        entry = ModelLogEntry.objects.get(action="elections.unlink")
        assert (entry.object_id, entry.data["reported_title"]) == (str(wrong.pk), BOARD)

    def test_asks_again_when_readers_see_something_else(
        self, editor: Client, wrong, say: Say
    ) -> None:
        seen = editor.get(address(wrong)).context["seen"]
        say(40, scott_schmerelson=1300, dan_chang=1000)
        unlink(editor, wrong, seen)
        assert wrong.current_counts.exists()

    def test_waits_for_the_decision_about_a_held_count(
        self, editor: Client, wrong, say: Say
    ) -> None:
        say(40, scott_schmerelson=1100, dan_chang=1000)
        assert Hold.objects.open().count() == 1
        response = editor.get(address(wrong))
        assert "Release or reject it first." in response.content.decode()
        unlink(editor, wrong)
        assert wrong.current_counts.exists()

    def test_waits_for_the_end_of_a_freeze(self, editor: Client, wrong) -> None:
        count = wrong.current_counts.get().count
        Freeze.objects.create(
            contest=wrong, reason="To check.", count=count, as_of=count.counted_at
        )
        assert "End that first." in editor.get(address(wrong)).content.decode()

    def test_keeps_the_names_of_a_race_that_the_feed_names_no_more(
        self, editor: Client, wrong, source
    ) -> None:
        source.state.standing = None
        source.state.save()
        unlink(editor, wrong)
        draft = Contest.objects.get(reported_title=BOARD)
        assert sum(CurrentCount.objects.get(contest=draft).count.tally.values()) == 2200
