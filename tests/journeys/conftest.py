"""Whole stories: the newsroom and the elections together, seen through a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.elections.conftest import Night, election, night, results_folder, source
from tests.elections.documents import at, board, document
from tests.newsroom.conftest import home, make_story, newsletter, section

__all__ = [
    "election",
    "home",
    "make_story",
    "newsletter",
    "night",
    "results_folder",
    "section",
    "source",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Let a fixture know whether its test failed."""
    report = yield
    if report.when == "call":
        item.has_failed = report.failed
    return report


class Visitor:
    """One person's browser, and everything it complained about."""

    def __init__(self, context: object, origin: str) -> None:
        self.context, self.origin = context, origin
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        self.cookies_set: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.addresses.append(request.url))
        self.page.on("response", self._look_for_cookies)

    def _hear(self, message: object) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({self.page.url})")

    def _look_for_cookies(self, response: object) -> None:
        if response.all_headers().get("set-cookie"):
            self.cookies_set.append(response.url)

    def open(self, address: str) -> object:
        """Open an address of the site and return the answer."""
        return self.page.goto(self.origin + address)

    @property
    def votes(self) -> list[list[str]]:
        """The text of each row of the result, as somebody sees it: name, votes, share."""
        rows = self.page.locator("section.result tbody tr")
        return [row.locator("th, td").all_inner_texts() for row in rows.all()]


@pytest.fixture
def visit(browser, live_server, request, tmp_path) -> Iterator[Callable[..., Visitor]]:
    """Return a new visitor of the site. A failed test leaves pictures of what they saw."""
    visitors: list[Visitor] = []

    def visit(**options: object) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        context.set_default_timeout(15_000)
        visitors.append(Visitor(context, live_server.url))
        return visitors[-1]

    yield visit
    for number, visitor in enumerate(visitors):
        if getattr(request.node, "has_failed", False):
            picture = tmp_path / f"visitor-{number}.png"
            visitor.page.screenshot(path=picture, full_page=True)
            print(f"What they saw at {visitor.page.url}: {picture}")
            print("\n".join(visitor.complaints))
        visitor.context.close()


@pytest.fixture
def story(night: Night, make_story):
    """A published story with the live result of the board race in it."""
    return make_story(
        [
            ("paragraph", "<p>The count goes on.</p>"),
            ("live_result", {"contest": night.contest, "size": "story"}),
        ],
        title="Schmerelson leads in District 3",
    )


def release(clock: str, schmerelson: int, chang: int) -> bytes:
    return document(at(clock), board(schmerelson, chang))
