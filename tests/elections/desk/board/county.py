"""A county of many races, each with a count before and now, some called, held or tied."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from elections.models import (
    Call,
    Contest,
    ContestCount,
    CurrentCount,
    Election,
    Hold,
    Selection,
    Snapshot,
    Source,
)

serial = itertools.count()


def fill(election: Election, source: Source, count: int, *, now: datetime) -> None:
    """Add ``count`` confirmed races with three candidates each; every tenth is called, or held."""
    races = Contest.objects.bulk_create(
        Contest(election=election, name=f"Race {next(serial)}", order=number)
        for number in range(count)
    )
    people = Selection.objects.bulk_create(
        Selection(contest=race, name=f"Candidate {number}", order=number)
        for race in races
        for number in range(3)
    )
    by_race = [people[start : start + 3] for start in range(0, len(people), 3)]
    before = _count(source, races, by_race, now - timedelta(hours=1), [900, 800, 10])
    after = _count(source, races, by_race, now, [1900, 1950, 30])
    CurrentCount.objects.bulk_create(
        CurrentCount(contest=race, source=source, count=row, as_of=now)
        for race, row in zip(races, after, strict=True)
    )
    for race, trio, row in list(zip(races, by_race, before, strict=True))[::10]:
        call = Call.objects.create(contest=race, kind="winner", authority="Us", reason="Clear.")
        call.selections.set(trio[1:2])
        Hold.objects.create(
            contest=race,
            source=source,
            snapshot=row.snapshot,
            votes_shown={},
            votes_held={},
            changes_winners=False,
        )


def _count(source, races, by_race, counted_at, votes) -> list[ContestCount]:
    snapshot = Snapshot.objects.create(
        source=source,
        sha256=f"{next(serial):064d}",
        compressed=b"",
        size=0,
        first_seen_at=counted_at,
        counted_at=counted_at,
        verdict="accepted",
    )
    return ContestCount.objects.bulk_create(
        ContestCount(
            contest=race,
            snapshot=snapshot,
            counted_at=counted_at,
            recorded_at=counted_at,
            votes={str(one.pk): number for one, number in zip(trio, votes, strict=True)},
        )
        for race, trio in zip(races, by_race, strict=True)
    )
