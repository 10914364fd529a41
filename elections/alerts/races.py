"""What is wrong with a race's count right now, as alerts that last until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.alerts.comparing import Comparison, compare, current_counts
from elections.models import Alert, AlertKind, Contest, Hold, Selection


def race_troubles(now: datetime) -> Iterator[Alert]:
    """Yield an alert for each held count, each contradiction and each unread threshold."""
    yield from _holds()
    yield from _contradictions(now)
    yield from _unread_thresholds(now)


def _is_going_on(now: datetime, prefix: str = "") -> Q:
    certified = f"{prefix}election__certified_at"
    return Q(**{certified: None}) | Q(**{f"{certified}__gt": now})


def _holds() -> Iterator[Alert]:
    holds = Hold.objects.open().select_related("contest__election", "source", "instead_of")
    for hold in holds.filter(contest__status=Contest.Status.CONFIRMED):
        yield Alert(
            kind=AlertKind.HOLD_OPENED,
            subject=f"hold:{hold.pk}",
            lasts=True,
            message=_hold_message(hold),
            election=hold.contest.election,
            source=hold.source,
            contest=hold.contest,
            opened_at=hold.opened_at,
        )


def _hold_message(hold: Hold) -> str:
    lost = sum(
        max(before - hold.votes_held.get(key, 0), 0) for key, before in hold.votes_shown.items()
    )
    said = ngettext(
        "%(race)s: %(source)s takes %(votes)s vote away. Readers keep the count that stood; "
        "release or reject it under Holds.",
        "%(race)s: %(source)s takes %(votes)s votes away. Readers keep the count that stood; "
        "release or reject it under Holds.",
        lost,
    ) % {"race": hold.contest.name, "source": hold.source.name, "votes": f"{lost:,}"}
    if hold.changes_winners:
        said += " " + _("It changes who is ahead.")
    return said


def _contradictions(now: datetime) -> Iterator[Alert]:
    several = (
        Contest.objects.confirmed()
        .filter(_is_going_on(now))
        .annotate(sources=Count("current_counts", filter=Q(current_counts__source__is_active=True)))
        .filter(sources__gt=1)
    )
    contests = several.select_related("election").in_bulk()
    if not contests:
        return
    for contest_id, counts in current_counts(contests).items():
        for comparison in compare(counts):
            if comparison.found:
                yield _contradiction(contests[contest_id], comparison, now)


def _contradiction(contest: Contest, comparison: Comparison, now: datetime) -> Alert:
    names = dict(Selection.objects.filter(contest=contest).values_list("pk", "name"))
    first = comparison.found[0]
    one, other = comparison.one.source, comparison.other.source
    said = _(
        "%(race)s: %(one)s and %(other)s disagree. %(name)s has %(votes)s votes in the one and "
        "%(others)s in the other. Readers see %(one)s; compare both on the page of the race."
    ) % {
        "race": contest.name,
        "one": one.name,
        "other": other.name,
        "name": names.get(first.key, first.key),
        "votes": f"{first.one:,}",
        "others": f"{first.other:,}",
    }
    low, high = sorted((one.pk, other.pk))
    return Alert(
        kind=AlertKind.SOURCES_DISAGREE,
        subject=f"contest:{contest.pk}:sources:{low}:{high}",
        lasts=True,
        message=said,
        election=contest.election,
        source=one,
        contest=contest,
        opened_at=now,
    )


def _unread_thresholds(now: datetime) -> Iterator[Alert]:
    contests = Contest.objects.confirmed().filter(
        _is_going_on(now),
        passage_numerator=None,
    )
    unread = contests.exclude(reported_threshold="").exclude(contest_type=Contest.Type.CANDIDATE)
    for contest in unread.select_related("election"):
        said = _(
            "%(race)s: the feed's threshold “%(words)s” could not be read. Write it into the race; "
            "until then nothing says whether it passes."
        ) % {"race": contest.name, "words": contest.reported_threshold}
        yield Alert(
            kind=AlertKind.SCHEMA_DRIFT,
            subject=f"contest:{contest.pk}",
            lasts=True,
            message=said,
            election=contest.election,
            contest=contest,
            opened_at=now,
        )
