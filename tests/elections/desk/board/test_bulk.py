"""Several races in one action: certified, or their held counts decided."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from elections.desk.seen import seen_now
from elections.models import Call, Contest, Hold, Published

from ..conftest import BOND


@pytest.fixture
def chief(as_user) -> Client:
    return as_user("chief")


def certify(client: Client, *contests: Contest, **changes: str):
    fields = {
        "race": [contest.pk for contest in contests],
        "authority": "LA County Registrar",
        "certified_on": timezone.localdate().isoformat(),
        **{f"seen-{contest.pk}": str(seen_now(contest.pk)) for contest in contests},
        **changes,
    }
    return client.post(reverse("elections_desk:certify"), fields)


class TestCertifying:
    def test_shows_what_readers_will_see_before_anything_is_stored(
        self, chief, board, bond
    ) -> None:
        response = certify(chief, board, bond)
        text = response.content.decode()
        assert "Scott Schmerelson finished ahead by 200 votes (9.1 points)." in text
        assert text.count("Certified</span>") == 2
        assert not Call.objects.exists()

    def test_certifies_each_with_authority_and_day(
        self, chief, board, bond, people, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = certify(chief, board, bond, confirmed="1")
        assert response.url == reverse("elections_desk:index")
        calls = Call.objects.order_by("pk")
        assert [(call.contest, call.kind) for call in calls] == [
            (board, "certified"),
            (bond, "certified"),
        ]
        assert calls[0].reason.startswith("Certified on ")
        assert calls[0].made_by == people["chief"]
        assert ModelLogEntry.objects.filter(action="elections.call").count() == 2
        assert Published.objects.get(pk=bond.pk).is_final

    def test_leaves_a_race_that_moved_on_and_says_what_happened(
        self, chief, board, bond, call
    ) -> None:
        before = str(seen_now(board.pk))
        call(board, "conceded", "Dan Chang")
        response = certify(chief, board, bond, confirmed="1", **{f"seen-{board.pk}": before})
        text = response.content.decode()
        assert "made the call “Conceded: Dan Chang”." in text
        assert "LA County Registrar" in text
        assert [call.contest for call in Call.objects.filter(kind="certified")] == [bond]

    def test_says_why_not_of_one_that_is_certified_or_held(
        self, chief, board, bond, call, say
    ) -> None:
        call(bond, "certified")
        say(40, scott_schmerelson=1100, dan_chang=1010)
        text = certify(chief, board, bond, confirmed="1").content.decode()
        assert "It is certified already." in text
        assert "A count of it is held. Decide that first." in text
        assert Call.objects.filter(kind="certified").count() == 1

    def test_leaves_a_second_persons_elections_to_the_single_form(self, chief, board) -> None:
        board.election.approval_kinds = ["certified"]
        board.election.save()
        text = certify(chief, board, confirmed="1").content.decode()
        assert "This election asks for a second person." in text
        assert not Call.objects.exists()

    def test_refuses_a_day_to_come(self, chief, board) -> None:
        response = certify(chief, board, certified_on="2999-01-01", confirmed="1")
        assert list(response.context["form"].errors) == ["certified_on"]

    def test_takes_no_drafts(self, chief, board) -> None:
        draft = Contest.objects.get(reported_title=BOND)
        response = certify(chief, draft, confirmed="1")
        assert "Tick the races" in response.content.decode()

    def test_is_for_chiefs(self, desk, board) -> None:
        url = reverse("elections_desk:certify")
        assert desk.get(url).status_code == 302
        assert url not in desk.get(reverse("elections_desk:index")).content.decode()


def decide(client: Client, hold: Hold, decision: str, **changes: str):
    fields = {
        "race": [hold.contest_id],
        "decision": decision,
        "public_note": "The county corrected a count.",
        f"seen-{hold.pk}": str(hold.snapshot_id),
        **changes,
    }
    return client.post(reverse("elections_desk:holds"), fields)


class TestHolds:
    @pytest.fixture
    def hold(self, board, say) -> Hold:
        say(40, scott_schmerelson=1100, dan_chang=1010)
        return Hold.objects.get()

    def test_list_what_would_change(self, desk, hold) -> None:
        url = f"{reverse('elections_desk:holds')}?race={hold.contest_id}"
        text = desk.get(url).content.decode()
        assert "Scott Schmerelson: 1,200 → 1,100 (−100)" in text

    def test_are_released_after_a_last_look(self, desk, hold, people) -> None:
        text = decide(desk, hold, "released").content.decode()
        assert "Scott Schmerelson leads by 90 votes" in text
        assert "The county corrected a count." in text
        assert Hold.objects.open().exists()
        assert decide(desk, hold, "released", confirmed="1").status_code == 302
        hold.refresh_from_db()
        assert (hold.decision, hold.decided_by) == ("released", people["desk"])
        assert hold.public_note == "The county corrected a count."

    def test_are_left_when_the_source_has_said_something_newer(self, desk, hold, say) -> None:
        say(50, scott_schmerelson=1090, dan_chang=1010)
        seen = {f"seen-{hold.pk}": str(hold.snapshot_id)}
        text = decide(desk, hold, "released", confirmed="1", **seen).content.decode()
        assert "The source has said something newer since." in text
        assert Hold.objects.open().exists()

    def test_need_a_chief_where_the_leader_changes(self, desk, chief, board, say) -> None:
        say(40, scott_schmerelson=900, dan_chang=1010)
        hold = Hold.objects.get()
        assert "Ask a desk chief." in decide(desk, hold, "released", confirmed="1").content.decode()
        assert Hold.objects.open().exists()
        assert decide(chief, hold, "released", confirmed="1").status_code == 302

    def test_say_when_nothing_waits(self, desk, board) -> None:
        url = f"{reverse('elections_desk:holds')}?race={board.pk}&race=x&race=" + "9" * 30
        assert "None of these races has a count" in desk.get(url).content.decode()
