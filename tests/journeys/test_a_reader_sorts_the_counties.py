"""A reader looks at how each precinct voted, with the keyboard and without JavaScript."""

import pytest

from elections.models import Contest
from elections.pages.models import ElectionPage, RacePage
from tests.elections.documents import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sheet(clock: str, more: int = 0) -> bytes:
    lines = [f"Precinct {n},Council,A,{n + more}\nPrecinct {n},Council,B,3" for n in range(1, 41)]
    head = f"# counted_at: {at(clock).isoformat()}\nprecinct,race,candidate,votes"
    return "\n".join([head, *lines]).encode()


@pytest.fixture
def race(night, home) -> RacePage:
    night.source.provider = "csv"
    night.source.save()
    night.say(sheet("21:00"))
    contest = Contest.objects.get(reported_title="Council")
    contest.status = "confirmed"
    contest.save()
    night.say(sheet("21:10"))
    election_page = ElectionPage(title="Results", slug="results", election=contest.election)
    home.add_child(instance=election_page)
    page = RacePage(title="Council", slug="council", contest=contest)
    election_page.add_child(instance=page)
    page.save_revision().publish()
    return page


def first_place(page) -> str:
    return page.locator("#breakdown tbody th").first.inner_text()


def test_the_table_sorts_without_a_reload_and_says_so(visit, race):
    reader = visit()
    reader.open(race.url)
    page = reader.page
    page.evaluate("document.body.dataset.opened = 'once'")
    assert first_place(page) == "Precinct 40"

    page.get_by_role("link", name="Precinct", exact=True).press("Enter")
    page.locator("#breakdown [aria-sort=ascending]").wait_for()
    assert first_place(page) == "Precinct 1"
    assert page.evaluate("document.activeElement.textContent") == "Precinct"
    said = page.locator("#breakdown + p").inner_text()
    assert said.startswith("Sorted by “Precinct”, lowest first.")
    assert page.url.endswith("?by=place&order=up#breakdown")

    page.get_by_role("link", name="Next places").click()
    page.get_by_text("Page 2 of 2").wait_for()
    assert first_place(page) == "Precinct 26"
    assert page.evaluate("document.body.dataset.opened") == "once"
    assert reader.complaints == []


def test_a_newer_result_brings_its_own_places(visit, night, race, settings):
    settings.ELECTIONS_POLL_SECONDS = 0.3
    reader = visit()
    reader.open(race.url)
    night.say(sheet("21:30", more=100), seen="21:32")
    reader.page.locator("#breakdown tbody td", has_text="140").first.wait_for()
    assert "9:30 p.m." in reader.page.locator("#breakdown time").inner_text()


def test_the_table_sorts_without_javascript_too(visit, race):
    reader = visit(java_script_enabled=False)
    reader.open(race.url)
    reader.page.get_by_role("link", name="Precinct", exact=True).click()
    assert first_place(reader.page) == "Precinct 1"


def test_a_phone_does_not_scroll_sideways(visit, race):
    reader = visit()
    reader.page.set_viewport_size({"width": 390, "height": 800})
    reader.open(race.url)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) == 0
