"""An import from the look at its rows to its undoing.

All of it is done a bounded time at once, by whoever holds the batch's lease, some hundred rows in
one transaction: a worker that is killed leaves each row either done or to be done, and the next
one goes on.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.importing.sheets import SheetRefusedError, look_through, read_rows
from newsroom.newsletters.models import Evidence, ImportBatch, ImportRow, Method, Newsletter
from newsroom.newsletters.subscriptions import Brought, Verdict

logger = logging.getLogger(__name__)

State = ImportBatch.State
CHUNK = 500
LEASE = timedelta(seconds=60)
KEEP_ADDRESSES = timedelta(days=30)

INVALID, DUPLICATE = "invalid", "duplicate"
UNDONE, STANDS = "undone", "stands"
TO_BRING = (Verdict.ADDED, Verdict.ASKED)
BUSY = (State.JUDGING, State.COMMITTING, State.UNDOING)


class MovedOnError(Exception):
    """The lease is somebody else's, or staff have sent the import elsewhere."""


def carry_on(batch_id: int, *, seconds: float = 18) -> bool:
    """Do more of an import for so many seconds. True: there is more to do and nobody does it."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    mine = ImportBatch.objects.filter(free, pk=batch_id, state__in=BUSY)
    if not mine.update(leased_until=now + LEASE):
        return False
    batch = ImportBatch.objects.defer("body").select_related("newsletter").get(pk=batch_id)
    steps = {State.JUDGING: _judge, State.COMMITTING: _bring_in, State.UNDOING: _undo}
    try:
        is_finished = steps[batch.state](batch, time.monotonic() + seconds)
    except MovedOnError:
        is_finished = False
    finally:
        mine = ImportBatch.objects.filter(pk=batch_id, leased_until=batch.leased_until)
        mine.update(leased_until=None)
    return not is_finished


@contextmanager
def _turn(batch: ImportBatch) -> Iterator[None]:
    """One transaction on rows of a batch, which nobody else touches meanwhile.

    :raises MovedOnError: nothing was done, and nothing is to be
    """
    until = timezone.now() + LEASE
    with transaction.atomic():
        mine = ImportBatch.objects.filter(
            pk=batch.pk, state=batch.state, leased_until=batch.leased_until
        )
        if not mine.update(leased_until=until):
            raise MovedOnError
        yield
    batch.leased_until = until


@transaction.atomic
def from_addresses(
    addresses: Iterable[str], newsletter: Newsletter, *, name: str, user: AbstractBaseUser
) -> ImportBatch:
    """Begin to look at addresses as at a file of people who must confirm. ``name`` is shown for it.

    :raises SheetRefusedError: they are none, or more than a file may hold
    """
    text = io.StringIO()
    csv.writer(text).writerows([["email"], *([address] for address in addresses)])
    body = text.getvalue().encode()
    sheet = look_through(body)
    batch = ImportBatch.objects.create(
        newsletter=newsletter,
        file_name=name[:200],
        body=body,
        columns=sheet.columns,
        rows_total=sheet.row_count,
        address_column=0,
        consent=ImportBatch.Consent.MUST_CONFIRM,
        made_by=user,
    )
    begin(batch, State.UPLOADED, State.JUDGING)
    return batch


def busy_batches() -> list[int]:
    return list(
        ImportBatch.objects.filter(state__in=BUSY).order_by("pk").values_list("pk", flat=True)
    )


def _judge(batch: ImportBatch, deadline: float) -> bool:
    """Write down a verdict for each further row. True: that was all."""
    rows = islice(read_rows(bytes(batch.body)), batch.rows_judged + 1, None)
    try:
        while chunk := list(islice(rows, CHUNK)):
            _judge_chunk(batch, chunk)
            if time.monotonic() > deadline:
                return False
    except SheetRefusedError as error:
        _finish(batch, State.JUDGING, State.FAILED, body=None, message=str(error)[:300])
        return True
    _finish(batch, State.JUDGING, State.JUDGED, body=None)
    return True


@transaction.atomic
def _judge_chunk(batch: ImportBatch, chunk: list[tuple[int, list[str]]]) -> None:
    moved = ImportBatch.objects.filter(
        pk=batch.pk, state=State.JUDGING, rows_judged=batch.rows_judged
    ).update(rows_judged=F("rows_judged") + len(chunk))
    if not moved:
        raise RuntimeError("Somebody else judges this import.")
    batch.rows_judged += len(chunk)
    cells = [(line, _cell(row, batch.address_column)) for line, row in chunk]
    addresses = {address for _line, address in cells if is_address(address)}
    verdicts = subscriptions.judge(addresses, batch.newsletter)
    seen = set(
        batch.rows.filter(address__in=addresses)
        .exclude(verdict=INVALID)
        .values_list("address", flat=True)
    )
    ImportRow.objects.bulk_create(_rows(batch, cells, verdicts, seen))


def _rows(
    batch: ImportBatch,
    cells: list[tuple[int, str]],
    verdicts: dict[str, Verdict],
    seen: set[str],
) -> Iterator[ImportRow]:
    for line, address in cells:
        verdict = str(verdicts.get(address, INVALID))
        if address in seen and verdict != INVALID:
            verdict = DUPLICATE
        seen.add(address)
        if verdict == Verdict.ADDED and not batch.has_consent:
            verdict = Verdict.ASKED.value
        is_open = verdict in TO_BRING
        yield ImportRow(
            batch=batch,
            line=line,
            address=address[:254],
            verdict=verdict,
            result="" if is_open else verdict,
        )


def _cell(cells: list[str], place: int) -> str:
    return normalise_email(cells[place]) if place < len(cells) else ""


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _bring_in(batch: ImportBatch, deadline: float) -> bool:
    """Bring in further rows. True: that was all."""
    evidence = evidence_of(batch)
    while _bring_in_chunk(batch, evidence):
        if time.monotonic() > deadline:
            return False
    _finish(batch, State.COMMITTING, State.DONE, finished_at=timezone.now())
    return True


def _bring_in_chunk(batch: ImportBatch, evidence: Evidence) -> int:
    """Bring in some rows and return how many there were.

    People are locked before rows are written, as an erasure does: neither waits for the other.
    """
    with _turn(batch):
        rows = list(batch.rows.filter(result="").order_by("pk")[:CHUNK])
        brought = subscriptions.bring_in_each(
            [row.address for row in rows if row.address],
            batch.newsletter,
            evidence,
            wording=batch.wording,
            has_consent=batch.has_consent,
        )
        _write_down(rows, brought)
    return len(rows)


def _write_down(rows: list[ImportRow], brought: dict[str, Brought]) -> None:
    """Write down what became of rows. Most of them share what there is to write: few queries."""
    results: dict[str, list[int]] = {}
    priors: dict[str, list[int]] = {}
    for row in rows:
        found = brought.get(normalise_email(row.address), Brought(verdict=Verdict.ERASED))
        row.subscription_id = found.subscription_id
        results.setdefault(found.verdict, []).append(row.pk)
        if found.prior is not None:
            priors.setdefault(json.dumps(found.prior, sort_keys=True), []).append(row.pk)
    for result, pks in results.items():
        ImportRow.objects.filter(pk__in=pks).update(result=result)
    for prior, pks in priors.items():
        ImportRow.objects.filter(pk__in=pks).update(prior=json.loads(prior))
    # By a join on the address, a database without statistics goes through all people every time.
    ImportRow.objects.bulk_update([row for row in rows if row.subscription_id], ["subscription"])


def _undo(batch: ImportBatch, deadline: float) -> bool:
    """Take back further rows. True: that was all."""
    evidence = evidence_of(batch)
    while _undo_chunk(batch, evidence):
        if time.monotonic() > deadline:
            return False
    _finish(batch, State.UNDOING, State.UNDONE)
    return True


def _undo_chunk(batch: ImportBatch, evidence: Evidence) -> int:
    """Take back some rows and return how many there were."""
    with _turn(batch):
        rows = list(batch.rows.filter(result__in=TO_BRING).order_by("pk")[:CHUNK])
        priors = {row.subscription_id: row.prior for row in rows if row.subscription_id}
        undone = subscriptions.take_back_each(priors, batch.newsletter, evidence)
        done = [row.pk for row in rows if row.subscription_id in undone]
        mine = ImportRow.objects.filter(pk__in=[row.pk for row in rows])
        mine.filter(pk__in=done).update(result=UNDONE, subscription=None)
        mine.filter(result__in=TO_BRING).update(result=STANDS, subscription=None)
    return len(rows)


def _finish(batch: ImportBatch, before: str, after: str, **changes: object) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state=before).update(state=after, **changes)


def evidence_of(batch: ImportBatch) -> Evidence:
    parts = (batch.consent_source, batch.consent_date and batch.consent_date.isoformat())
    return Evidence(
        method=Method.IMPORT,
        form="import",
        actor_id=batch.made_by_id,
        batch_id=batch.pk,
        note=", ".join(part for part in parts if part),
    )


def begin(batch: ImportBatch, before: str, after: str) -> bool:
    """Let an import go on to its next part. False: it is not where it was thought to be."""
    is_begun = ImportBatch.objects.filter(pk=batch.pk, state=before).update(state=after)
    if is_begun:
        transaction.on_commit(lambda: nudge(batch.pk), robust=True)
    return bool(is_begun)


def nudge(batch_id: int) -> None:
    """Ask a worker to go on now. Without a queue, the schedule does it."""
    from newsroom.newsletters.tasks import carry_on_import

    try:
        carry_on_import.apply_async(kwargs={"batch_id": batch_id}, retry=False, expires=30)
    except Exception as error:
        logger.warning("The task queue cannot be reached, the import waits for it: %s", error)


def forget_addresses(now: datetime) -> None:
    """Blank the addresses of imports that are over, and drop files that nobody went on with."""
    old = now - KEEP_ADDRESSES
    ImportRow.objects.filter(batch__created_at__lt=old).exclude(address="").update(address="")
    unfinished = (State.UPLOADED, State.JUDGED, State.FAILED)
    ImportBatch.objects.filter(created_at__lt=old, state__in=unfinished).delete()
