"""Holding the sentences of live pages against their races, and keeping what does not agree.

Nothing of it runs while a count comes in: a task looks at the pages of the races that were
published since, some at a time. No sentence is ever rewritten.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from datetime import datetime, timedelta

import swapper
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from wagtail.models import AbstractPage

from elections.models import Heartbeat, Published, StoryFinding
from elections.prose.remarks import Remark, remarks_on
from elections.widgets.purging import pages_showing

logger = logging.getLogger(__name__)
swapper.set_app_prefix("wagtailcore", "wagtail")

# A publication carries the time of its writing and is seen when its transaction ends.
OVERLAP = timedelta(seconds=90)
HEARTBEAT = "check_stories"


def check_stories(now: datetime | None = None) -> int:
    """Check the pages of the races that were published since the last run; return how many.

    A page that cannot be read is logged and harms no other.
    """
    now = now or timezone.now()
    latest = Heartbeat.objects.filter(name=HEARTBEAT).values_list("beat_at", flat=True).first()
    changed = Published.objects.all()
    if latest is not None:
        changed = changed.filter(published_at__gte=latest - OVERLAP)
    contest_ids = list(changed.values_list("pk", flat=True))
    pages = list(pages_showing(contest_ids).specific().iterator()) if contest_ids else []
    for page in pages:
        try:
            check_page(page, now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("Page %s could not be checked against its races.", page.pk)
    Heartbeat.beat(HEARTBEAT, now)
    return len(pages)


def check_page(page: AbstractPage, *, now: datetime) -> list[StoryFinding]:
    """Keep what does not agree in a live page, and forget what does by now."""
    found = {finding.fingerprint: finding for finding in find_untrue(page)} if page.live else {}
    with transaction.atomic():
        rows = StoryFinding.objects.select_for_update().filter(page_id=page.pk)
        known = {row.fingerprint: row for row in rows}
        rows.exclude(fingerprint__in=found).delete()
        for fingerprint, finding in found.items():
            row = known.get(fingerprint)
            if row is None:
                finding.found_at = now
                finding.save()
            elif row.now != finding.now:
                row.now, row.accepted_at, row.accepted_by = finding.now, None, None
                row.save(update_fields=["now", "accepted_at", "accepted_by"])
    return list(found.values())


def forget_page(page_id: int) -> None:
    StoryFinding.objects.filter(page_id=page_id).delete()


def check_page_by_id(page_id: int) -> None:
    """Check one page, unless it is gone by now."""
    page_model = swapper.load_model("wagtailcore", "Page")
    for page in page_model.objects.filter(pk=page_id).specific():
        check_page(page, now=timezone.now())


def find_untrue(page: AbstractPage) -> list[StoryFinding]:
    """Return what does not agree in the page as it stands here, unsaved."""
    return [_finding(page, remark) for remark in remarks_on(page)]


def _finding(page: AbstractPage, remark: Remark) -> StoryFinding:
    kind = StoryFinding.Kind.WORD if remark.says else StoryFinding.Kind.NUMBER
    key = remark.piece if remark.says else remark.figure
    identity = "\n".join([kind, str(remark.race), remark.said, key])
    return StoryFinding(
        page_id=page.pk or 0,
        contest_id=remark.race,
        kind=kind,
        block_id=remark.block_id,
        said=remark.said,
        now=remark.now,
        fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
    )


def pages_of(findings: Collection[StoryFinding]) -> dict[int, AbstractPage]:
    """Return the pages by id, in one query."""
    page_model = swapper.load_model("wagtailcore", "Page")
    return page_model.objects.in_bulk({finding.page_id for finding in findings})
