"""Recorded documents played into a source, through the same path as the real ones."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction

from elections.feeds.contract import Response
from elections.ingest import refresh
from elections.models import (
    ContestCount,
    CurrentCount,
    Fetch,
    Freeze,
    Hold,
    Override,
    Pin,
    Published,
    Snapshot,
    Source,
    SourceState,
)
from elections.widgets.publish import publish

SEEN_AT = re.compile(r"(\d{8}T\d{6}Z)")


@dataclass(frozen=True)
class Recording:
    """One recorded document. ``seen_at`` is when a collector saw it (aware)."""

    seen_at: datetime
    path: Path

    def get(self, address: str) -> Response:
        """Stand in for the network: whatever is asked for, answer with this document."""
        return Response(status=200, body=self.path.read_bytes(), url=address)


def recordings(folder: Path) -> list[Recording]:
    """Return a folder's documents in the order they were seen.

    The time of sighting is in the file's name, as 20241106T044031Z. Other files
    are left out.

    :raises FileNotFoundError: there is no such folder, or nothing recorded in it.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}.")
    found = [
        Recording(datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), path)
        for path in sorted(folder.iterdir())
        if (match := SEEN_AT.search(path.name))
    ]
    if not found:
        raise FileNotFoundError(
            f"{folder} has no recorded documents. Name them like 20241106T044031Z.json."
        )
    return sorted(found, key=lambda recording: recording.seen_at)


def paced(
    documents: Sequence[Recording],
    *,
    speed: float,
    longest_wait: timedelta,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Recording]:
    """Yield the documents at ``speed`` times the pace they were seen at.

    A ``speed`` of 0 does not wait at all. No wait is longer than ``longest_wait``.
    """
    previous: Recording | None = None
    for document in documents:
        if previous is not None and speed > 0:
            gap = (document.seen_at - previous.seen_at) / speed
            sleep(min(gap, longest_wait).total_seconds())
        yield document
        previous = document


def play(source: Source, document: Recording) -> Fetch | None:
    """Refresh ``source`` with a recorded document, as if it were the time it was seen."""
    return refresh(source, get=document.get, clock=lambda: document.seen_at)


def rewind(source: Source) -> None:
    """Forget all that a replayed source has said, so that it can be played again.

    Versions go on rising: readers who watch see the count start afresh as
    something new, not as an older version.

    :raises ValueError: the source is a real one.
    """
    if source.mode != Source.Mode.REPLAY:
        raise ValueError("Only a source that plays recorded documents can be rewound.")
    publish(_forget(source))


@transaction.atomic
def _forget(source: Source) -> list[int]:
    """Delete what the source has said; return the contests it spoke of."""
    snapshots = Snapshot.objects.filter(source=source)
    counts = ContestCount.objects.filter(snapshot__in=snapshots)
    contests = list(counts.values_list("contest", flat=True).distinct())
    Published.objects.filter(contest__in=contests).update(count=None)
    SourceState.objects.filter(source=source).delete()
    CurrentCount.objects.filter(source=source).delete()
    Hold.objects.filter(source=source).delete()
    Freeze.objects.filter(count__in=counts).delete()
    Pin.objects.filter(count__in=counts).delete()
    Override.objects.filter(source=source).delete()
    counts.delete()
    Fetch.objects.filter(source=source).delete()
    snapshots.delete()
    return contests
