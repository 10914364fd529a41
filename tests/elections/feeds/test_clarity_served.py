"""A Clarity site on a real socket, refreshed as a worker does it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from elections import ingest
from elections.models import ContestCount, Election, Fetch, Snapshot, Source
from tests.elections.feeds.test_clarity import STATE, make_settings, pack

LATER = STATE.replace(b"3:37:06 PM", b"4:37:06 PM").replace(b'"62138"', b'"62140"')


class Site:
    """What the server answers, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/GA/105369/"
        self.asked: list[str] = []
        self.documents: dict[str, bytes] = {}
        self.publish("271927", STATE)

    def publish(self, version: str, body: bytes, *, is_test: bool = False) -> None:
        self.documents |= {
            "current_ver.txt": version.encode(),
            f"{version}/json/en/electionsettings.json": make_settings(is_test),
            f"{version}/reports/detailxml.zip": pack(body),
        }


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/GA/105369/")
            site.asked.append(name)
            body = site.documents.get(name)
            etag = f'"{hash(body)}"'
            if body is not None and self.headers["If-None-Match"] == etag:
                self.send_response(304)
                body = b""
            else:
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_line: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_port)
        Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()


@pytest.fixture
def source(db: None, site: Site, settings: Any) -> Source:
    settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = True
    election = Election.objects.create(
        name="General election 2020",
        election_date=datetime.date(2020, 11, 3),
        jurisdiction="Georgia",
        polls_close_at=datetime.datetime(2020, 11, 4, 0, tzinfo=datetime.UTC),
    )
    return Source.objects.create(
        election=election, name="Georgia", provider="clarity", address=site.base
    )


class TestRefresh:
    def test_stores_what_lay_in_the_archive(self, source: Source, site: Site) -> None:
        fetch = ingest.refresh(source)
        assert (fetch.outcome, fetch.message) == (Fetch.Outcome.ACCEPTED, "")
        assert Snapshot.objects.get().body == STATE
        votes = [sorted(count.votes.values()) for count in ContestCount.objects.order_by("pk")]
        assert votes == [[62138, 2461837, 2474507], [72192]]

    def test_asks_for_one_small_file_while_nothing_changes(
        self, source: Source, site: Site
    ) -> None:
        ingest.refresh(source)
        site.asked.clear()
        assert ingest.refresh(source).outcome == Fetch.Outcome.UNCHANGED
        assert ingest.refresh(source).outcome == Fetch.Outcome.UNCHANGED
        assert site.asked == ["current_ver.txt"] * 2
        assert Snapshot.objects.count() == 1

    def test_reads_the_next_version(self, source: Source, site: Site) -> None:
        ingest.refresh(source)
        site.publish("271930", LATER)
        fetch = ingest.refresh(source)
        assert (fetch.outcome, fetch.message) == (Fetch.Outcome.ACCEPTED, "")
        assert 62140 in ContestCount.objects.latest("pk").votes.values()
        assert Snapshot.objects.count() == 2

    def test_keeps_the_count_while_the_site_rehearses(self, source: Source, site: Site) -> None:
        ingest.refresh(source)
        site.publish("271931", LATER, is_test=True)
        fetch = ingest.refresh(source)
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.FAILED, "test-mode")
        assert Snapshot.objects.count() == 1
        assert "271931/reports/detailxml.zip" not in site.asked
