"""The real nginx with our configuration, before a real gunicorn that gets killed."""

import gzip
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.deploy.front import render_front
from tests.servers import MissingServiceError, Server, free_port, nginx, nginx_files, wait_until

REQUIRE_ALL = os.environ.get("NEWSROOM_REQUIRE_ALL") == "1"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path):
    """The folder nginx serves from: static, media and results."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.0123456789ab.css").write_text("body { color: black }")
    (tmp_path / "static" / "site.css").write_text("body { color: black }")
    (tmp_path / "media" / "documents").mkdir(parents=True)
    (tmp_path / "media" / "chart.svg").write_text("<svg/>")
    (tmp_path / "media" / "documents" / "secret.pdf").write_text("secret")
    (tmp_path / "results" / "contest").mkdir(parents=True)
    (tmp_path / "results" / "contest" / "12.html").write_text("<section>12</section>" * 50)
    (tmp_path / "results" / "election" / "3").mkdir(parents=True)
    (tmp_path / "results" / "election" / "3" / "manifest.json").write_text('{"election":3}')
    return tmp_path


@pytest.fixture
def origin(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["tests.deploy.origin:application"]
    env = os.environ | {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"}
    log = tmp_path / "gunicorn.log"
    server = Server(
        command, port=port, url=f"http://127.0.0.1:{port}", log=log, cwd=ROOT, env=env,
        start_new_session=True,
    )  # fmt: skip
    server.start()
    yield server
    server.stop()


@pytest.fixture
def front(files, origin, tmp_path):
    port = free_port()
    conf = render_front(port=port, site_port=origin.port, files=files, cache=tmp_path / "pages")
    try:
        with nginx(conf, port=port) as server:
            yield server
    except MissingServiceError as error:
        (pytest.fail if REQUIRE_ALL else pytest.skip)(str(error))


def kill_at_once(origin: Server) -> None:
    """Kill gunicorn and its workers, as a crash of the machine would."""
    os.killpg(origin.process.pid, 9)
    origin.process.wait()


class TestConfiguration:
    def test_is_accepted_by_nginx(self, tmp_path):
        conf = render_front(port=8799, site_port=8798, files=tmp_path, cache=tmp_path / "pages")
        try:
            command = nginx_files(tmp_path, conf)
        except MissingServiceError as error:
            (pytest.fail if REQUIRE_ALL else pytest.skip)(str(error))
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "warn" not in checked.stderr


class TestPages:
    def test_are_kept_for_a_second_whatever_they_say(self, front):
        first = requests.get(f"{front.url}/story/")
        second = requests.get(f"{front.url}/story/")
        assert second.text == first.text
        assert second.headers["X-Cache"] != "MISS"
        time.sleep(2.1)
        requests.get(f"{front.url}/story/")  # gets the old one, and has it renewed behind its back
        time.sleep(0.3)
        assert requests.get(f"{front.url}/story/").text != first.text

    def test_are_rendered_once_for_a_crowd(self, front):
        bodies = []
        crowd = [
            threading.Thread(
                target=lambda: bodies.append(requests.get(f"{front.url}/slow/story/").text)
            )
            for _ in range(20)
        ]
        [reader.start() for reader in crowd]
        [reader.join() for reader in crowd]
        assert len(bodies) == 20
        assert len(set(bodies)) == 1

    def test_are_served_from_the_cache_while_the_site_is_dead(self, front, origin):
        seen = requests.get(f"{front.url}/story/").text
        kill_at_once(origin)
        time.sleep(1.2)
        answers = [requests.get(f"{front.url}/story/") for _ in range(50)]
        assert {(answer.status_code, answer.text) for answer in answers} == {(200, seen)}

    def test_are_fresh_again_when_the_site_is_back(self, front, origin):
        seen = requests.get(f"{front.url}/story/").text
        kill_at_once(origin)
        origin.start()
        time.sleep(1.2)

        def is_fresh() -> bool:
            answer = requests.get(f"{front.url}/story/")
            assert answer.status_code == 200
            return answer.text != seen

        wait_until(is_fresh, what="The page of the new site")

    @pytest.mark.parametrize("path", ["/admin/", "/private/"])
    def test_are_not_kept_when_private(self, front, path):
        assert requests.get(front.url + path).text != requests.get(front.url + path).text

    def test_are_told_the_public_scheme_whatever_a_browser_says(self, front):
        answer = requests.get(f"{front.url}/a/", headers={"X-Forwarded-Proto": "http"})
        assert answer.text.endswith("https")


class TestFiles:
    def test_results_come_from_disk_while_the_site_is_dead(self, front, origin):
        kill_at_once(origin)
        answer = requests.get(f"{front.url}/results/contest/12.html?v=7")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]
        assert "max-age=15" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.text.startswith("<section>12</section>")

    def test_a_result_that_is_no_file_comes_from_the_site(self, front):
        assert requests.get(f"{front.url}/results/contest/99.html").text.startswith(
            "/results/contest/99.html "
        )

    def test_a_result_is_new_as_soon_as_its_file_is(self, front, files):
        requests.get(f"{front.url}/results/contest/12.html")
        new = files / "results" / "contest" / "12.tmp"
        new.write_text("<section>new</section>")
        new.rename(files / "results" / "contest" / "12.html")
        assert "new" in requests.get(f"{front.url}/results/contest/12.html").text

    def test_the_manifest_is_asked_for_often(self, front):
        answer = requests.get(f"{front.url}/results/election/3/manifest.json")
        assert answer.headers["Cache-Control"].startswith("public, max-age=5,")
        again = requests.get(
            f"{front.url}/results/election/3/manifest.json",
            headers={"If-None-Match": answer.headers["ETag"]},
        )
        assert again.status_code == 304

    def test_hashed_static_files_are_kept_for_ever(self, front):
        hashed = requests.get(f"{front.url}/static/site.0123456789ab.css")
        plain = requests.get(f"{front.url}/static/site.css")
        assert "immutable" in hashed.headers["Cache-Control"]
        assert "immutable" not in plain.headers["Cache-Control"]

    def test_compressed_static_files_are_used(self, front, files):
        packed = gzip.compress(b"packed before")
        (files / "static" / "site.css.gz").write_bytes(packed)
        assert requests.get(f"{front.url}/static/site.css").text == "packed before"

    def test_uploads_are_shown_and_never_run(self, front):
        answer = requests.get(f"{front.url}/media/chart.svg")
        assert answer.status_code == 200
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_documents_are_not_handed_out_past_their_permissions(self, front):
        assert requests.get(f"{front.url}/media/documents/secret.pdf").status_code == 404
