"""What the AP calls, and the desk's own call that follows it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from elections.models import Call, Contest, Election, ReportedCall
from tests.elections import ap_nights
from tests.elections.ap_nights import house, night, say

SAID = "The Associated Press said “Winner: Dee Pattern” at 9:10 p.m. Nov. 5, 2030."


@pytest.fixture
def race(db: None) -> Contest:
    source = ap_nights.make_source()
    say(source, night())
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    return house()


def page(client: Client, race: Contest) -> str:
    response = client.get(reverse("elections_races:inspect", args=[race.pk]))
    return unescape(response.content.decode())


def link(text: str) -> str:
    (address,) = re.findall(r'<a href="([^"]+told=\d+)">Make this call</a>', text)
    return address


class TestRacePage:
    def test_says_what_the_source_calls(self, desk: Client, race: Contest) -> None:
        assert SAID in page(desk, race)

    def test_says_when_it_is_taken_back(self, desk: Client, race: Contest) -> None:
        source = ReportedCall.objects.get().source
        say(source, night(status="Uncalled", mark="", minute=20), minute=21)
        text = page(desk, race)
        assert "has taken its call back" in text
        assert "Make this call" not in text

    def test_offers_no_call_to_who_may_make_none(
        self, as_user: Callable[[str], Client], race: Contest
    ) -> None:
        text = page(as_user("viewer"), race)
        assert SAID in text
        assert "Make this call" not in text

    def test_says_nothing_where_no_source_calls(self, desk: Client, board: Contest) -> None:
        assert "What sources call" not in page(desk, board)


class TestFollowingIt:
    def test_fills_the_form(self, desk: Client, race: Contest) -> None:
        form = desk.get(link(page(desk, race))).context["form"]
        assert form["authority"].value() == "The Associated Press"
        assert form["kind"].value() == "winner"
        assert form["reason"].value() == SAID
        assert form["selections"].value() == [race.selections.get(name="Dee Pattern").pk]

    def test_makes_the_call_with_the_source_as_its_authority(
        self, desk: Client, race: Contest
    ) -> None:
        Election.objects.update(polls_close_at=datetime(2020, 11, 4, 4, tzinfo=UTC))
        address = link(page(desk, race))
        form = desk.get(address).context["form"]
        said = {name: form[name].value() for name in ("kind", "selections", "authority", "reason")}
        preview = desk.post(address, said).content.decode()
        seen = re.search(r'name="seen" value="([^"]+)"', preview)
        desk.post(address, {**said, "confirmed": "1", **({"seen": seen[1]} if seen else {})})
        call = Call.objects.get()
        assert (call.authority, call.kind) == ("The Associated Press", "winner")
        assert call.made_by.username == "desk"

    def test_is_left_empty_for_another_race(
        self, desk: Client, race: Contest, board: Contest
    ) -> None:
        query = {"contest": board.pk, "told": ReportedCall.objects.get().pk}
        form = desk.get(reverse("elections_calls:add"), query).context["form"]
        assert form["kind"].value() is None

    @pytest.mark.parametrize("told", ["x' or 1", "9" * 30, "9" * 5000, "٣"])
    def test_does_not_fall_over_a_number_that_is_none(
        self, desk: Client, race: Contest, told: str
    ) -> None:
        query = {"contest": race.pk, "told": told}
        assert desk.get(reverse("elections_calls:add"), query).status_code == 200
