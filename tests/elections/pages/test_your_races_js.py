"""your-races.js in a real Chromium: what a reader keeps stays in the browser and comes first."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "elections" / "static" / "elections" / "your-races.js"
ITEM = (
    "<li><p>Race {pk}</p>"
    '<button class="keep-race" value="{pk}" aria-pressed="false" hidden>Keep</button></li>'
)
PAGE = """<!doctype html><html lang="en"><title>Races</title>
<p class="your-races" data-election="3" hidden><a href="?races=">Your races</a>
<button type="button">Forget them</button> <a href="?place=" hidden>Your place</a></p>
<form><select name="place"><option value="">All</option><option value="La Puente">La Puente</option>
</select></form>
<ul class="race-list">{items}</ul><script src="/your-races.js"></script></html>"""


def test_is_smaller_than_900_bytes_on_the_wire():
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < 900


@pytest.fixture
def page(browser):
    html = PAGE.format(items="".join(ITEM.format(pk=pk) for pk in (11, 12, 13)))
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "http://results.test/**",
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    page.route("**/*.js", lambda route: route.fulfill(path=SCRIPT))
    page.goto("http://results.test/")
    yield page
    context.close()


def order(page) -> list[str]:
    return [text.split()[1] for text in page.locator("li p").all_inner_texts()]


@pytest.mark.browser
class TestYourRaces:
    def test_come_first_on_the_next_visit(self, page):
        page.locator(".keep-race").nth(2).click()
        page.reload()
        assert order(page) == ["13", "11", "12"]
        assert page.locator(".your-races a").first.get_attribute("href") == "?races=13"

    def test_are_not_moved_under_the_finger(self, page):
        page.locator(".keep-race").nth(2).click()
        assert order(page) == ["11", "12", "13"]
        assert page.locator(".keep-race").nth(2).get_attribute("aria-pressed") == "true"

    def test_can_be_let_go_one_by_one_and_all_at_once(self, page):
        for place in (0, 1, 1):
            page.locator(".keep-race").nth(place).click()
        assert page.locator(".your-races a").first.inner_text() == "Your races (1)"
        page.locator(".your-races button").click()
        assert page.locator(".your-races").is_hidden()
        page.reload()
        assert order(page) == ["11", "12", "13"]

    def test_survive_nonsense_in_the_store(self, page):
        page.evaluate("localStorage.setItem('newsroom-races-3', '{\"a\": 1}')")
        page.reload()
        assert order(page) == ["11", "12", "13"]


@pytest.mark.browser
class TestYourPlace:
    def test_is_offered_on_the_next_visit_and_can_be_forgotten(self, page):
        offer = page.locator(".your-races a").nth(1)
        assert offer.is_hidden()
        page.goto("http://results.test/?q=&place=La+Puente")
        assert offer.is_hidden()
        page.goto("http://results.test/")
        assert offer.inner_text() == "Your place: La Puente"
        assert offer.get_attribute("href") == "?place=La%20Puente"
        assert page.locator(".your-races a").first.is_hidden()
        page.locator(".your-races button").click()
        page.goto("http://results.test/")
        assert page.locator(".your-races").is_hidden()

    def test_is_forgotten_by_choosing_all_places(self, page):
        for query in ("?place=La+Puente", "?place=", ""):
            page.goto(f"http://results.test/{query}")
        assert page.locator(".your-races").is_hidden()
