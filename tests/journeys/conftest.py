"""Whole stories: the newsroom and the elections together, seen through a real browser."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from email.policy import default as default_policy

import pytest
from aiosmtpd.controller import Controller

from tests.elections.conftest import Night, election, night, results_folder, source
from tests.elections.documents import at, board, document
from tests.newsroom.conftest import home, make_story, newsletter, section
from tests.servers import free_port

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


class Sink:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=default_policy)
        self.messages.append(message)
        return "250 OK"

    def link(self, part: str) -> str:
        """Return the path of the link in the latest mail."""
        text = self.messages[-1].get_body(("plain",)).get_content()
        return re.search(rf"/newsletters/{part}/[\w-]+/", text)[0]


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield sink
    server.stop()
