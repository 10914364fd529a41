"""Which source readers see of a race that several count.

The preferred one, once it has counted and while it is switched on. Readers do not change
over to another source when that would take a vote away from anybody: it waits for a person,
as every other drop does, and until then they keep the source they have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from elections.counting.guards import ContestVerdict, judge_contest
from elections.models import CurrentCount, Hold, Published, Snapshot
from elections.models.one_of import OneOf


@dataclass(frozen=True)
class Choice:
    """``shown`` is what readers get.

    ``waiting`` is the preferred source's count where showing it would lower a number that
    readers have seen, ``seen``; None otherwise.
    """

    shown: CurrentCount
    waiting: CurrentCount | None = None
    seen: Mapping[int, int] | None = None


def choose_counts(contest_ids: Collection[int]) -> dict[int, Choice]:
    """Return the choice for each race that has a count, in one query where one source counts."""
    counts = CurrentCount.objects.filter(contest__in=OneOf(contest_ids)).order_by(
        "source__precedence", "source_id"
    )
    by_contest: dict[int, list[CurrentCount]] = {}
    # Hundreds of counts come from a few documents, each of which is read once, with its source.
    documents = Snapshot.objects.select_related("source").defer("compressed")
    counts = counts.select_related("count").prefetch_related(Prefetch("count__snapshot", documents))
    for row in counts:
        if row.count.snapshot.source_id == row.source_id:
            row.source = row.count.snapshot.source
        by_contest.setdefault(row.contest_id, []).append(row)
    several = [pk for pk, rows in by_contest.items() if len(rows) > 1]
    published = _published(several)
    approved = _approved(several)
    return {
        pk: Choice(rows[0])
        if len(rows) == 1
        else _choose(rows, published.get(pk), approved.get(pk))
        for pk, rows in by_contest.items()
    }


def _published(contest_ids: Collection[int]) -> dict[int, Published]:
    if not contest_ids:
        return {}
    rows = Published.objects.filter(pk__in=contest_ids, count__isnull=False)
    return {
        row.pk: row
        for row in rows.select_related("count__snapshot").only(
            "count__votes", "count__snapshot__source"
        )
    }


def _approved(contest_ids: Collection[int]) -> dict[int, Hold]:
    """Return the latest decision about a change of source that let it through."""
    if not contest_ids:
        return {}
    decided = Hold.objects.switches().filter(
        contest__in=contest_ids, decision=Hold.Decision.RELEASED
    )
    return {hold.contest_id: hold for hold in decided.order_by("decided_at", "pk")}


def _choose(rows: Sequence[CurrentCount], published: Published | None, hold: Hold | None) -> Choice:
    preferred = next((row for row in rows if row.source.is_active), None)
    seen_source = published and published.count.snapshot.source_id
    seen = next((row for row in rows if row.source_id == seen_source), None)
    if preferred is None:
        return Choice(seen or rows[0])
    if seen is None or seen == preferred or _may_replace(preferred, seen, published, hold):
        return Choice(preferred)
    return Choice(seen, waiting=preferred, seen=published.count.tally)


def _may_replace(
    preferred: CurrentCount, seen: CurrentCount, published: Published, hold: Hold | None
) -> bool:
    tally = preferred.count.tally
    if not _lowers(published.count.tally, tally):
        return True
    is_about_them = (
        hold is not None
        and hold.source_id == preferred.source_id
        and hold.instead_of_id == seen.source_id
    )
    return is_about_them and not _lowers(hold.tally_held, tally)


def _lowers(before: Mapping[int, int], after: Mapping[int, int]) -> bool:
    return judge_contest(before, after).verdict is ContestVerdict.HELD
