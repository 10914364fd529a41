"""A count that takes votes away: read it, then release or reject it."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.counting.calls import CallKind
from elections.models import Call, Contest, CurrentCount, Hold, Published
from elections.widgets import publish

from .conftest import Say


@pytest.fixture
def hold(say: Say, board: Contest) -> Hold:
    publish.publish([board.pk])
    say(40, scott_schmerelson=1100, dan_chang=1010)
    return Hold.objects.get()


def post(client: Client, decision: str, hold: Hold, **fields: object):
    url = reverse(f"elections_holds:{decision}", args=[hold.pk])
    return client.post(url, {"public_note": "", **fields}, follow=True)


def look(client: Client, hold: Hold, decision: str = "release") -> str:
    """Return the mark of the page on which one reads before one decides."""
    return post(client, decision, hold).context["mark"]


def leader_votes(board: Contest) -> int:
    scott = board.selections.get(name="Scott Schmerelson")
    return CurrentCount.objects.get(contest=board).count.tally[scott.pk]


class TestList:
    def test_shows_open_holds_first_with_what_changes(
        self, desk: Client, hold: Hold, board: Contest, say: Say
    ) -> None:
        post(desk, "reject", hold, confirmed=look(desk, hold))
        say(50, scott_schmerelson=1000, dan_chang=1010)
        response = desk.get(reverse("elections_holds:index"))
        decisions = [row.decision for row in response.context["object_list"]]
        assert decisions == ["open", "rejected"]
        text = response.content.decode()
        assert "−200" in text
        assert "Changes" in text

    def test_says_that_there_is_nothing_to_do(self, desk: Client, db: None) -> None:
        text = desk.get(reverse("elections_holds:index")).content.decode()
        assert "There is nothing to do now." in text


class TestPage:
    def test_shows_each_selection_as_shown_and_as_held(self, desk: Client, hold: Hold) -> None:
        response = desk.get(reverse("elections_holds:inspect", args=[hold.pk]))
        lines = [(d.name, d.shown, d.held, d.text) for d in response.context["differences"]]
        assert lines == [
            ("Scott Schmerelson", 1200, 1100, "−100"),
            ("Dan Chang", 1000, 1010, "+10"),
        ]

    def test_shows_no_buttons_to_those_who_may_not_decide(self, editor: Client, hold: Hold) -> None:
        text = editor.get(reverse("elections_holds:inspect", args=[hold.pk])).content.decode()
        assert "−100" in text
        assert reverse("elections_holds:release", args=[hold.pk]) not in text


class TestRelease:
    def test_first_repeats_what_readers_will_see(
        self, desk: Client, hold: Hold, board: Contest
    ) -> None:
        response = post(desk, "release", hold, public_note="The county corrected a count.")
        text = response.content.decode()
        assert "Scott Schmerelson leads by 90 votes" in text
        assert "The county corrected a count." in text
        hold.refresh_from_db()
        assert hold.decision == Hold.Decision.OPEN
        assert leader_votes(board) == 1200

    def test_then_shows_the_count_and_the_note_to_readers(
        self, desk: Client, hold: Hold, board: Contest, people
    ) -> None:
        note = "The county corrected a count."
        post(desk, "release", hold, public_note=note, confirmed=look(desk, hold))
        hold.refresh_from_db()
        assert (hold.decision, hold.decided_by) == (Hold.Decision.RELEASED, people["desk"])
        html = Published.objects.get(pk=board.pk).html
        assert "1,100" in html
        assert note in html
        assert ModelLogEntry.objects.get(action="elections.release").comment == note

    def test_asks_again_when_the_source_has_spoken_since(
        self, desk: Client, hold: Hold, board: Contest, say: Say
    ) -> None:
        before = look(desk, hold)
        say(50, scott_schmerelson=1050, dan_chang=1010)
        response = post(desk, "release", hold, confirmed=before)
        assert "The source has said something newer since." in response.content.decode()
        assert leader_votes(board) == 1200

    def test_asks_again_when_somebody_has_called_since(
        self, desk: Client, hold: Hold, board: Contest
    ) -> None:
        before = look(desk, hold)
        Call.make(contest=board, kind=CallKind.TOO_CLOSE, authority="Our desk", reason="It is.")
        response = post(desk, "release", hold, confirmed=before)
        assert "made the call “Too close to call”. Look once more." in response.content.decode()
        assert leader_votes(board) == 1200
        post(desk, "release", hold, confirmed=response.context["mark"])
        assert leader_votes(board) == 1100

    def test_happens_once(self, desk: Client, hold: Hold, board: Contest) -> None:
        seen = look(desk, hold)
        post(desk, "release", hold, confirmed=seen)
        response = post(desk, "reject", hold, confirmed=seen)
        assert "Somebody has decided this already." in response.content.decode()
        assert leader_votes(board) == 1100

    def test_stands_although_publishing_fails(
        self, desk: Client, hold: Hold, board: Contest, monkeypatch, caplog
    ) -> None:
        def broken(contest_ids: list[int]) -> None:
            raise OSError("The disk is full.")

        monkeypatch.setattr("elections.desk.decisions.publish", broken)
        response = post(desk, "release", hold, confirmed=look(desk, hold))
        assert "see the new count and the note within a minute." in response.content.decode()
        hold.refresh_from_db()
        assert hold.decision == Hold.Decision.RELEASED
        assert "The disk is full." in caplog.text
        publish.publish_stale()
        assert "1,100" in Published.objects.get(pk=board.pk).html

    def test_changes_nothing_on_a_get(self, desk: Client, hold: Hold) -> None:
        assert desk.get(reverse("elections_holds:release", args=[hold.pk])).status_code == 405


class TestReject:
    def test_keeps_what_stands(self, desk: Client, hold: Hold, board: Contest) -> None:
        first = post(desk, "reject", hold)
        assert "Scott Schmerelson leads by 200 votes" in first.content.decode()
        post(desk, "reject", hold, confirmed=look(desk, hold))
        hold.refresh_from_db()
        assert hold.decision == Hold.Decision.REJECTED
        html = Published.objects.get(pk=board.pk).html
        assert "1,200" in html
        assert "Held for review" not in html
        assert ModelLogEntry.objects.filter(action="elections.reject").exists()


class TestAChangeOfWhoIsAhead:
    @pytest.fixture
    def grave(self, say: Say, board: Contest) -> Hold:
        publish.publish([board.pk])
        say(40, scott_schmerelson=900, dan_chang=1010)
        return Hold.objects.get()

    def test_is_released_by_a_chief_only(self, desk, chief, grave, board) -> None:
        text = post(desk, "release", grave, confirmed="1").content.decode()
        assert "Ask a desk chief to release it." in text
        assert leader_votes(board) == 1200
        post(chief, "release", grave, confirmed=look(chief, grave))
        assert leader_votes(board) == 900

    def test_offers_the_desk_what_it_may_do(self, desk, chief, grave) -> None:
        url = reverse("elections_holds:inspect", args=[grave.pk])
        release, reject = (
            reverse(f"elections_holds:{d}", args=[grave.pk]) for d in ("release", "reject")
        )
        text = desk.get(url).content.decode()
        assert reject in text
        assert release not in text
        assert release in chief.get(url).content.decode()
