"""The rows behind a history: for one race, and for the newest events of an election."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db.models import F, JSONField, OuterRef, QuerySet, Subquery

from elections.counting.calls import CallFact, CallKind
from elections.counting.guards import Verdict
from elections.models import Call, Contest, ContestCount, Election, Hold, Published
from elections.models.counts import votes_from_json
from elections.widgets.calls_made import CallMade
from elections.widgets.decisions_made import decision_entries, decisions_on
from elections.widgets.estimates import estimates_of
from elections.widgets.history import (
    Entry,
    Past,
    build_history,
    call_entry,
    count_entry,
    hold_entries,
    newest_first,
)
from elections.widgets.interventions import shown_to_readers
from elections.widgets.languages import Names

NEWEST = 50


def counts_with_documents(contest: Contest) -> list[ContestCount]:
    """Return the counts of a race with what is known of their documents, but for the bytes."""
    counts = ContestCount.objects.filter(contest=contest).order_by("counted_at", "pk")
    return list(_with_documents(shown_to_readers(counts)))


def race_history(
    contest: Contest,
    published: Published | None,
    counts: Sequence[ContestCount] | None = None,
) -> list[Entry]:
    """Return the history of a race, newest first; six queries where the counts are given.

    Only the source that readers see takes part: a second one says the same again.
    """
    if published is None:
        return []
    counts = counts_with_documents(contest) if counts is None else counts
    shown = next((c.snapshot.source_id for c in counts if c.pk == published.count_id), None)
    past = Past.of(
        contest,
        calls=calls_made([contest.pk]).get(contest.pk, ()),
        holds=list(Hold.objects.filter(contest=contest, source=shown)) if shown else (),
        estimates=estimates_of([contest])[contest.pk],
        shown_count=published.count_id,
    )
    entries = build_history(past, [c for c in counts if c.snapshot.source_id == shown])
    for decision in decisions_on([contest.pk]):
        entries += decision_entries(past, decision)
    return newest_first(entries)


def election_history(election: Election) -> tuple[list[Entry], dict[int, Contest]]:
    """Return the newest entries of all published races, and the races that they are about."""
    shown = F("contest__published__count__snapshot__source")
    before = (
        ContestCount.objects.filter(
            contest=OuterRef("contest"),
            snapshot__source=OuterRef("snapshot__source"),
            counted_at__lt=OuterRef("counted_at"),
        )
        .exclude(snapshot__verdict=Verdict.STALE.value)
        .order_by("-counted_at", "-pk")
    )
    counts = list(
        _with_documents(shown_to_readers(ContestCount.objects.filter(contest__election=election)))
        .filter(snapshot__source=shown)
        .annotate(votes_before=Subquery(before.values("votes")[:1], output_field=JSONField()))
        .order_by("-pk")[:NEWEST]
    )
    holds = list(
        Hold.objects.filter(contest__election=election, source=shown).order_by("-changed_at")[
            :NEWEST
        ]
    )
    published = Published.objects.filter(contest__election=election)
    calls = calls_made(published.values("pk"))
    decisions = decisions_on(published.values("pk"))
    rows = [*counts, *holds, *decisions]
    pasts = _pasts({row.contest_id for row in rows} | set(calls), calls)
    entries = [_entry(pasts[count.contest_id], count) for count in counts]
    entries += [call_entry(pasts[pk], call) for pk, made in calls.items() for call in made]
    entries += [entry for hold in holds for entry in hold_entries(hold)]
    for decision in decisions:
        entries += decision_entries(pasts[decision.contest_id], decision)
    newest = newest_first(entry for entry in entries if entry is not None)[:NEWEST]
    return newest, {pk: past.contest for pk, past in pasts.items()}


def _entry(past: Past, count: ContestCount) -> Entry | None:
    earlier = count.votes_before
    return count_entry(past, count, None if earlier is None else votes_from_json(earlier))


def _pasts(contest_ids: Iterable[int], calls: dict[int, list[CallMade]]) -> dict[int, Past]:
    contests = Contest.objects.filter(pk__in=contest_ids)
    if hasattr(Contest, "race_page"):
        contests = contests.select_related("race_page")
    names = Names.current()
    contests = [names.contest(one) for one in contests.prefetch_related("election", "selections")]
    estimates = estimates_of(contests)
    published = Published.objects.filter(pk__in=[contest.pk for contest in contests])
    shown = dict(published.values_list("pk", "count_id"))
    return {
        contest.pk: Past.of(
            contest,
            calls=calls.get(contest.pk, ()),
            estimates=estimates[contest.pk],
            shown_count=shown.get(contest.pk),
        )
        for contest in contests
    }


def _with_documents(counts: QuerySet[ContestCount]) -> QuerySet[ContestCount]:
    return counts.select_related("snapshot__source").defer("snapshot__compressed")


def calls_made(contest_ids: Iterable[int] | QuerySet) -> dict[int, list[CallMade]]:
    """Return the calls of contests in the order they were made, in one query."""
    rows = (
        Call.objects.filter(contest__in=contest_ids)
        .order_by("made_at", "pk", "selections__order", "selections__pk")
        .values_list(
            "pk", "contest_id", "kind", "made_at", "authority", "source_url", "retracts_id",
            "selections__pk", "selections__name",
        )
    )  # fmt: skip
    made: dict[int, list[CallMade]] = {}
    for (pk, contest_id), group in groupby(rows, key=lambda row: row[:2]):
        lines = list(group)
        _pk, _contest, kind, at, authority, source_url, retracts, *_who = lines[0]
        fact = CallFact(
            id=pk,
            kind=CallKind(kind),
            selection_ids=tuple(line[7] for line in lines if line[7] is not None),
            retracts=retracts,
        )
        names = tuple(line[8] for line in lines if line[8] is not None)
        made.setdefault(contest_id, []).append(CallMade(fact, at, names, authority, source_url))
    return made
