"""A release in which everything changed: 430 races, 1,132 selections, history kept.

Storing is measured from the bytes to the commit. Its floor reads the same bytes with a plain
typed decode, COPYs the same counts and moves the same pointers with one upsert, on a bare
connection, with every name resolved beforehand; it judges nothing and keeps no bytes.
Publishing is measured from the commit to the last file.
"""

from __future__ import annotations

import time
from datetime import datetime
from unittest import mock

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from elections import ingest
from elections.feeds.contract import Response
from elections.models import ExternalIdentifier, Fetch, Snapshot
from tests.benchmarks.bench_parse import Contest, Document
from tests.benchmarks.county import CONTESTS, make_county_document, make_source
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import Stopwatch, with_database

ROUNDS = 15
UPSERT = """
    INSERT INTO elections_currentcount (contest_id, source_id, count_id, as_of, changed_at)
    SELECT contest_id, %s, id, counted_at, recorded_at
    FROM elections_contestcount WHERE snapshot_id = %s
    ON CONFLICT (contest_id, source_id) DO UPDATE
    SET count_id = excluded.count_id, as_of = excluded.as_of, changed_at = excluded.changed_at
"""
COPY = """
    COPY elections_contestcount (contest_id, snapshot_id, counted_at, recorded_at, votes)
    FROM STDIN
"""
decode = msgspec.json.Decoder(Document).decode


def measure() -> list[Figure]:
    source = make_source()
    processor, wall = Stopwatch(with_database()), Stopwatch(time.perf_counter_ns)
    by_hand = CopyByHand(source)
    for turn in range(ROUNDS + 1):
        if turn == 1:
            processor.times.clear()
            wall.times.clear()
        refresh_all(source, make_county_document(2 * turn + 1), [processor, wall])
        body, snapshot = by_hand.prepare(make_county_document(2 * turn + 2))
        begun = [stopwatch.clock() for stopwatch in (processor, wall)]
        by_hand.store(body, snapshot)
        for stopwatch, start in zip((processor, wall), begun, strict=True):
            stopwatch.note("floor", start, stopwatch.clock())
    return [
        Figure(
            "store a changed county: CPU of worker and database",
            ours=processor.median("store"),
            floor=processor.median("floor"),
            goal_ratio=3,
        ),
        Figure(
            "store a changed county: elapsed", ours=wall.median("store"), floor=wall.median("floor")
        ),
        Figure("publish 430 results: elapsed", ours=wall.median("publish"), goal=1000),
        Figure("publish 430 results: CPU of worker and database", ours=processor.median("publish")),
    ]


def refresh_all(source, body: bytes, stopwatches: list[Stopwatch]) -> None:
    """Refresh with ``body``, and note when its bytes were in, stored and published."""
    marks: list[list[int]] = []

    def mark() -> None:
        marks.append([stopwatch.clock() for stopwatch in stopwatches])

    def get(url: str) -> Response:
        mark()
        return Response(status=200, body=body, url=url)

    publish = ingest.publish

    def marked_publish(contest_ids: list[int]) -> None:
        mark()
        published = publish(contest_ids)
        mark()
        assert len(published) == CONTESTS

    with mock.patch.object(ingest, "publish", marked_publish):
        fetch = ingest.refresh(source, get=get)
    assert fetch.outcome == Fetch.Outcome.ACCEPTED, fetch.message
    for stopwatch, arrived, stored, done in zip(stopwatches, *marks, strict=True):
        stopwatch.note("store", arrived, stored)
        stopwatch.note("publish", stored, done)


class CopyByHand:
    """The floor: knows every id beforehand, and writes the rows that ``refresh`` would write."""

    def __init__(self, source):
        self.source = source
        self.contests: dict[str, int] = {}
        self.selections: dict[tuple[str, str], int] = {}
        rows = ExternalIdentifier.objects.filter(election=source.election)
        for row in rows:
            if row.selection_id is None:
                self.contests[row.reported_contest] = row.contest_id
            else:
                self.selections[row.reported_contest, row.value] = row.selection_id

    def prepare(self, body: bytes) -> tuple[bytes, Snapshot]:
        """Keep the document as a row, which the counts must point to."""
        return body, Snapshot.objects.create(
            source=self.source,
            sha256=Snapshot.digest(body),
            compressed=b"",
            size=len(body),
            first_seen_at=timezone.now(),
            counted_at=timezone.now(),
            verdict="accepted",
        )

    def store(self, body: bytes, snapshot: Snapshot) -> None:
        now = timezone.now()
        document = decode(body)
        with transaction.atomic():
            cursor = connection.connection.cursor()
            with cursor.copy(COPY) as copy:
                for group in document.Election.ContestGroups:
                    for contest in group.Contests:
                        copy.write_row(self._row(contest, snapshot, now))
            cursor.execute(UPSERT, [self.source.pk, snapshot.pk])

    def _row(self, contest: Contest, snapshot: Snapshot, now: datetime) -> tuple[object, ...]:
        votes = {
            self.selections[contest.Title, candidate.Name]: candidate.Votes
            for candidate in contest.Candidates
        }
        contest_id = self.contests[contest.Title]
        return (
            contest_id,
            snapshot.pk,
            snapshot.counted_at,
            now,
            msgspec.json.encode(votes).decode(),
        )
