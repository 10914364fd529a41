"""A name that a feed has corrected: who is who, said on the page that maps its races."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.counting.calls import CallKind
from elections.models import (
    Call,
    Contest,
    ContestCount,
    CurrentCount,
    ExternalIdentifier,
    Hold,
    Selection,
    Source,
)
from elections.widgets.publish import publish

from .conftest import Say


@pytest.fixture
def renamed(say: Say, board: Contest) -> Selection:
    """The feed spells Dan Chang otherwise, so that his votes seem to be gone."""
    publish([board.pk])
    say(40, scott_schmerelson=1300, daniel_chang=1100)
    assert Hold.objects.get().changes_winners is False
    return board.selections.get(is_new=True)


@pytest.fixture
def chang(board: Contest) -> Selection:
    return board.selections.get(name="Dan Chang")


def address(source: Source) -> str:
    return reverse("elections_sources:map", args=[source.pk])


def join(client: Client, source: Source, new: Selection, ours: object) -> str:
    data = {"join": "1", f"same-{new.pk}": str(getattr(ours, "pk", ours))}
    return client.post(address(source), data, follow=True).content.decode()


def shown(race: Contest) -> list[int]:
    return sorted(CurrentCount.objects.get(contest=race).count.tally.values())


class TestJoin:
    def test_is_offered_where_a_race_of_ours_has_a_new_name(self, editor, source, renamed) -> None:
        text = editor.get(address(source)).content.decode()
        assert "New names in races of ours" in text
        assert f'name="same-{renamed.pk}"' in text

    def test_makes_two_names_one_candidate(self, editor, source, board, renamed, chang) -> None:
        told = join(editor, source, renamed, chang)
        assert "in the feed is now Dan Chang" in told
        assert "New names in races of ours" not in told
        assert board.selections.count() == 2
        assert shown(board) == [1100, 1300]
        assert ExternalIdentifier.objects.filter(selection=chang).count() == 2
        entry = ModelLogEntry.objects.get(action="elections.join")
        assert (entry.data["name"], entry.user.username) == ("Dan Chang", "editor")

    def test_releases_what_was_held_for_the_name_alone(
        self, editor, source, board, renamed, chang
    ) -> None:
        join(editor, source, renamed, chang)
        hold = Hold.objects.get()
        assert hold.decision == Hold.Decision.RELEASED_BY_ITSELF
        assert "has corrected how a name is spelt" in hold.public_note

    def test_keeps_holding_what_loses_votes_all_the_same(
        self, editor, source, board, say, renamed, chang
    ) -> None:
        say(45, scott_schmerelson=1190, daniel_chang=1100)
        join(editor, source, renamed, chang)
        hold = Hold.objects.get()
        assert hold.decision == Hold.Decision.OPEN
        assert sorted(hold.votes_held.values()) == [1100, 1190]
        assert shown(board) == [1000, 1200]

    def test_understands_either_name_from_then_on(
        self, editor, source, board, say, renamed, chang
    ) -> None:
        join(editor, source, renamed, chang)
        say(50, scott_schmerelson=1400, dan_chang=1200)
        assert shown(board) == [1200, 1400]
        say(60, scott_schmerelson=1500, daniel_chang=1300)
        assert shown(board) == [1300, 1500]
        assert set(ContestCount.objects.filter(contest=board).latest("pk").votes) == {
            str(pk) for pk in board.selections.values_list("pk", flat=True)
        }

    def test_refuses_two_that_are_counted_at_once(self, editor, source, board, say, chang) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1000, ana_new=5)
        told = join(editor, source, board.selections.get(is_new=True), chang)
        assert "they are two people" in told
        assert board.selections.count() == 3

    def test_refuses_a_name_that_was_called(self, editor, source, board, renamed, chang) -> None:
        Call.make(
            contest=board,
            kind=CallKind.CONCEDED,
            selections=[renamed],
            authority="Our desk",
            reason="He said so.",
            source_url="https://example.org/",
        )
        assert "was decided about this name already" in join(editor, source, renamed, chang)
        assert board.selections.count() == 3

    def test_does_nothing_without_a_choice(self, editor, source, board, renamed) -> None:
        join(editor, source, renamed, "")
        join(editor, source, renamed, "999999")
        assert board.selections.count() == 3

    def test_is_for_those_who_keep_races(self, desk, source, renamed, chang) -> None:
        response = desk.post(address(source), {"join": "1", f"same-{renamed.pk}": chang.pk})
        assert response.status_code in {302, 403}
        assert Selection.objects.filter(pk=renamed.pk).exists()
