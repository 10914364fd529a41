"""What asks brought in: signups, how many were confirmed, and how many stayed for 30 days.

Signups are the ledger's: each form writes where it stood. Whether a signup was confirmed, and
whether the person left again, is read from the later events of the same person on the same list.
Nobody is named: a person is the ledger's random number, and counts once for each ask, however
often they sent the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum
from django.db.models import DateTimeField as DateTime

from newsroom.calls_to_action.models import AskCount
from newsroom.newsletters.models import ConsentEvent

STAY = timedelta(days=30)
LEFT = ("unsubscribed", "bounced", "complained", "erased")


@dataclass(frozen=True)
class Outcome:
    """Numbers of one group. ``stayed`` is of ``old_enough``: those confirmed 30 days ago."""

    signups: int = 0
    confirmed: int = 0
    stayed: int = 0
    old_enough: int = 0
    impressions: int = 0
    clicks: int = 0
    gifts: int = 0
    readers: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        pairs = zip(self._numbers(), other._numbers(), strict=True)
        return Outcome(*(one + another for one, another in pairs))

    def _numbers(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)

    @property
    def confirm_percent(self) -> int | None:
        return round(100 * self.confirmed / self.signups) if self.signups else None


def signups(**where: object) -> QuerySet[ConsentEvent]:
    """Return the signups that came by an ask. ``where`` are filters on the ledger."""
    return ConsentEvent.objects.filter(
        kind=ConsentEvent.Kind.SIGNED_UP, call_to_action_id__isnull=False, **where
    ).order_by()


def _later(kinds: Iterable[str], **when: object) -> Exists:
    """Whether the same person had one of these events on the same list afterwards."""
    return Exists(
        ConsentEvent.objects.filter(
            kind__in=kinds,
            person=OuterRef("person"),
            newsletter=OuterRef("newsletter"),
            topic_key=OuterRef("topic_key"),
            occurred_at__gte=OuterRef("occurred_at"),
            **when,
        )
    )


def outcomes(
    rows: QuerySet[ConsentEvent],
    counts: QuerySet[AskCount],
    by: tuple[str, ...],
    now: datetime,
) -> dict[tuple, Outcome]:
    """Return the outcome of each group. ``by`` are fields that ledger and counts have alike."""
    found = {
        tuple(_plain(row[name]) for name in by): Outcome(
            signups=row["signups"],
            confirmed=row["confirmed"],
            stayed=row["stayed"],
            old_enough=row["old_enough"],
        )
        for row in _signups_by(rows, by, now)
    }
    for row in counts.order_by().values(*by, "kind").annotate(total=Sum("number")):
        key = tuple(_plain(row[name]) for name in by)
        counted = Outcome(**{COUNTED[row["kind"]]: row["total"]})
        found[key] = found.get(key, Outcome()) + counted
    return found


COUNTED = {"impression": "impressions", "reader": "readers", "click": "clicks", "gift": "gifts"}


def _plain(value: object) -> object:
    return value or 0 if value is None or isinstance(value, int) else value


def _signups_by(rows: QuerySet[ConsentEvent], by: tuple[str, ...], now: datetime) -> QuerySet:
    stay_until = ExpressionWrapper(OuterRef("occurred_at") + STAY, output_field=DateTime())
    is_old = Q(is_confirmed=True, occurred_at__lte=now - STAY)
    return (
        rows.annotate(
            is_confirmed=_later(["confirmed"]), has_left=_later(LEFT, occurred_at__lte=stay_until)
        )
        .values(*by)
        .annotate(
            signups=Count("person", distinct=True),
            confirmed=Count("person", distinct=True, filter=Q(is_confirmed=True)),
            old_enough=Count("person", distinct=True, filter=is_old),
            stayed=Count("person", distinct=True, filter=is_old & Q(has_left=False)),
        )
    )


def outcome_of_page(page_id: int, now: datetime) -> dict[int, Outcome]:
    """Return the outcome of each ask on a page, by the ask's id."""
    found = outcomes(
        signups(page_id=page_id),
        AskCount.objects.filter(page_id=page_id),
        ("call_to_action_id",),
        now,
    )
    return {key[0]: outcome for key, outcome in found.items()}


def outcomes_of_ask(ask_id: int, by: tuple[str, ...], now: datetime) -> dict[tuple, Outcome]:
    """Return the outcomes of one ask by variant, page, block, phase, subject or revision."""
    return outcomes(
        signups(call_to_action_id=ask_id),
        AskCount.objects.filter(call_to_action_id=ask_id),
        by,
        now,
    )


def days_of_ask(ask_id: int, since: date) -> dict[date, int]:
    """Return how often an ask was seen on each day on which it was."""
    rows = AskCount.objects.filter(
        call_to_action_id=ask_id, kind=AskCount.Kind.IMPRESSION, day__gte=since
    )
    return dict(rows.order_by("day").values_list("day").annotate(total=Sum("number")))
