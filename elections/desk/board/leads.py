"""Who was ahead a while ago, to say where the lead changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from elections.counting.guards import Verdict, judge_contest
from elections.models import ContestCount, CurrentCount
from elections.models.counts import votes_from_json
from elections.models.one_of import OneOf
from elections.widgets.conditions import thresholds_of
from elections.widgets.facts import ContestFacts

LATELY = timedelta(minutes=30)


def changed_leads(races: Sequence[ContestFacts], now: datetime) -> frozenset[int]:
    """Return the races in which others are ahead than half an hour before; one query for all.

    Before means before the count that stands was recorded, if it came in lately:
    so a night that is played again changes its leads as it did. A first count
    changes no lead, and neither does a tie that was one before. What the source
    says counts, also where readers are shown an earlier or a corrected number.
    """
    fresh = {
        race.counted.pk: race
        for race in races
        if race.counted is not None and race.counted.changed_at > now - LATELY
    }
    if not fresh:
        return frozenset()
    return frozenset(
        fresh[pk].contest.pk
        for pk, votes in _votes_before(list(fresh)).items()
        if _is_other_lead(fresh[pk], votes)
    )


def _votes_before(current_ids: Sequence[int]) -> dict[int, Mapping[str, int]]:
    before = (
        ContestCount.objects.filter(
            contest=OuterRef("contest"),
            snapshot__source=OuterRef("source"),
            recorded_at__lte=OuterRef("since"),
        )
        .exclude(snapshot__verdict=Verdict.STALE.value)
        .order_by("-counted_at", "-pk")
    )
    rows = CurrentCount.objects.filter(pk__in=OneOf(current_ids))
    rows = rows.annotate(since=F("count__recorded_at") - LATELY).annotate(
        votes_before=Subquery(before.values("votes")[:1])
    )
    return {pk: votes for pk, votes in rows.values_list("pk", "votes_before") if votes}


def _is_other_lead(race: ContestFacts, before: Mapping[str, int]) -> bool:
    contest = race.contest
    if contest.is_ranked_choice:
        return False
    answers = {selection.answer: selection.pk for selection in race.selections}
    return judge_contest(
        votes_from_json(before),
        race.counted.count.tally,
        rule=contest.rule,
        pooled=race.pooled,
        yes=answers.get("yes"),
        thresholds=thresholds_of(race),
    ).changes_winners
