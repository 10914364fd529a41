"""What a new count changed for readers: the lead, the places, a tie, a threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from elections.counting.notices import Notice, NoticeKind, notices
from elections.models import Alert, Contest, ContestCount, Published, Selection, WatchedCount

SENTENCES = {
    NoticeKind.LEAD_CHANGED: gettext_noop("%(race)s: %(gained)s is now ahead."),
    NoticeKind.CUT_LINE_CHANGED: gettext_noop("%(race)s: %(gained)s would now get in."),
    NoticeKind.TIE: gettext_noop("%(race)s: %(gained)s are tied."),
}


@transaction.atomic
def watch_counts(now: datetime) -> int:
    """Compare what readers see with what they saw at the last look; return how many changed.

    Where two looks skip a release, only what they see now is told.
    """
    rows = (
        Published.objects.exclude(count=None)
        .filter(
            Q(contest__watched_count=None) | ~Q(contest__watched_count__count=F("count")),
            contest__status=Contest.Status.CONFIRMED,
        )
        .select_related("count", "contest__election")
        .only("count__votes", "count__counted_at", "contest")
        .order_by("pk")
    )
    rows = list(rows)
    if not rows:
        return 0
    watched = WatchedCount.objects.select_for_update(of=("self",)).select_related("count")
    before = watched.in_bulk([row.pk for row in rows])
    alerts = [
        alert
        for row in rows
        for alert in _turns(row.contest, before.get(row.pk), row.count, now)
        if not row.contest.election.certified_at
    ]
    Alert.open_all(alerts)
    WatchedCount.objects.bulk_create(
        [WatchedCount(contest=row.contest, count=row.count) for row in rows],
        update_conflicts=True,
        unique_fields=["contest"],
        update_fields=["count"],
    )
    return len(rows)


def _turns(
    contest: Contest, watched: WatchedCount | None, count: ContestCount, now: datetime
) -> Iterator[Alert]:
    if contest.is_ranked_choice:
        return  # Its first choices decide nothing.
    found = notices(
        watched.count.tally if watched else None,
        count.tally,
        rule=contest.rule,
        pooled=Selection.objects.pooled_in(contest),
        yes=Selection.objects.yes_of(contest),
        thresholds=contest.possible_thresholds,
    )
    if not found:
        return
    names = dict(Selection.objects.filter(contest=contest).values_list("pk", "name"))
    for notice in found:
        yield Alert(
            kind=notice.kind.value,
            subject=f"contest:{contest.pk}:count:{count.pk}",
            lasts=False,
            message=_message(contest, notice, names),
            election=contest.election,
            contest=contest,
            opened_at=now,
        )


def _message(contest: Contest, notice: Notice[int], names: Mapping[int, str]) -> str:
    if notice.kind is NoticeKind.THRESHOLD_CROSSED:
        if notice.gained:
            said = _("%(race)s: yes now reaches the threshold.")
        else:
            said = _("%(race)s: yes is now short of the threshold.")
        return said % {"race": contest.name}
    gained = ", ".join(names[key] for key in names if key in notice.gained)
    sentence = _(SENTENCES[notice.kind])
    if notice.is_majority:
        sentence = _("%(race)s: %(gained)s now has more than half; nobody would go on to a runoff.")
    elif notice.kind is NoticeKind.CUT_LINE_CHANGED and contest.rule.runoff:
        sentence = _("%(race)s: %(gained)s would now go on to the second round.")
    return sentence % {"race": contest.name, "gained": gained}
