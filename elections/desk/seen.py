"""What a race looked like to somebody who opened a form about it, and what has happened since.

Every form that changes a race carries the mark of what its maker saw. If the race
has moved on when the form comes back, nothing is stored: the page says what
happened, keeps what was typed, and asks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db.models import Max
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from elections.desk.preview import current_result
from elections.models import Call, Contest, CurrentCount, Hold

MARK = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,18})")
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Seen:
    """The latest call, the latest change of a hold (in microseconds) and of the count."""

    call: int
    hold: int
    count: int

    def __str__(self) -> str:
        return f"{self.call}-{self.hold}-{self.count}"

    @classmethod
    def from_mark(cls, mark: str) -> Self | None:
        """Return what a form carried; None where it carried nothing that we wrote."""
        match = MARK.fullmatch(mark)
        return cls(*map(int, match.groups())) if match else None


def seen_now(contest_id: int) -> Seen:
    """Return the mark of a race as it is."""
    call = Call.objects.filter(contest=contest_id).aggregate(latest=Max("pk"))["latest"]
    hold = Hold.objects.filter(contest=contest_id).aggregate(latest=Max("changed_at"))["latest"]
    count = CurrentCount.objects.filter(contest=contest_id).aggregate(latest=Max("count"))
    return Seen(call or 0, _microseconds(hold or NEVER), count["latest"] or 0)


def lock_race(contest_id: int) -> None:
    """Let one person after the other act on a race, until the transaction ends."""
    Contest.objects.select_for_update().filter(pk=contest_id).values_list("pk").first()


def news_since(seen: Seen | None, now: Seen, contest: Contest) -> list[str]:
    """Return what happened to a race since, a sentence each; nothing where it stands as it was.

    ``seen`` None: nobody knows what the maker saw, and that is news too.
    """
    if seen is None:
        return [_("The page you came from is out of date. Read this once more.")]
    if now == seen:
        return []
    return [
        *_calls_since(seen, contest),
        *_holds_since(seen, contest),
        *_count_since(seen, now),
    ] or [_("The race has changed since you opened this page.")]


def _calls_since(seen: Seen, contest: Contest) -> Iterator[str]:
    calls = Call.objects.filter(contest=contest, pk__gt=seen.call).order_by("pk")
    for call in calls.select_related("made_by", "retracts").prefetch_related("selections"):
        names = ", ".join(selection.name for selection in call.selections.all())
        said = str(call.get_kind_display())
        yield _("%(time)s: %(who)s made the call “%(call)s”.") % {
            "call": f"{said}: {names}" if names else said,
            "who": call.made_by or _("Somebody"),
            "time": _clock(call.made_at, contest),
        }


def _holds_since(seen: Seen, contest: Contest) -> Iterator[str]:
    for hold in Hold.objects.filter(contest=contest).select_related("decided_by"):
        if _microseconds(hold.changed_at) <= seen.hold:
            continue
        time = _clock(hold.changed_at, contest)
        if hold.decision == Hold.Decision.OPEN:
            yield _("%(time)s: a newer count is held for review.") % {"time": time}
        else:
            yield _("%(time)s: a held count was decided: %(decision)s, by %(who)s.") % {
                "time": time,
                "decision": hold.get_decision_display(),
                "who": hold.decided_by or _("nobody, by itself"),
            }


def _count_since(seen: Seen, now: Seen) -> Iterator[str]:
    if now.count != seen.count:
        current = CurrentCount.objects.filter(count=now.count).first()
        if current is not None:
            sentence = current_result(current.contest_id).sentence
            yield _("The count has moved: %(sentence)s") % {"sentence": sentence}


def _microseconds(moment: datetime) -> int:
    return round((moment - NEVER).total_seconds() * 1_000_000)


def _clock(moment: datetime, contest: Contest) -> str:
    return format_date(timezone.localtime(moment, contest.election.zone), "P")
