"""Which races are closest: by the share that would turn them."""

from __future__ import annotations

from fractions import Fraction

from django.db.models import QuerySet

from elections.models import Contest, Published
from elections.models.counts import votes_from_json
from elections.widgets.history import ballot_of


def closest_first(rows: QuerySet[Published]) -> list[int]:
    """Return the ids of published races, closest first, and last those that cannot turn.

    Of measures the distance to the threshold counts; of races with several seats the
    distance at the last seat. A certified race cannot turn any more.
    """
    votes = dict(rows.filter(is_final=False).values_list("pk", "count__votes"))
    contests = Contest.objects.filter(pk__in=rows.values("pk")).prefetch_related("selections")
    places = [
        (_distance(contest, votes.get(contest.pk)), contest.order, contest.pk)
        for contest in contests
    ]
    return [pk for *_place, pk in sorted(places)]


def _distance(contest: Contest, votes: dict[str, int] | None) -> tuple[bool, Fraction]:
    distance = ballot_of(contest).distance(votes_from_json(votes)) if votes else None
    return distance is None, distance or Fraction(0)
