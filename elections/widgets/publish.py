"""From facts to what readers get: one row per contest, and files of the same bytes.

Two steps, each safe to run twice and beside itself. ``publish`` renders under the
lock of the row, raises its version if anything that readers see has changed, and
commits. ``files.write_files`` then copies rows to files. A crash
between the two leaves ``written_version`` behind, and the next tick catches up.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import override

from elections.models import (
    BallotsRemaining,
    Call,
    Contest,
    CorrectionNote,
    CurrentCount,
    Election,
    Freeze,
    Hold,
    Override,
    Phrase,
    Pin,
    Published,
    RecountRule,
    Selection,
)
from elections.widgets.facts import ContestFacts, load_facts
from elections.widgets.files import write_files
from elections.widgets.languages import Names
from elections.widgets.purging import purge_pages_showing
from elections.widgets.result import Result, build_result

logger = logging.getLogger(__name__)

TEMPLATE = "elections/result.html"
SOURCE_TEMPLATE = "elections/result_source.html"
LONGEST_TRANSACTION = timedelta(seconds=60)
"""A fact carries the time of its writing and is seen when its transaction ends. Whoever looks
in between is certain only of what is older than this: a task ends after 28 seconds, and the
database ends a transaction that has stood still for 60."""


SourceLines = dict[tuple[object, ...], str]
"""The lines of honesty of one batch, by what they say."""


class PublishError(Exception):
    """Some contests could not be published; the others were.

    ``contest_ids`` names them. Trying again helps once the cause is gone.
    """

    def __init__(self, contest_ids: Collection[int]):
        self.contest_ids = tuple(contest_ids)
        super().__init__(f"Could not publish contests {', '.join(map(str, self.contest_ids))}.")


def publish_stale(now: datetime | None = None) -> list[int]:
    """Publish every contest whose facts changed since it was last looked at."""
    now = now or timezone.now()
    return publish(stale_contests(now).values_list("pk", flat=True), now=now)


def stale_contests(now: datetime | None = None):
    """Return the confirmed contests with facts newer than their publication.

    A count, a call, a hold, a correction, an estimate, a name, its translation: each makes
    a result stale, and so do the end of a corrected number, a new publication of the question
    that a race hangs on, and the hour at which the polls close. So does a publication
    from the future: the clock that wrote it was fast, and what has changed since cannot
    be told from it. Facts of the minute before the latest look are looked at again,
    because their transaction may have ended after it.
    """
    now = now or timezone.now()
    checked = OuterRef("published__checked_at")
    contest = OuterRef("pk")
    latest_call = Coalesce(OuterRef("published__call"), 0)
    newer = [
        Exists(CurrentCount.objects.filter(contest=contest, changed_at__gte=checked)),
        Exists(Selection.objects.filter(contest=contest, updated_at__gte=checked)),
        Exists(Call.objects.filter(contest=contest, pk__gt=latest_call)),
        Exists(Call.objects.filter(contest=contest, made_at__gte=checked)),
        Exists(Override.objects.over(checked, now).filter(contest=contest)),
        *(
            Exists(model.objects.filter(contest=contest, changed_at__gte=checked))
            for model in (Hold, Freeze, Override, Pin, CorrectionNote)
        ),
        Exists(Published.objects.filter(pk=OuterRef("depends_on"), published_at__gte=checked)),
        Exists(Phrase.objects.changed_since(checked)),
        Exists(
            RecountRule.objects.filter(
                jurisdiction__iexact=OuterRef("election__jurisdiction"), updated_at__gte=checked
            )
        ),
        Exists(
            BallotsRemaining.objects.filter(
                Q(contest=contest) | Q(contest=None),
                election=OuterRef("election"),
                recorded_at__gte=checked,
            )
        ),
    ]
    stale = Q(published=None) | Q(updated_at__gte=F("published__checked_at"))
    stale |= Q(election__updated_at__gte=F("published__checked_at"))
    stale |= Q(published__checked_at__gt=now)
    closes_at = F("election__polls_close_at")
    stale |= Q(published__checked_at__lte=closes_at, election__polls_close_at__lte=now)
    for condition in newer:
        stale |= Q(condition)
    return Contest.objects.confirmed().filter(stale).order_by("pk")


def publish(contest_ids: Iterable[int], *, now: datetime | None = None) -> list[int]:
    """Publish these contests where readers would see something new.

    Returns the ids whose version rose. Drafts are left out.

    :raises PublishError: after all others are done, when some failed.
    """
    now = now or timezone.now()
    wanted = list(
        Contest.objects.confirmed().filter(pk__in=list(contest_ids)).values_list("pk", flat=True)
    )
    if not wanted:
        return []
    failed: list[int] = []
    lines: SourceLines = {}
    with transaction.atomic():
        rows = _locked_rows(wanted)
        names = Names.of_all()
        changed = [
            published
            for facts in load_facts(wanted, now=now)
            if (published := _render(facts, rows.get(facts.contest.pk), names, now, failed, lines))
            is not None
        ]
        _save(changed)
        certain = now - LONGEST_TRANSACTION
        Published.objects.filter(pk__in=set(rows) - set(failed)).update(checked_at=certain)
    elections = set(
        Contest.objects.filter(pk__in=[row.pk for row in changed]).values_list(
            "election", flat=True
        )
    )
    for election_id in elections:
        write_files(election_id)
    if changed:
        purge_pages_showing([row.pk for row in changed])
    if failed:
        raise PublishError(failed)
    return [row.pk for row in changed]


def _locked_rows(contest_ids: Collection[int]) -> dict[int, Published]:
    """Lock the rows before the facts are read, so that no older facts can win."""
    elections = Contest.objects.filter(pk__in=contest_ids).values("election")
    # A first publication has no row of its own yet: the election's lock keeps two apart.
    list(Election.objects.select_for_update().filter(pk__in=elections).order_by("pk"))
    rows = Published.objects.select_for_update().filter(pk__in=contest_ids).order_by("pk")
    return {row.pk: row for row in rows.only("version", "etag", "written_version")}


def _render(
    facts: ContestFacts,
    before: Published | None,
    names: Sequence[Names],
    now: datetime,
    failed: list[int],
    lines: SourceLines,
) -> Published | None:
    """Return the new row, or None when readers would see the same as before.

    A contest that cannot be rendered is logged and listed, and harms no other.
    """
    version = before.version + 1 if before else 1
    try:
        own = _say(facts, settings.LANGUAGE_CODE, version, lines)
        others = {
            one.language: _say(one.facts(facts), one.language, version, lines) for one in names
        }
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("Contest %s could not be rendered.", facts.contest.pk)
        failed.append(facts.contest.pk)
        return None
    etag = _fingerprint([own, *others.values()], version)
    if before is not None and before.etag == etag:
        return None
    return Published(
        contest=facts.contest,
        version=version,
        html=own.html,
        payload=own.payload,
        translations={
            language: {"html": said.html, "payload": said.payload}
            for language, said in others.items()
        },
        etag=etag,
        is_final=own.is_final,
        count=facts.current and facts.current.count,
        call=max(facts.calls, key=lambda call: call.pk, default=None),
        published_at=now,
        checked_at=now - LONGEST_TRANSACTION,
        written_version=before.written_version if before else 0,
    )


@dataclass(frozen=True)
class _Said:
    """A result in the words of one language."""

    html: str
    payload: str
    is_final: bool


def _say(facts: ContestFacts, language: str, version: int, lines: SourceLines) -> _Said:
    """Put a result into words, whatever language the person behind this call reads."""
    with override(language):
        result = build_result(facts, version=version)
        payload = json.dumps(result.as_json(), ensure_ascii=False, separators=(",", ":"))
        return _Said(render_fragment(result, lines), payload, result.is_final)


def render_fragment(result: Result, lines: SourceLines | None = None) -> str:
    """Return the bytes that readers get; ``lines`` keeps what races of a batch have in common."""
    line = _source_line(result, {} if lines is None else lines)
    context = {"result": result, "source_line": line}
    return get_template(TEMPLATE).render(context).strip() + "\n"


def _source_line(result: Result, lines: SourceLines) -> str:
    """Return the line of honesty, which is the same for most races of a document."""
    key = result.source_facts
    if key not in lines:
        with timezone.override(result.time_zone):
            lines[key] = get_template(SOURCE_TEMPLATE).render({"result": result})
    return lines[key]


def _fingerprint(editions: Iterable[_Said], version: int) -> str:
    """Return a hash of everything but the version: same hash, same view in every language."""
    plain = ""
    for said in editions:
        plain += said.html.replace(f'data-version="{version}"', "", 1)
        plain += said.payload.replace(f'"version":{version},', "", 1)
    return hashlib.sha256(plain.encode()).hexdigest()


def _save(rows: Collection[Published]) -> None:
    """Write the rows.

    A value that is an expression keeps Django from sending columns as arrays: PostgreSQL's driver
    escapes each quote in an array, of which the texts are full, one by one in Python.
    """
    for row in rows:
        row.published_at = Value(row.published_at)
    fields = [field.name for field in Published._meta.concrete_fields if not field.primary_key]
    fields.remove("written_version")
    Published.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["contest"], update_fields=fields
    )
