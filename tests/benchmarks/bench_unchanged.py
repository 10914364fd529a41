"""A refresh that brings what is known already: 99 of 100 refreshes on an election night.

Measured from the moment the bytes are in. The floor does the least that can be done with them on
a bare connection: hash, look the hash up, write the row that says so.
"""

from __future__ import annotations

import hashlib
import uuid

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elections import ingest
from elections.feeds.contract import Response
from elections.models import Fetch
from tests.benchmarks.county import make_county_document, make_source
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import Stopwatch, with_database

ROUNDS = 300
INSERT = """
    INSERT INTO elections_fetch (source_id, lease, started_at, finished_at, outcome, http_status,
        address, size, sha256, etag, last_modified, snapshot_id, code, message, error_streak)
    VALUES (%s, %s, %s, %s, 'unchanged', 200, '', %s, %s, '', '', %s, '', '', 0)
"""


def measure() -> list[Figure]:
    source, body = make_source(), make_county_document()
    stopwatch = Stopwatch(with_database())
    arrivals: list[int] = []

    def get(url: str) -> Response:
        arrivals.append(stopwatch.clock())
        return Response(status=200, body=body, url=url)

    for _round in range(ROUNDS):
        fetch = ingest.refresh(source, get=get)
        stopwatch.note("ours", arrivals[-1], stopwatch.clock())
        assert fetch.outcome == Fetch.Outcome.UNCHANGED
        stopwatch.time("floor", lambda: record_by_hand(source.pk, body))
    queries = queries_after_the_bytes(source, body)
    writes = [sql for sql in queries if not sql.startswith("SELECT")]
    return [
        Figure(
            "refresh, unchanged: CPU of worker and database",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
            goal=2,
        ),
        Figure("refresh, unchanged: queries", ours=len(queries), unit="queries", goal=2),
        Figure("refresh, unchanged: rows written", ours=len(writes), unit="rows", goal=1),
    ]


def record_by_hand(source_id: int, body: bytes) -> None:
    digest = hashlib.sha256(body).hexdigest()
    now = timezone.now()
    cursor = connection.connection.cursor()
    cursor.execute(
        "SELECT id FROM elections_snapshot WHERE source_id = %s AND sha256 = %s",
        [source_id, digest],
    )
    (snapshot_id,) = cursor.fetchone()
    lease = uuid.uuid4()
    cursor.execute(INSERT, [source_id, lease, now, now, len(body), digest, snapshot_id])


def queries_after_the_bytes(source, body: bytes) -> list[str]:
    before: list[int] = []

    def get(url: str) -> Response:
        before.append(len(connection.queries_log))
        return Response(status=200, body=body, url=url)

    with CaptureQueriesContext(connection):
        ingest.refresh(source, get=get)
        return [query["sql"] for query in list(connection.queries_log)[before[0] :]]
