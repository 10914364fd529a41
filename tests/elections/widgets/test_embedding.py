import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import RequestFactory
from django.urls import reverse

from elections.models import Published
from elections.pages.models import RacePage
from elections.widgets.sharing import Sharing
from tests.elections.documents import at, board, document


@pytest.fixture
def address(night) -> str:
    return reverse("elections:embed", args=[night.contest.pk])


class TestEmbed:
    def test_has_the_fragment_that_pages_have(self, client, address, night):
        html = client.get(address).content.decode()
        assert night.published.html.strip() in html
        assert "live-result.js" in html

    def test_may_be_framed_by_every_site(self, client, address):
        response = client.get(address)
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response

    def test_may_be_framed_when_it_has_not_changed(self, client, address):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert "frame-ancestors *" in again["Content-Security-Policy"]
        assert "X-Frame-Options" not in again

    def test_is_the_only_page_that_may(self, client, night):
        for name in ("fragment", "card", "race_atom"):
            response = client.get(reverse(f"elections:{name}", args=[night.contest.pk]))
            assert "frame-ancestors *" not in response["Content-Security-Policy"]
            assert response["X-Frame-Options"] == "DENY"

    def test_runs_nothing_inline_and_nothing_from_elsewhere(self, client, address):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self';" in policy
        assert "unsafe" not in policy
        html = response.content.decode()
        assert "style=" not in html
        assert html.count("<script ") == html.count('<script type="module" src=')

    def test_sets_no_cookie_and_is_cacheable(self, client, address):
        response = client.get(address)
        assert not response.cookies
        assert "public" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")

    def test_opens_links_outside_of_the_frame(self, client, address):
        assert '<base target="_top">' in client.get(address).content.decode()

    def test_of_nothing_is_not_found(self, client, address):
        Published.objects.all().delete()
        assert client.get(address).status_code == 404


@pytest.fixture
def race_page(night, django_capture_on_commit_callbacks) -> RacePage:
    from wagtail.models import Site

    home = Site.objects.get(is_default_site=True).root_page
    page = RacePage(title="District 3", slug="district-3", contest=night.contest)
    home.add_child(instance=page)
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    return page


class TestOembed:
    def ask(self, client, url: str, **more: object):
        return client.get(reverse("elections:oembed"), {"url": url, **more})

    def test_gives_a_frame_for_a_race_page(self, client, race_page, address):
        response = self.ask(client, f"http://testserver{race_page.url}")
        content = response.json()
        assert (content["version"], content["type"]) == ("1.0", "rich")
        assert f'src="http://testserver{address}"' in content["html"]
        assert "<script" not in content["html"]
        assert content["thumbnail_url"].endswith("/card.png?v=2")
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_gives_a_frame_for_the_framed_page(self, client, address):
        assert self.ask(client, f"http://testserver{address}").status_code == 200

    def test_keeps_within_the_room_there_is(self, client, address):
        content = self.ask(
            client, f"http://testserver{address}", maxwidth="320", maxheight="200"
        ).json()
        assert (content["width"], content["height"]) == (320, 200)
        assert 'width="320" height="200"' in content["html"]

    def test_takes_nonsense_for_no_limit(self, client, address):
        for nonsense in ("x", "-1", "9" * 50, "٣"):
            content = self.ask(client, f"http://testserver{address}", maxwidth=nonsense).json()
            assert content["width"] == 640

    @pytest.mark.parametrize(
        "url",
        ["", "x", "http://[", "http://elsewhere.example/district-3/", "http://testserver/none/",
         "http://testserver/", "javascript:alert(1)"],
    )  # fmt: skip
    def test_of_any_other_address_is_not_found(self, client, race_page, url):
        assert self.ask(client, url).status_code == 404

    def test_speaks_json_only(self, client, address):
        url = f"http://testserver{address}"
        assert self.ask(client, url, format="xml").status_code == 501

    def test_escapes_a_title(self, client, night, address):
        night.contest.__class__.objects.update(name='"><script>x')
        content = self.ask(client, f"http://testserver{address}").json()
        assert "<script>" not in content["html"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestForeignPage:
    """A page of another site, with the code that race pages offer."""

    @pytest.fixture
    def foreign_address(self, live_server, night) -> Iterator[str]:
        host = live_server.url.removeprefix("http://")
        request = RequestFactory().get("/", headers={"Host": host})
        code = Sharing.of(request, night.contest, night.published).code
        body = f"<!doctype html><title>x</title><h1>Elsewhere</h1>{code}".encode()

        class Elsewhere(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/story.html"
        server.shutdown()
        server.server_close()
        thread.join()

    @pytest.fixture
    def foreign_page(self, browser, foreign_address):
        page = browser.new_page(viewport={"width": 800, "height": 900})
        page.set_default_timeout(10_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: (
                line.type == "error"
                and "favicon" not in line.location["url"]
                and errors.append(line.text)
            ),
        )
        page.errors = errors
        page.goto(foreign_address)
        yield page
        page.close()

    def test_shows_the_result_as_high_as_it_is(self, foreign_page):
        frame = foreign_page.frame_locator("iframe")
        frame.get_by_text("Scott Schmerelson", exact=False).first.wait_for()
        foreign_page.wait_for_function("document.querySelector('iframe').height != 480")
        inside = frame.locator("body").evaluate("(body) => body.offsetHeight")
        assert int(foreign_page.locator("iframe").get_attribute("height")) == inside
        assert foreign_page.errors == []
        assert foreign_page.context.cookies() == []

    @pytest.fixture(autouse=True)
    def _ask_often(self, settings) -> None:
        settings.ELECTIONS_POLL_SECONDS = 1

    def test_follows_the_count(self, foreign_page, night):
        frame = foreign_page.frame_locator("iframe")
        frame.get_by_text("61,168").wait_for()
        night.say(document(at("21:34"), board(89_674, 83_256)))
        frame.get_by_text("89,674").wait_for()
