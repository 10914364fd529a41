"""Races with a count, made of rows and not of a feed, for tests of what readers are told."""

from __future__ import annotations

import json
from collections.abc import Mapping

from elections.counting.calls import CallKind
from elections.models import (
    BallotsRemaining,
    Call,
    Contest,
    ContestCount,
    CurrentCount,
    Election,
    Selection,
    Snapshot,
    Source,
)
from elections.widgets.facts import load_facts
from elections.widgets.publish import render_fragment
from elections.widgets.result import Result, build_result
from tests.elections.documents import at


def make_race(source: Source, votes: Mapping[str, int], **fields: object) -> Contest:
    """Return a confirmed race with these people, or with Yes and No, and one count."""
    name = str(fields.pop("name", "Mayor"))
    race = Contest.objects.create(election=source.election, name=name, **fields)
    for place, person in enumerate(votes):
        answer = person.lower() if race.has_yes_and_no else ""
        Selection.objects.create(contest=race, name=person, answer=answer, order=place)
    count_votes(source, race, votes)
    return race


def count_votes(
    source: Source, race: Contest, votes: Mapping[str, int], time: str = "21:00"
) -> None:
    """Add a release of the race's count and show it."""
    snapshot = Snapshot.objects.create(
        source=source,
        sha256=f"{race.pk}-{time}",
        compressed=Snapshot.pack(b"{}"),
        size=2,
        first_seen_at=at(time),
        counted_at=at(time),
        verdict="accepted",
    )
    by_name = {selection.name: selection.pk for selection in race.selections.all()}
    count = ContestCount.objects.create(
        contest=race,
        snapshot=snapshot,
        counted_at=at(time),
        recorded_at=at(time),
        votes={str(by_name[name]): number for name, number in votes.items()},
    )
    CurrentCount.point([CurrentCount(contest=race, source=source, count=count, as_of=at(time))])


def call(race: Contest, kind: CallKind, *names: str, **facts: object) -> Call:
    return Call.make(
        contest=race,
        kind=kind,
        selections=list(race.selections.filter(name__in=names)),
        authority="Our desk",
        reason="Because.",
        **facts,
    )


def say_left(
    election: Election, estimate: int, race: Contest | None = None, time: str = "21:00"
) -> None:
    BallotsRemaining.objects.create(
        election=election, contest=race, estimate=estimate, as_of=at(time), source_name="County"
    )


def result_of(race: Contest) -> Result:
    (facts,) = load_facts([race.pk])
    return build_result(facts, version=1)


def payload_of(race: Contest) -> dict:
    """Return what the file and the API say of a race."""
    return json.loads(json.dumps(result_of(race).as_json()))


def fragment_of(race: Contest) -> str:
    return render_fragment(result_of(race))
