"""All that happened to a race: who, when and why, and none of it twice."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from elections.counting.calls import CallKind
from elections.desk.race_record import build_record
from elections.models import BallotsRemaining, Call, Contest, Hold, Pin, Proposal
from elections.models import ContestCount as Count

from .test_calls import publish_call


def said(contest: Contest) -> list[str]:
    return [line.what for line in build_record(contest)]


class TestRecord:
    def test_tells_each_release_with_its_bytes(self, board, say) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1150)
        latest = build_record(board)[0]
        assert latest.what.startswith("LA County Registrar, release of 8:40 p.m. Nov. 5, 2024: ")
        assert "250 more votes were counted. Scott Schmerelson leads by 150 votes" in latest.what
        assert latest.url.endswith("/raw/")
        assert latest.who == ""

    def test_names_who_called_and_who_took_it_back_with_reasons(self, board, people) -> None:
        call = Call.make(
            contest=board,
            kind=CallKind.CONCEDED,
            selections=[board.selections.get(name="Dan Chang")],
            authority="The candidate",
            reason="He said so.",
            made_by=people["desk"],
        )
        Call.make(
            contest=board,
            kind=CallKind.RETRACTED,
            retracts=call,
            authority="Us",
            reason="He did not.",
            made_by=people["chief"],
        )
        later, earlier = build_record(board)[:2]
        assert (later.what, later.who, later.why) == (
            "Call: Took back: Conceded. Authority: Us.",
            "chief",
            "He did not.",
        )
        assert earlier.what == "Call: Conceded: Dan Chang. Authority: The candidate."

    def test_tells_a_hold_and_its_decision(self, board, say, people) -> None:
        say(40, scott_schmerelson=1100, dan_chang=1010)
        hold = Hold.objects.get()
        hold.decide("rejected", at=timezone.now(), by=people["desk"])
        line = build_record(board)[0]
        assert (line.what, line.who) == ("Held count: Rejected.", "desk")
        assert "Held: a count of LA County Registrar that takes votes away." in said(board)

    def test_tells_what_was_proposed_and_never_shown(self, board, people) -> None:
        proposal = Proposal.make(
            contest=board,
            kind=CallKind.TOO_CLOSE,
            selections=[],
            authority="Us",
            reason="Few votes apart.",
            made_by=people["desk"],
            grounds={},
        )
        Proposal.objects.filter(pk=proposal.pk).update(
            decision="declined", decided_at=timezone.now(), decided_by=people["chief"]
        )
        line = build_record(board)[0]
        assert (line.what, line.who) == ("Declined: the proposal “Too close to call”.", "chief")

    def test_tells_a_pin_and_its_end(self, board, people) -> None:
        count = Count.objects.get(contest=board)
        pin = Pin.objects.create(
            contest=board, count=count, reason="A slip of the county.", made_by=people["desk"]
        )
        pin.end(at=timezone.now(), by=people["chief"], reason="Corrected.")
        later, earlier = build_record(board)[:2]
        assert (later.what, later.who, later.why) == (
            "The latest count is shown again.",
            "chief",
            "Corrected.",
        )
        assert (earlier.who, earlier.why) == ("desk", "A slip of the county.")

    def test_tells_the_ballots_left(self, board) -> None:
        BallotsRemaining.objects.create(
            election=board.election,
            contest=board,
            estimate=9_000,
            as_of=timezone.now(),
            source_name="the county",
        )
        assert said(board)[0] == "Ballots left: 9,000, said by the county."

    def test_has_what_wagtail_logged_and_no_call_twice(self, board, desk, people) -> None:
        publish_call(desk, board, "conceded", "Dan Chang")
        log(board, "wagtail.edit", user=people["editor"])
        lines = build_record(board)
        assert sum("Conceded" in line.what for line in lines) == 1
        assert lines[0].who == "editor"

    def test_does_not_ask_more_often_for_more(
        self, board, say, django_assert_max_num_queries
    ) -> None:
        with django_assert_max_num_queries(20) as few:
            build_record(Contest.objects.select_related("election").get(pk=board.pk))
        for minutes in (40, 50, 60):
            say(minutes, scott_schmerelson=1200 + minutes, dan_chang=1000)
        with django_assert_max_num_queries(len(few)):
            lines = build_record(Contest.objects.select_related("election").get(pk=board.pk))
        assert len(lines) == 4


class TestPage:
    @pytest.mark.parametrize("role", ["viewer", "editor", "desk"])
    def test_is_read_by_all_who_read_races(self, as_user, board, role) -> None:
        client: Client = as_user(role)
        text = client.get(reverse("elections_races:inspect", args=[board.pk])).content.decode()
        assert "What happened" in text
        assert "First count: 2,200 votes." in text
