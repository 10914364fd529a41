"""An editor sets up a county's feed: test it, map its races, confirm them, show one on a page."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from elections.desk.roles import EDITORS
from elections.models import Contest, CurrentCount, Election, Selection, Snapshot, Source
from elections.tasks import refresh_source
from newsroom.pages.models import StoryPage
from newsroom.project.demo.people import make_users
from tests.elections.documents import at, board, document, measure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}


@pytest.fixture
def county() -> Iterator[str]:
    """The address at which a county answers with its results."""
    body = document(at("20:36"), board(61_168, 50_310), measure(7, 5))

    class County(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), County)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/results.json"
    server.shutdown()
    server.server_close()


@pytest.fixture
def our_race(election: Election) -> Contest:
    """A race that the newsroom has named already, one candidate otherwise than the county."""
    race = Contest.objects.create(
        election=election, name="Los Angeles Unified School District board, District 3"
    )
    for name in ("Scott Schmerelson", "Daniel Chang"):
        Selection.objects.create(contest=race, name=name)
    return race


def look_at(page, barriers: dict[str, list], name: str) -> None:
    """See a page of ours as axe does, and at the width of a phone."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, context="main").response["violations"]
    if found:
        barriers[name] = [(one["id"], [n["html"][:160] for n in one["nodes"]]) for one in found]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        barriers[f"{name} on a phone"] = [width]
    page.set_viewport_size(DESKTOP)


@pytest.fixture
def editor(visit, home):
    make_users()
    person = get_user_model().objects.get(username="editor")
    person.groups.add(Group.objects.get(name=EDITORS))
    editor = visit()
    editor.open("/admin/")
    editor.page.get_by_label("Username").fill("editor")
    editor.page.get_by_label("Password").fill("editor")
    editor.page.get_by_role("button", name="Sign in").click()
    editor.page.wait_for_url("**/admin/")
    return editor


def test_readers_see_its_count_under_our_names(
    editor, visit, county, our_race, section, settings, monkeypatch
):
    settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = True
    monkeypatch.setattr(
        refresh_source, "apply_async", lambda kwargs, **options: refresh_source(**kwargs)
    )
    page, barriers = editor.page, {}

    editor.open(reverse("elections_sources:add"))
    page.locator("#id_election").select_option(label=our_race.election.name)
    page.locator("#id_name").fill("LA County Registrar")
    page.locator("#id_provider").select_option("lac_json")
    page.locator("#id_address").fill(county)
    page.get_by_role("button", name="Test this source").click()
    panel = page.get_by_role("region", name="What the source answers")
    assert "It would be taken in. Nothing was stored." in panel.inner_text()
    assert "61,168" in panel.inner_text()
    assert not Source.objects.exists()
    assert not Snapshot.objects.exists()
    look_at(page, barriers, "test")

    page.get_by_role("button", name="Create").click()
    page.locator(".messages .success").wait_for()
    source = Source.objects.get()
    editor.open(reverse("elections_sources:inspect", args=[source.pk]))
    page.get_by_role("button", name="Ask now").click()
    page.locator(".messages .success").wait_for()
    look_at(page, barriers, "source")

    page.get_by_role("link", name="Map its races").click()
    row = page.get_by_role("group").filter(has_text="Board of Education, District 3").first
    assert row.get_by_role("combobox").first.input_value() == our_race.name
    assert row.get_by_label("DAN CHANG").locator("option:checked").inner_text() == "Daniel Chang"
    look_at(page, barriers, "map")
    row.get_by_label("It is our race:").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save this page").click()
    page.locator(".messages .success").wait_for()
    assert "1 race linked" in page.locator(".messages").inner_text()
    assert sorted(CurrentCount.objects.get(contest=our_race).count.tally.values()) == [
        50_310,
        61_168,
    ]

    editor.open(reverse("elections_races:list") + "?status=draft")
    page.get_by_role("checkbox", name="Select all").first.check()
    page.get_by_role("link", name="Confirm").click()
    page.locator("main").get_by_role("button", name="Confirm").click()
    page.locator(".messages .success").wait_for()
    assert not Contest.objects.exclude(status=Contest.Status.CONFIRMED).exists()

    editor.open(f"/admin/pages/{section.pk}/add_subpage/")
    page.locator("a[href*='storypage/']").filter(has_text="Story page").first.click()
    page.locator("#id_title").fill("Schmerelson leads")
    body = page.locator("#panel-child-content-body-content")
    body.get_by_title("Insert a block").first.click()
    page.get_by_role("combobox").fill("live result")
    page.get_by_role("option", name="Live result").click()
    body.get_by_role("button", name="Choose").click()
    page.get_by_role("dialog").get_by_role("link", name=our_race.name).click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="Publish").click()
    page.locator(".messages .success").wait_for()

    reader = visit()
    reader.open(StoryPage.objects.get().url)
    assert [row[:2] for row in reader.votes] == [
        ["Scott Schmerelson", "61,168"],
        ["Daniel Chang", "50,310"],
    ]
    assert barriers == {}


def test_a_count_comes_in_by_hand(editor, our_race):
    page, barriers = editor.page, {}
    editor.open(reverse("elections_sheets:type", args=[our_race.pk]))
    page.get_by_label("Who says so").fill("City Clerk")
    page.get_by_label("As of").fill("2024-11-05 21:30")
    page.get_by_label("Votes for Scott Schmerelson").fill("1,204")
    page.get_by_label("Votes for Daniel Chang").fill("987")
    page.get_by_role("button", name="See what would be taken in").click()
    look_at(page, barriers, "type")
    page.get_by_role("button", name="Take in these counts").click()
    assert "taken in" in page.locator(".messages .success").inner_text()

    source = Source.objects.create(
        election=our_race.election, name="Clerk", provider="csv", mode=Source.Mode.BY_HAND
    )
    editor.open(reverse("elections_sheets:send", args=[source.pk]))
    look_at(page, barriers, "send")
    page.get_by_label("Or paste the cells").fill("race\tcandidate\tvotes\nMayor\tAna\t5\n")
    page.get_by_role("button", name="See its columns").click()
    page.get_by_label("Counted at").fill("2024-11-05 21:30")
    page.get_by_role("button", name="See what would be read").click()
    look_at(page, barriers, "read")
    page.get_by_role("button", name="Take in these counts").click()
    assert "The counts were taken in." in page.locator(".messages .success").inner_text()
    assert Contest.objects.filter(name="Mayor").exists()
    assert barriers == {}
