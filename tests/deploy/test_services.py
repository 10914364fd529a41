"""Runs each service of docker-compose.yml by its very command, on real PostgreSQL, Redis, nginx."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.deploy.compose import ROOT, environment_of, read_compose
from tests.deploy.front import render_front
from tests.servers import Server, free_port, nginx, postgres, redis_server, wait_until

pytestmark = [pytest.mark.services, pytest.mark.slow]

SERVICES = read_compose()["services"]
BIN = Path(sys.executable).parent
DOT_ENV = {
    "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "news.example.org",
    "BASE_URL": "https://news.example.org",
    "POSTGRES_PASSWORD": "unused",
}


class Site:
    """The services of the compose file as processes of this machine."""

    def __init__(self, folder: Path, database_url: str, redis_url: str):
        self.folder, self.port = folder, free_port()
        self.places = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "newsroom.project.settings.production",
            "NEWSROOM_VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "BIND": f"127.0.0.1:{self.port}",
            "HOSTNAME": socket.gethostname(),
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def environment(self, service: str) -> dict[str, str]:
        return environment_of(SERVICES[service], **DOT_ENV) | self.places

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()

    def run(self, service: str) -> None:
        subprocess.run(
            SERVICES[service]["command"], cwd=ROOT, env=self.environment(service), check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, service: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{service}.log").open("ab") as log:
            process = subprocess.Popen(
                SERVICES[service]["command"], cwd=ROOT, env=self.environment(service),
                stdout=log, stderr=log,
            )  # fmt: skip
        self.started.append(process)
        return process

    def is_healthy(self, service: str) -> bool:
        """Run the service's own health check, with the port of this machine."""
        kind, *test = SERVICES[service]["healthcheck"]["test"]
        command = ["sh", "-c", test[0].replace("$$", "$")] if kind == "CMD-SHELL" else test
        command = [part.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}") for part in command]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, timeout=30
        )
        return done.returncode == 0

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
        for process in self.started:
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def redis():
    with redis_server(own=True, append_only=True) as server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory, redis):
    with postgres(own=True) as database:
        site = Site(tmp_path_factory.mktemp("srv"), database.url, redis.url)
        site.run("migrate")
        collect = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=ROOT, env=site.environment("web"), check=True)
        for service in ["web", "worker", "beat"]:
            site.start(service)
        yield site
        site.end()


@pytest.fixture(scope="module")
def front(site):
    port = free_port()
    conf = render_front(
        port=port, site_port=site.port, files=site.folder, cache=site.folder / "pages"
    )
    with nginx(conf, port=port) as server:
        yield server


def get(front: Server, path: str) -> requests.Response:
    return requests.get(
        front.url + path, headers={"Host": "news.example.org"}, allow_redirects=False, timeout=10
    )


class TestServices:
    @pytest.mark.parametrize("service", ["web", "worker", "beat"])
    def test_say_that_they_are_healthy(self, site, service):
        wait_until(lambda: site.is_healthy(service), seconds=60, what=service)

    def test_nginx_serves_pages_files_and_the_admin(self, site, front):
        wait_until(lambda: site.is_healthy("web"), seconds=60, what="web")
        assert get(front, "/").status_code == 200
        login = get(front, "/admin/login/")
        assert login.status_code == 200
        assert "Strict-Transport-Security" in login.headers
        style = next(
            part.split('"')[0]
            for part in login.text.split('href="')
            if part.startswith("/static/") and ".css" in part.split('"')[0]
        )
        assert "immutable" in get(front, style).headers["Cache-Control"]
        assert get(front, "/no-such-page/").status_code == 404

    def test_ticks_of_beat_reach_the_worker(self, site):
        def has_ticked() -> bool:
            return "elections.tasks.refresh_due" in site.log("worker")

        wait_until(has_ticked, seconds=40, what="The first tick")
        assert "Traceback" not in site.log("worker")

    def test_pages_are_served_without_redis_and_ticks_go_on_after_it(self, site, front, redis):
        redis.kill()
        began = time.monotonic()
        for number in range(5):
            assert get(front, f"/?without-redis={number}").status_code == 200
        assert time.monotonic() - began < 10
        assert site.is_healthy("web")
        redis.start()
        before = site.log("worker").count("refresh_due")
        wait_until(
            lambda: site.log("worker").count("refresh_due") > before, seconds=60, what="A tick"
        )

    def test_a_killed_worker_is_replaced_by_its_successor(self, site):
        [worker] = [p for p in site.started if "worker" in p.args]
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        before = site.log("worker").count("refresh_due")
        site.start("worker")
        wait_until(
            lambda: site.log("worker").count("refresh_due") > before, seconds=60, what="A tick"
        )
