"""live-result.js in a real Chromium, against a small server that says what each test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from elections.counting.calls import RaceState
from tests.elections.widgets.results import make_result

STATIC = Path(__file__).parents[3] / "elections" / "static" / "elections"
MANIFEST = "/manifest.json"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Story</title>
<link rel="stylesheet" href="/result.css"><script type="module" src="/live-result.js"></script>
<script type="module" src="/live-figure.js"></script>
<p>Before.</p>{widgets}<p>After.</p></html>"""
ELEMENT = (
    '<live-result data-contest="{contest}" data-version="{version}" data-manifest="/manifest.json"'
    ' data-src="/{contest}.html" data-size="story"{final}>{html}</live-result>'
)
SPY = """
Math.random = () => 0.5;
window.said = []; window.shifts = 0; window.isHidden = false;
Object.defineProperty(document, "hidden", { get: () => window.isHidden });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shifts += entry.value)))
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("DOMContentLoaded", () =>
  new MutationObserver((records) => {
    const region = document.querySelector("[aria-live]");
    if (region && records.some(({ target }) => target === region)) said.push(region.textContent);
  }).observe(document.body, { childList: true, subtree: true, characterData: true }));
"""


class Newsroom:
    """What stands on the server: path to status and body. Every request is written down."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, bytes]] = {}
        self.requests: list[str] = []
        for name in ("live-result.js", "live-figure.js", "result.css"):
            self.put(f"/{name}", (STATIC / name).read_bytes())
        self.put("/favicon.ico", b"")

    def put(self, path: str, body: bytes | str, status: int = 200) -> None:
        self.files[path] = (status, body.encode() if isinstance(body, str) else body)

    def put_fragment(self, version: int, contest: int = 12, **changes: object) -> None:
        result = make_result(version=version, contest_id=contest, **changes)
        html = render_to_string("elections/result.html", {"result": result})
        self.put(f"/{contest}.html", html)

    def put_manifest(self, *, final: tuple[int, ...] = (), **versions: int) -> None:
        numbers = {name.removeprefix("c"): version for name, version in versions.items()}
        self.put(MANIFEST, json.dumps({"election": 3, "versions": numbers, "final": final}))

    def publish(self, version: int, **changes: object) -> None:
        self.put_fragment(version, **changes)
        self.put_manifest(c12=version)

    def put_page(self, *contests: int, final: str = "") -> None:
        widgets = "".join(
            ELEMENT.format(
                contest=contest,
                version=7,
                final=final,
                html=self.files[f"/{contest}.html"][1].decode(),
            )
            for contest in contests or (12,)
        )
        self.put("/story", PAGE.format(widgets=widgets))

    def asked(self, path: str = MANIFEST) -> int:
        return self.requests.count(path)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    room = Newsroom()
    room.publish(7)
    room.put_page()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            room.requests.append(path)
            status, body = room.files.get(path, (404, b"nothing here"))
            kind = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
            self.send_response(status)
            self.send_header("Content-Type", kind.get(path.rpartition(".")[2], "text/html"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # a reader who closes the page early
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    room.address = f"http://127.0.0.1:{server.server_port}/story"
    yield room
    server.shutdown()
    server.server_close()
    thread.join()


class Reader:
    """A reader's page, whose clock the test turns."""

    def __init__(self, page: object, newsroom: Newsroom) -> None:
        self.page, self.newsroom = page, newsroom
        self.errors: list[str] = []
        self.under_way: set[object] = set()
        page.on("request", lambda request: self.under_way.add(request))
        page.on("requestfinished", lambda request: self.under_way.discard(request))
        page.on("requestfailed", lambda request: self.under_way.discard(request))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.errors.append(line.text))
        page.add_init_script(SPY)
        page.clock.install(time=0)
        page.clock.pause_at(1000)

    def open(self) -> None:
        self.page.goto(self.newsroom.address)
        self.wait(0.01)

    def settle(self) -> None:
        """Wait until no request has been under way for a moment, so that answers are shown."""
        quiet = 0
        while quiet < 2:
            self.page.wait_for_timeout(40)
            quiet = 0 if self.under_way else quiet + 1

    def wait(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1000))
        self.settle()

    def turn(self, *, hidden: bool) -> None:
        self.page.evaluate(
            "(hidden) => { isHidden = hidden;"
            " document.dispatchEvent(new Event('visibilitychange')) }",
            hidden,
        )
        self.page.clock.run_for(10)
        self.settle()

    @property
    def text(self) -> str:
        return self.page.inner_text("live-result")

    def sees_warning(self) -> bool:
        return self.page.locator(".result-stale").first.is_visible()


@pytest.fixture
def reader(browser: object, newsroom: Newsroom) -> Iterator[Reader]:
    context = browser.new_context()
    yield Reader(context.new_page(), newsroom)
    context.close()


class TestUpdate:
    def test_changes_the_numbers_without_a_reload(self, newsroom, reader) -> None:
        reader.open()
        reader.page.evaluate("window.isSamePage = true")
        newsroom.publish(8, schmerelson=92_499, chang=85_619)
        assert "89,674" in reader.text
        reader.wait(15.2)
        assert "92,499" in reader.text
        assert reader.page.evaluate("window.isSamePage")
        assert reader.page.locator("td.is-changed").count() == 4 - 2 * ("51.9%" in reader.text)

    def test_catches_up_at_once_when_the_page_came_from_a_cache(self, newsroom, reader) -> None:
        newsroom.publish(8, schmerelson=92_499, chang=85_619)
        reader.open()
        assert "92,499" in reader.text

    def test_moves_nothing(self, newsroom, reader) -> None:
        reader.open()
        newsroom.publish(8, schmerelson=124_331, chang=116_478)
        reader.wait(15.2)
        newsroom.put("/12.html", "not yet")
        newsroom.put_manifest(c12=9)
        for _miss in range(3):
            reader.wait(120)
        assert reader.sees_warning()
        assert "124,331" in reader.text
        assert reader.page.evaluate("shifts") == 0

    def test_keeps_focus_and_selection(self, newsroom, reader) -> None:
        reader.open()
        link = reader.page.locator(".result-source a")
        link.focus()
        link.evaluate("(link) => { link.isSame = true }")
        name = reader.page.locator("tbody th").nth(1)
        name.evaluate("(name) => getSelection().selectAllChildren(name)")
        selected = reader.page.evaluate("String(getSelection())")
        newsroom.publish(8, schmerelson=92_499, chang=85_619, notes=("A correction.",))
        reader.wait(15.2)
        assert "A correction." in reader.text
        assert reader.page.evaluate("document.activeElement.isSame")
        assert "Dan Chang" in selected
        assert reader.page.evaluate("String(getSelection())") == selected

    def test_follows_two_results_with_one_manifest(self, newsroom, reader) -> None:
        newsroom.put_fragment(7, contest=13)
        newsroom.put_page(12, 13)
        newsroom.put_manifest(c12=7, c13=7)
        reader.open()
        assert newsroom.asked() == 1
        newsroom.put_fragment(8, contest=13, chang=99_999)
        newsroom.put_manifest(c12=7, c13=8)
        reader.wait(15.2)
        assert newsroom.asked() == 2
        assert newsroom.asked("/12.html") == 0
        assert "99,999" in reader.page.inner_text("[data-contest='13']")


class TestOrder:
    def test_waits_for_the_version_that_was_announced(self, newsroom, reader) -> None:
        reader.open()
        newsroom.put_manifest(c12=9)
        newsroom.put_fragment(7, schmerelson=1, chang=2)
        reader.wait(15.2)
        assert newsroom.asked("/12.html") == 1
        assert "89,674" in reader.text
        newsroom.put_fragment(9, schmerelson=92_499)
        reader.wait(30.2)
        assert "92,499" in reader.text

    def test_never_goes_back(self, newsroom, reader) -> None:
        reader.open()
        newsroom.publish(9, schmerelson=92_499)
        reader.wait(15.2)
        newsroom.publish(7, schmerelson=61_168)
        reader.wait(15.2)
        reader.wait(15.2)
        assert "92,499" in reader.text
        assert newsroom.asked("/12.html") == 1


class TestPace:
    @pytest.mark.parametrize(("chance", "seconds"), [(0, 12), (1, 18)])
    def test_spreads_readers_by_a_fifth(self, newsroom, reader, chance, seconds) -> None:
        reader.page.add_init_script(f"Math.random = () => {chance}")
        reader.open()
        reader.wait(seconds - 1)
        assert newsroom.asked() == 1
        reader.wait(1.2)
        assert newsroom.asked() == 2

    def test_is_slower_when_hidden_and_catches_up_when_seen(self, newsroom, reader) -> None:
        reader.open()
        reader.turn(hidden=True)
        reader.wait(57)
        assert newsroom.asked() == 1
        reader.turn(hidden=False)
        assert newsroom.asked() == 2
        reader.turn(hidden=True)
        reader.wait(60.2)
        assert newsroom.asked() == 3
        reader.turn(hidden=False)
        assert newsroom.asked() == 3

    def test_backs_off_and_comes_back(self, newsroom, reader) -> None:
        reader.open()
        newsroom.put(MANIFEST, "<h1>Sorry</h1>")
        seen = newsroom.asked()
        reader.wait(0.2)
        for pause in (15, 30, 60, 120, 240, 300, 300):
            reader.wait(pause - 1)
            assert newsroom.asked() == seen
            reader.wait(1)
            seen += 1
            assert newsroom.asked() == seen
        newsroom.publish(8, schmerelson=92_499)
        reader.page.evaluate("dispatchEvent(new Event('online'))")
        reader.wait(15.2)
        assert "92,499" in reader.text
        assert reader.errors == []

    def test_stops_when_every_result_is_final(self, newsroom, reader) -> None:
        reader.open()
        newsroom.put_fragment(8, is_final=True, state=RaceState.CERTIFIED)
        newsroom.put_manifest(c12=8, final=(12,))
        reader.wait(15.2)
        assert "Certified" in reader.text
        reader.wait(600)
        reader.turn(hidden=False)
        assert newsroom.asked() == 2

    def test_does_not_begin_when_all_is_final(self, newsroom, reader) -> None:
        newsroom.put_page(12, final=" data-final")
        reader.open()
        reader.wait(600)
        assert newsroom.asked() == 0


class TestFailure:
    def test_warns_after_three_misses_until_the_server_is_back(self, newsroom, reader) -> None:
        reader.open()
        newsroom.put(MANIFEST, "gone", status=503)
        reader.wait(15.2)
        reader.wait(30.2)
        assert not reader.sees_warning()
        reader.wait(60.2)
        assert reader.sees_warning()
        assert "89,674" in reader.text
        newsroom.publish(8, schmerelson=92_499)
        reader.wait(120.2)
        assert not reader.sees_warning()
        assert "92,499" in reader.text

    @pytest.mark.parametrize(
        "body", ["", "<h1>Sorry</h1>", "<section>", '<section data-version="x">', "{"]
    )
    def test_ignores_a_fragment_that_is_none(self, newsroom, reader, body) -> None:
        reader.open()
        newsroom.put_manifest(c12=8)
        newsroom.put("/12.html", f"<!doctype html>{body}")
        for pause in (15.2, 30.2, 60.2):
            reader.wait(pause)
        assert "89,674" in reader.text
        assert reader.sees_warning()
        assert reader.errors == []

    @pytest.mark.parametrize(
        "body", ["", "null", "[]", "{}", '{"versions": null}', '{"versions": 3}']
    )
    def test_ignores_a_manifest_that_is_none(self, newsroom, reader, body) -> None:
        reader.open()
        newsroom.put(MANIFEST, body)
        for pause in (15.2, 30.2, 60.2):
            reader.wait(pause)
        assert "89,674" in reader.text
        assert reader.sees_warning()
        assert reader.errors == []

    def test_harms_no_neighbour(self, newsroom, reader) -> None:
        newsroom.put_fragment(7, contest=13)
        newsroom.put_page(12, 13)
        reader.open()
        newsroom.put("/13.html", "<h1>Sorry</h1>")
        for version in (8, 9, 10):
            newsroom.put_fragment(version, schmerelson=90_000 + version)
            newsroom.put_manifest(c12=version, c13=8)
            reader.wait(15.2)
            assert f"90,0{version:02}" in reader.text
        assert [reader.page.locator(".result-stale").nth(n).is_visible() for n in (0, 1)] == [
            False,
            True,
        ]


class TestAnnouncement:
    def test_says_who_leads_now_and_nothing_about_more_votes(self, newsroom, reader) -> None:
        reader.open()
        newsroom.publish(8, schmerelson=92_499, chang=85_619)
        reader.wait(15.2)
        assert reader.page.evaluate("said") == []
        newsroom.publish(9, schmerelson=92_499, chang=95_619)
        reader.wait(15.2)
        reader.wait(15.2)
        (words,) = reader.page.evaluate("said")
        assert "Dan Chang leads by 3,120 votes" in words
        assert "District 3" in words

    def test_speaks_once_for_the_same_result_in_two_places(self, newsroom, reader) -> None:
        newsroom.put_page(12, 12)
        reader.open()
        newsroom.publish(8, state=RaceState.CALLED)
        reader.wait(15.2)
        (words,) = reader.page.evaluate("said")
        assert words.count("Called") == 1


class TestWithoutJavaScript:
    def test_shows_the_whole_table(self, browser, newsroom) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(newsroom.address)
        text = page.inner_text("live-result")
        assert "89,674" in text
        assert "As of 3:46 a.m. Nov. 6, 2024" in text
        assert not page.locator(".result-stale").is_visible()
        context.close()


FIGURE = (
    '<live-figure data-contest="12" data-version="7" data-figure="{figure}"'
    ' data-manifest="/manifest.json" data-src="/12.json" data-interval="15">{text}</live-figure>'
)


class TestFigure:
    """A number in a sentence, on a page that may have no widget at all."""

    @pytest.fixture
    def page(self, newsroom, reader) -> object:
        sentence = [
            FIGURE.format(figure="margin_votes", text="6,418 votes"),
            FIGURE.format(figure="leader", text="Schmerelson"),
        ]
        newsroom.put("/story", PAGE.format(widgets="Ahead by {}: {}.".format(*sentence)))
        reader.open()
        return reader.page

    def tell(self, newsroom, version: int) -> None:
        figures = {"margin_votes": "6,880 votes", "leader": "<b>Schmerelson</b>"}
        payload = {"version": version, "figures": figures}
        newsroom.put("/12.json", json.dumps(payload))

    def test_changes_while_one_reads_with_one_answer_for_all(self, newsroom, reader, page) -> None:
        self.tell(newsroom, 8)
        newsroom.put_manifest(c12=8)
        reader.wait(20)
        assert "Ahead by 6,880 votes: <b>Schmerelson</b>." in page.inner_text("body")
        assert newsroom.asked("/12.json") == 1
        assert reader.errors == []

    def test_never_goes_back(self, newsroom, reader, page) -> None:
        self.tell(newsroom, 6)
        newsroom.put_manifest(c12=6)
        reader.wait(40)
        assert "Ahead by 6,418 votes: Schmerelson." in page.inner_text("body")
        assert newsroom.asked("/12.json") == 0

    def test_asks_again_where_the_answer_is_an_old_copy(self, newsroom, reader, page) -> None:
        self.tell(newsroom, 7)
        newsroom.put_manifest(c12=8)
        reader.wait(20)
        assert "6,418 votes" in page.inner_text("body")
        self.tell(newsroom, 8)
        reader.wait(26)
        assert "6,880 votes" in page.inner_text("body")

    def test_stops_asking_once_the_race_is_certified(self, newsroom, reader, page) -> None:
        newsroom.put_manifest(c12=7, final=(12,))
        reader.wait(20)
        asked = newsroom.asked()
        reader.wait(200)
        assert newsroom.asked() == asked
