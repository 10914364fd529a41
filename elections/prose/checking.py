"""Holding the sentences of live pages against their races, and keeping what does not agree.

Nothing of it runs while a count comes in: a task looks at the pages of the races that were
published since, some at a time. No sentence is ever rewritten.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import swapper
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage

from elections.counting.calls import RaceState
from elections.counting.status_words import RaceFacts, Says, wrong_words
from elections.models import Contest, Heartbeat, Published, StoryFinding
from elections.prose.facts import judge
from elections.prose.published import Told, load_told
from elections.prose.reading import facts_of, not_about, passages_of, races_of
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
    races = races_of(page)
    if not races:
        return []
    told, left_out = load_told(races), not_about(page)
    about = {pk: race for pk, race in told.items() if pk not in left_out}
    return [*_untrue_numbers(page, told), *_wrong_words(page, about)]


def _untrue_numbers(page: AbstractPage, told: dict[int, Told]) -> Iterator[StoryFinding]:
    for fact in facts_of(page):
        race = told.get(int(fact.contest)) if fact.contest.isdigit() else None
        if race is None:
            yield _finding(page, "number", None, fact.block_id, fact.words, _("The race is gone."))
            continue
        verdict = judge(fact.words, fact.figure, fact.tolerance, race)
        if not verdict.is_true:
            kind = f"{fact.figure} {fact.tolerance}"
            yield _finding(
                page, "number", race.contest_id, fact.block_id, fact.words, verdict.now, kind
            )


def _wrong_words(page: AbstractPage, told: dict[int, Told]) -> Iterator[StoryFinding]:
    facts = _race_facts(told)
    for passage in passages_of(page):
        for word, race in wrong_words(passage.text, facts):
            payload = told[race.id].payload
            now = explain(word.says, payload["title"], payload["state_label"])
            said = word.sentence[:300]
            yield _finding(page, "word", race.id, passage.block_id, said, now, word.text)


def explain(says: Says, title: str, state: str) -> str:
    """Say why a word is not allowed, and what may be said."""
    facts = {"race": title, "state": state}
    if says is Says.ALL_COUNTED:
        return (
            _(
                "%(race)s: %(state)s. Precincts are not votes: ballots by mail are still counted "
                "after the last precinct is in."
            )
            % facts
        )
    if says is Says.APPARENT:
        return _("%(race)s: %(state)s. Say “apparent” only between that call and the result.") % (
            facts
        )
    return _("%(race)s: %(state)s. Nobody may be said to have won or lost yet.") % facts


def _race_facts(told: dict[int, Told]) -> list[RaceFacts]:
    dates = dict(Contest.objects.filter(pk__in=told).values_list("pk", "election__election_date"))
    return [
        RaceFacts(
            id=pk,
            state=RaceState(race.payload["state"]),
            names=tuple(row["name"] for row in race.payload["selections"]),
            year=dates[pk].year,
            is_measure=race.payload["type"] != "candidate",
        )
        for pk, race in told.items()
    ]


def _finding(
    page: AbstractPage,
    kind: str,
    contest: int | None,
    block: str,
    said: str,
    now: str,
    key: str = "",
) -> StoryFinding:
    identity = "\n".join([kind, str(contest), said, key])
    return StoryFinding(
        page_id=page.pk or 0,
        contest_id=contest,
        kind=kind,
        block_id=block,
        said=said,
        now=now,
        fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
    )


def pages_of(findings: Collection[StoryFinding]) -> dict[int, AbstractPage]:
    """Return the pages by id, in one query."""
    page_model = swapper.load_model("wagtailcore", "Page")
    return page_model.objects.in_bulk({finding.page_id for finding in findings})
