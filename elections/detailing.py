"""The parts of a count, stored with it: by place, by kind of vote, by round.

They are read for confirmed contests only, one contest at a time, and kept where the document's
own total is the count that stands. So what is held back keeps its parts back too, and nothing
here can be ahead of the count or behind it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef

from elections.counting.details import Details, Problem
from elections.feeds import get_details_reader
from elections.feeds.contract import FeedError, ReadDetails
from elections.models import (
    Contest,
    CountDetails,
    CurrentCount,
    ExternalIdentifier,
    Snapshot,
    Source,
)

logger = logging.getLogger(__name__)

BATCH = 50


@dataclass(frozen=True)
class _Wanted:
    """A contest that somebody follows, the count that stands, and how the feed calls it."""

    contest_id: int
    count_id: int
    votes: Mapping[str, int]
    as_of: datetime
    selections: Mapping[str, int]

    @property
    def without_parts(self) -> Details:
        """What is known before the document is read: the total."""
        keys = {str(pk): key for key, pk in self.selections.items()}
        votes = {keys[pk]: count for pk, count in self.votes.items() if pk in keys}
        return Details(contest="", selections=tuple(votes), totals=tuple(votes.values()))

    def is_told_by(self, details: Details) -> bool:
        """Whether the document's total is the count that stands: a held one is another."""
        if not set(details.selections) <= self.selections.keys():
            return False
        pairs = zip(details.selections, details.totals, strict=True)
        return {str(self.selections[key]): votes for key, votes in pairs} == dict(self.votes)


def store_details(snapshot: Snapshot, body: bytes) -> list[int]:
    """Store the parts that an accepted document gives of the counts it has made stand.

    Run it in the transaction that stores the counts. Returns the contests whose parts were read.
    """
    return _store(snapshot, body, CurrentCount.objects.filter(as_of=snapshot.counted_at))


def store_details_of(snapshot: Snapshot, contest_id: int) -> list[int]:
    """Store the parts of one contest, whose count was released from the document."""
    return _store(snapshot, None, CurrentCount.objects.filter(contest=contest_id))


@transaction.atomic
def store_missing_details(snapshot: Snapshot) -> list[int]:
    """Store what nobody has read yet: of contests that were confirmed after the document came."""
    read = CountDetails.objects.filter(
        contest=OuterRef("contest"),
        source=OuterRef("source"),
        count=OuterRef("count"),
        as_of=OuterRef("as_of"),
    )
    standing = CurrentCount.objects.filter(~Exists(read), as_of=snapshot.counted_at)
    return _store(snapshot, None, standing)


def _store(snapshot: Snapshot, body: bytes | None, standing) -> list[int]:
    source = snapshot.source
    read_details = get_details_reader(source.provider)
    if read_details is None:
        return []
    wanted = _find_wanted(source, standing)
    if not wanted:
        return []
    rows: list[CountDetails] = []
    empty: list[CountDetails] = []
    for details in _read(read_details, snapshot.body if body is None else body, wanted):
        row = _make_row(source, wanted[details.contest], details)
        (rows if row.details.has_parts else empty).append(row)
        if len(rows) >= BATCH:
            _save(rows)
            rows = []
    _save([*rows, *_without_known(empty, source)])
    return [one.contest_id for one in wanted.values()]


def _find_wanted(source: Source, standing) -> dict[str, _Wanted]:
    """Return by the feed's keys what is to be read of the counts that stand."""
    current = {
        contest_id: (count_id, votes, as_of)
        for contest_id, count_id, votes, as_of in standing.filter(
            source=source, contest__status=Contest.Status.CONFIRMED
        ).values_list("contest", "count", "count__votes", "as_of")
    }
    if not current:
        return {}
    keys: dict[str, int] = {}
    selections: dict[str, dict[str, int]] = {}
    identifiers = ExternalIdentifier.objects.filter(
        election=source.election_id, provider=source.provider, contest__in=current
    )
    for reported, value, contest_id, selection_id in identifiers.values_list(
        "reported_contest", "value", "contest", "selection"
    ):
        if selection_id is None:
            keys[reported] = contest_id
        else:
            selections.setdefault(reported, {})[value] = selection_id
    return {
        key: _Wanted(contest_id, *current[contest_id], selections=selections.get(key, {}))
        for key, contest_id in keys.items()
    }


def _read(
    read_details: ReadDetails, body: bytes, wanted: Mapping[str, _Wanted]
) -> Iterator[Details]:
    """Yield details for each wanted contest: what the document gives, or that it gives none.

    What cannot be read costs the parts alone: the count has been read, and stands.
    """
    left = dict(wanted)
    problem = None
    try:
        for details in read_details(body, wanted.keys()):
            if left.pop(details.contest, None) is not None:
                yield details
    except FeedError as error:
        logger.warning("The parts of a count could not be read (%s): %s", error.path, error)
        problem = Problem.UNREADABLE
    for key, one in left.items():
        yield msgspec.structs.replace(one.without_parts, contest=key, problem=problem)


def _make_row(source: Source, one: _Wanted, details: Details) -> CountDetails:
    """Return the row; one without parts where the document's total is not the count that stands."""
    if not one.is_told_by(details):
        details = one.without_parts
    return CountDetails(
        contest_id=one.contest_id,
        source=source,
        count_id=one.count_id,
        as_of=one.as_of,
        content=CountDetails.pack(details, one.selections),
    )


def _without_known(rows: Collection[CountDetails], source: Source) -> list[CountDetails]:
    """Leave out what is known already: a held document of the same time takes no parts away."""
    contest_ids = [row.contest_id for row in rows]
    known = set(
        CountDetails.objects.filter(source=source, contest__in=contest_ids).values_list(
            "contest", "count", "as_of"
        )
    )
    return [row for row in rows if (row.contest_id, row.count_id, row.as_of) not in known]


def _save(rows: Collection[CountDetails]) -> None:
    CountDetails.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["contest", "source"],
        update_fields=["count", "as_of", "content"],
    )
