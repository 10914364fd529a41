"""What nginx in front spends on a result, and on a page from its cache of one second.

The floor is the same bytes as a file in a bare server of the same nginx process. The site itself
renders the page behind it, about once a second. Nobody asks for gzip, which costs as much again,
on both sides.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings

from tests.benchmarks.bench_story import plant_stories
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import processor_of, take_turns
from tests.deploy.front import render_front
from tests.servers import Server, free_port, nginx

ROUNDS = 15
REQUESTS = 1000
ROOT = Path(__file__).parents[2]
BARE = "server {{ listen 127.0.0.1:{port}; root {folder}; }}"


def measure() -> list[Figure]:
    story = plant_stories()["story"]
    contest = story.body[1].value["contest"]
    result_url = f"/results/contest/{contest.pk}.html"
    with running_front() as front:
        return [
            front.compare("result file from nginx: CPU", result_url, goal_ratio=1.2),
            front.compare("page from nginx's cache: CPU", story.url, goal_ratio=1.5),
        ]


class Reader:
    """A connection that stays open and asks for one address again and again."""

    def __init__(self, port: int, url: str):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.request = f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

    def get(self) -> bytes:
        self.socket.sendall(self.request)
        answer = self.socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        while len(body) < size:
            body += self._more()
        return body

    def get_many(self) -> None:
        for _ in range(REQUESTS):
            self.get()

    def _more(self) -> bytes:
        if part := self.socket.recv(65536):
            return part
        raise ConnectionError("The server hung up in the middle of an answer.")


class Front:
    """Our nginx with the site behind it, and a bare server that serves ``folder``."""

    def __init__(self, server: Server, port: int, bare_port: int, folder: Path):
        self.port, self.bare_port, self.folder = port, bare_port, folder
        self.master_pid = server.process.pid

    def compare(self, name: str, url: str, *, goal_ratio: float | None = None) -> Figure:
        ours, floor = Reader(self.port, url), Reader(self.bare_port, "/same-bytes.html")
        body = ours.get()
        (self.folder / "same-bytes.html").write_bytes(body)
        assert floor.get() == body
        stopwatch = take_turns(
            {"ours": ours.get_many, "floor": floor.get_many},
            rounds=ROUNDS,
            clock=partial(processor_of, find_worker(self.master_pid)),
            times=REQUESTS,
        )
        return Figure(
            name,
            ours=stopwatch.median("ours") * 1000,
            floor=stopwatch.median("floor") * 1000,
            unit="µs",
            goal_ratio=goal_ratio,
        )


def find_worker(master_pid: int) -> int:
    """Return the process of nginx that answers; its cache manager is a child of the master too."""
    children = Path(f"/proc/{master_pid}/task/{master_pid}/children").read_text().split()
    titles = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    (worker,) = (pid for pid, title in titles.items() if b"worker process" in title)
    return worker


@contextlib.contextmanager
def running_front() -> Iterator[Front]:
    with tempfile.TemporaryDirectory(prefix="newsroom-front-") as name, running_origin() as origin:
        folder, port, bare_port = Path(name), free_port(), free_port()
        conf = render_front(
            port=port, site_port=origin.port, files=settings.VAR_DIR, cache=folder / "pages"
        )
        conf += BARE.format(port=bare_port, folder=folder)
        with nginx(conf, port=port) as server:
            yield Front(server, port, bare_port, folder)


@contextlib.contextmanager
def running_origin() -> Iterator[Server]:
    """The site itself under gunicorn, on the database of this process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    command += ["newsroom.project.wsgi"]
    env = os.environ | {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"}
    log = settings.VAR_DIR / "gunicorn.log"
    url = f"http://127.0.0.1:{port}"
    server = Server(command, port=port, url=url, log=log, cwd=ROOT, env=env)
    server.start()
    try:
        yield server
    finally:
        server.stop()
