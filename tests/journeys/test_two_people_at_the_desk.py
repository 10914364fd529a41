"""Two people watch one night: one calls a race, the other is told; with keys, and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from elections.desk.roles import CHIEFS, create_roles
from elections.models import Call, Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = "/admin/elections/desk/"
DIALOG = "[data-board-dialog][open]"


@pytest.fixture
def at_the_desk(night, visit) -> Callable[..., object]:
    """Return a chief of the desk in front of the screen, by name."""
    create_roles()
    Source.objects.update(mode=Source.Mode.REPLAY)

    def at_the_desk(name: str, **options: object) -> object:
        user = get_user_model().objects.create_user(name)
        user.groups.add(Group.objects.get(name=CHIEFS))
        client = Client()
        client.force_login(user)
        visitor = visit(**options)
        session = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": session, "url": visitor.origin}
        visitor.context.add_cookies([cookie])
        visitor.open(DESK)
        return visitor

    return at_the_desk


def open_call(page: object, race: str) -> None:
    page.get_by_role("link", name=race, exact=True).first.focus()
    page.keyboard.press("c")
    page.wait_for_selector(f"{DIALOG} form")


def write_call(page: object, kind: str, name: str) -> None:
    page.check(f"{DIALOG} input[value={kind}]")
    page.locator(DIALOG).get_by_label(name).check()
    page.fill(f"{DIALOG} textarea[name=reason]", "The lead is larger than the ballots left.")
    page.fill(f"{DIALOG} input[name=authority]", "The Valley Ledger")
    page.click(f"{DIALOG} button:has-text('See what readers will see')")
    page.wait_for_selector(f"{DIALOG} button[name=confirmed]")


def violations(page: object) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


class TestTwoPeople:
    def test_are_told_when_the_other_was_faster(self, night, at_the_desk) -> None:
        race = night.contest.name
        ahead = night.contest.selections.order_by("pk").first().name
        ana, ben = at_the_desk("ana"), at_the_desk("ben")
        open_call(ana.page, race)
        open_call(ben.page, race)
        write_call(ana.page, "apparent-winner", ahead)
        write_call(ben.page, "winner", ahead)

        ana.page.click(f"{DIALOG} button[name=confirmed]")
        ana.page.wait_for_selector(DIALOG, state="detached")
        ana.page.wait_for_selector("td:has-text('Apparent winner')")

        ben.page.click(f"{DIALOG} button[name=confirmed]")
        ben.page.wait_for_selector(f"{DIALOG} :text('ana made the call')")
        assert Call.objects.count() == 1
        ben.page.click(f"{DIALOG} button[name=confirmed]")
        ben.page.wait_for_selector("td:has-text('Called')")
        assert [str(call.made_by) for call in Call.objects.order_by("pk")] == ["ana", "ben"]
        assert ana.complaints == ben.complaints == []

    def test_see_each_others_calls_without_losing_their_place(self, night, at_the_desk) -> None:
        ana = at_the_desk("ana")
        page = ana.page
        page.fill("input[type=search]", "typed and not sent")
        page.keyboard.press("Tab")
        page.locator("[data-race-link]").first.focus()
        page.keyboard.press("x")
        Call.make(contest=night.contest, kind="too-close", authority="Us", reason="Few votes.")
        page.evaluate(
            "document.querySelector('[data-board]').dispatchEvent(new Event('board:refresh'))"
        )
        page.wait_for_selector("[data-board-said]:has-text('now Too close to call')")
        assert page.input_value("input[type=search]") == "typed and not sent"
        assert page.locator("[name=race]:checked").count() == 1
        assert page.evaluate("document.activeElement.hasAttribute('data-race-link')")

    def test_are_told_that_the_server_is_away(self, night, at_the_desk) -> None:
        ana = at_the_desk("ana")
        ana.context.set_offline(True)
        ana.page.keyboard.press("r")
        ana.page.wait_for_selector("[data-board-trouble]:has-text('has not answered since')")
        ana.context.set_offline(False)
        ana.page.keyboard.press("r")
        ana.page.wait_for_selector("[data-board-trouble]", state="hidden")

    @pytest.mark.parametrize("width", [1280, 390])
    def test_use_a_screen_that_axe_finds_nothing_on(self, night, at_the_desk, width) -> None:
        page = at_the_desk("ana").page
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        open_call(page, night.contest.name)
        assert violations(page) == []
