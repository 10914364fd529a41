"""Signups, confirmations and departures by day and source, out of the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from newsroom.newsletters.models import Bounce, ConsentEvent, Newsletter, Subscription

Kind = ConsentEvent.Kind
CAME = (Kind.SIGNED_UP, Kind.IMPORTED)
LEFT = (Kind.UNSUBSCRIBED, Kind.COMPLAINED, Kind.BOUNCED)
SOURCES = ("story", "ask", "import", "other")

SOURCE = Case(
    When(method="import", then=Value("import")),
    When(call_to_action_id__isnull=False, then=Value("ask")),
    When(page_id__isnull=False, then=Value("story")),
    default=Value("other"),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Day:
    """What happened on one day of the site's calendar. ``came`` has a number for each source."""

    date: date
    came: dict[str, int]
    confirmed: int
    left: int

    @property
    def total(self) -> int:
        return sum(self.came.values())


@dataclass(frozen=True)
class Numbers:
    """``confirm_rate`` is of the people who came by a form in these days, 0 to 1; None for none."""

    days: list[Day]
    confirm_rate: float | None
    asked: int
    states: dict[str, int]
    bounces: int


def count_days(days: int, now: datetime, newsletter: Newsletter | None = None) -> Numbers:
    """Count the last ``days`` days, today included. None: all newsletters together."""
    today = timezone.localdate(now)
    first = today - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, time.min))
    newsletters = [newsletter] if newsletter else list(Newsletter.objects.all())
    # Named one by one, so that the index by newsletter, kind and time serves.
    events = ConsentEvent.objects.filter(newsletter__in=newsletters, occurred_at__gte=since)
    asked, rate = _confirm_rate(events)
    return Numbers(
        days=_by_day(events, first, days),
        confirm_rate=rate,
        asked=asked,
        states=_states(newsletters),
        bounces=Bounce.objects.filter(occurred_at__gte=since).count(),
    )


def _by_day(events: QuerySet[ConsentEvent], first: date, days: int) -> list[Day]:
    kinds = (*CAME, Kind.CONFIRMED, *LEFT)
    rows = (
        events.filter(kind__in=kinds)
        .order_by()
        .annotate(day=TruncDate("occurred_at"), source=SOURCE)
        .values_list("day", "kind", "source")
        .annotate(count=Count("pk"))
    )
    found: Counter[tuple[date, str]] = Counter()
    for day, kind, source, count in rows:
        name = source if kind in CAME else "confirmed" if kind == Kind.CONFIRMED else "left"
        found[day, name] += count
    dates = [first + timedelta(days=number) for number in range(days)]
    return [
        Day(
            date=at,
            came={source: found[at, source] for source in SOURCES},
            confirmed=found[at, "confirmed"],
            left=found[at, "left"],
        )
        for at in dates
    ]


def _confirm_rate(events: QuerySet[ConsentEvent]) -> tuple[int, float | None]:
    """Return how many people asked for a list by a form, and the share who confirmed it since."""
    later = ConsentEvent.objects.filter(
        person=OuterRef("person"),
        newsletter=OuterRef("newsletter"),
        kind=Kind.CONFIRMED,
        occurred_at__gte=OuterRef("occurred_at"),
    )
    asked = (
        events.filter(kind=Kind.SIGNED_UP)
        .exclude(state_before="confirmed")
        .order_by()
        .values("person", "newsletter")
        .distinct()
    )
    count = asked.count()
    confirmed = asked.filter(Exists(later)).count()
    return count, confirmed / count if count else None


def _states(newsletters: list[Newsletter]) -> dict[str, int]:
    rows = Subscription.objects.filter(newsletter__in=newsletters).order_by()
    return dict(rows.values_list("state").annotate(count=Count("pk")))
