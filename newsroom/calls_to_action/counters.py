"""Counts what browsers report: in Redis, and from there into rows; without Redis, at once.

Redis keeps one hash, whose fields are places and whose values are numbers. A flush renames it to
a batch of its own, writes the batch and its name in one transaction, and deletes it. A worker
that dies leaves the batch where the next flush finds it; one that dies between the writing and
the deleting leaves its name in the database, and the next flush only deletes it. A Redis that does
not answer at all leaves the counting to the database; one that goes silent in the middle of a
count may have counted it, so nobody else does. So nothing is counted twice. What Redis itself
loses is lost: a count is at most the truth.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import lru_cache

import redis
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from newsroom.calls_to_action.models import AskCount, CountBatch
from newsroom.calls_to_action.places import AskPlace
from newsroom.conf import newsroom_settings

logger = logging.getLogger(__name__)

CURRENT = "newsroom:asks:counting"
BATCH = "newsroom:asks:batch:"
KEEP_BATCHES = timedelta(days=7)
# So long nobody waits for a Redis that did not answer.
PAUSE_SECONDS = 10

_silent_until = 0.0


@lru_cache(maxsize=4)
def _connect(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0)
    )


def _redis() -> redis.Redis | None:
    url = newsroom_settings.COUNTER_REDIS_URL
    return _connect(url) if url else None


def count(kind: str, place: AskPlace, now: datetime | None = None) -> None:
    """Count one more of ``kind`` for a place."""
    day = timezone.localdate(now or timezone.now())
    field = json.dumps([day.isoformat(), kind, *asdict(place).values()])
    server = _answering()
    if server is None:
        with transaction.atomic():
            _write({field: 1})
        return
    try:
        server.hincrby(CURRENT, field, 1)
    except redis.RedisError as error:
        _leave_alone("Redis went silent in the middle of a count, which may be lost: %s", error)


def _answering() -> redis.Redis | None:
    """Return the Redis that counts; None where there is none, or none that answers now."""
    server = _redis()
    if server is None or time.monotonic() < _silent_until:
        return None
    try:
        server.ping()
    except redis.RedisError as error:
        _leave_alone("Redis does not count asks, the database does: %s", error)
        return None
    return server


def _leave_alone(message: str, error: redis.RedisError) -> None:
    global _silent_until
    _silent_until = time.monotonic() + PAUSE_SECONDS
    logger.warning(message, error)


def flush(now: datetime | None = None) -> int:
    """Write what Redis has counted into rows; return how many batches it was."""
    now = now or timezone.now()
    CountBatch.objects.filter(written_at__lt=now - KEEP_BATCHES).delete()
    server = _redis()
    if server is None:
        return 0
    with suppress(redis.ResponseError):  # Nothing was counted since.
        server.rename(CURRENT, f"{BATCH}{uuid.uuid4().hex}")
    names = [name.decode() for name in server.scan_iter(f"{BATCH}*")]
    for name in names:
        _flush_batch(server, name, now)
    return len(names)


def _flush_batch(server: redis.Redis, name: str, now: datetime) -> None:
    key = name.removeprefix(BATCH)[:40]
    numbers = {field.decode(): int(number) for field, number in server.hgetall(name).items()}
    with transaction.atomic():
        written = CountBatch.objects.filter(key=key).exists()
        if not written and numbers:
            CountBatch.objects.create(key=key, written_at=now)
            _write(numbers)
    server.delete(name)


def _write(numbers: Mapping[str, int]) -> None:
    """Add numbers to their rows, made now where there are none."""
    wanted = dict(_rows(numbers))
    AskCount.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    for field, row in sorted(wanted.items()):
        facts = {name: getattr(row, name) for name in _IDENTITY}
        AskCount.objects.filter(**facts).update(number=F("number") + numbers[field])


_IDENTITY = (
    "day",
    "kind",
    "call_to_action_id",
    "variant",
    "block_id",
    "page_id",
    "page_revision_id",
    "subject",
    "phase",
)


def _rows(fields: Iterable[str]) -> Iterable[tuple[str, AskCount]]:
    for field in fields:
        day, kind, *place = json.loads(field)
        values = dict(zip(_IDENTITY[2:], place, strict=True))
        yield field, AskCount(day=date.fromisoformat(day), kind=kind, **values)
