"""One run of asking a source, and the row that tells how it ended."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from elections.explanations import CRASHED
from elections.feeds.contract import FeedError, Response
from elections.models import Fetch, Source

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """One run of ``refresh`` for one source."""

    source: Source
    lease: uuid.UUID
    started_at: datetime
    clock: Callable[[], datetime]
    sent_by: object | None = None

    def record(self, outcome: str, response: Response | None = None, **facts: object) -> Fetch:
        if response is not None:
            facts |= {
                "http_status": response.status or None,
                "size": len(response.body),
                "etag": response.etag[:255],
                "last_modified": response.last_modified[:64],
            }
        return Fetch.record(
            source=self.source,
            lease=self.lease,
            started_at=self.started_at,
            finished_at=self.clock(),
            outcome=outcome,
            sent_by=self.sent_by,
            **facts,
        )

    def record_failure(self, error: FeedError) -> Fetch:
        """Record that the source gave no answer, or none that is one."""
        wait = error.retry_after
        return self.record(
            Fetch.Outcome.FAILED,
            http_status=error.status,
            code=error.code,
            message=error.message,
            retry_at=self.started_at + timedelta(seconds=min(wait, 3600)) if wait else None,
        )

    def record_crash(self) -> None:
        """Leave a row that tells the desk and frees the source, if the database lets us."""
        try:
            if not Fetch.objects.filter(lease=self.lease).exists():
                self.record(Fetch.Outcome.FAILED, code="internal", message=CRASHED)
        except DatabaseError:
            logger.exception("A failed refresh of source %s left no row.", self.source.pk)
