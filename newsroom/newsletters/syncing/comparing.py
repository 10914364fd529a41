"""Ours and theirs side by side, once a day. Only a list that was read whole says anything.

What somebody left there is taken off here. What is missing there is told again. Nobody is taken
off here because they are missing there, and nobody who left here comes back from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import DriftReport, Subscription, SyncChange, SyncedList
from newsroom.newsletters.syncing.changes import note_change
from newsroom.newsletters.syncing.contract import Member, Membership, ServiceError, get_service
from newsroom.newsletters.syncing.incoming import evidence_from, take_membership

DAY = timedelta(hours=23)
CHUNK = 500
GONE = (Membership.UNSUBSCRIBED, Membership.CLEANED, Membership.COMPLAINED)


def compare(synced: SyncedList, now: datetime | None = None) -> DriftReport:
    """Compare one list and put right what can be. A read that fails changes nothing."""
    now = now or timezone.now()
    try:
        service = get_service(synced.service)
        there = {normalise_email(m.address): m for m in service.read(synced.remote_id)}
    except (ServiceError, LookupError) as error:
        synced.note_failure(str(error), now)
        return DriftReport.objects.create(
            synced_list=synced, made_at=now, is_complete=False, message=str(error)[:300]
        )
    found = Counter(there_count=len(there))
    # What is on its way to them is no drift, and neither is what happened while we read.
    waiting = set(synced.changes.filter(done_at=None).values_list("address", flat=True))
    rows = Subscription.objects.filter(newsletter=synced.newsletter, topic_key="")
    for row in rows.select_related("subscriber").iterator(chunk_size=2000):
        member = there.pop(row.subscriber.email, None)
        found["here_count"] += row.is_confirmed(now)
        if row.subscriber.email not in waiting and row.state_changed_at <= now:
            found[_compare_row(synced, row, member, now)] += 1
    found += _take_others(synced, [m for a, m in there.items() if a not in waiting], now)
    found.pop("", None)
    return DriftReport.objects.create(synced_list=synced, made_at=now, is_complete=True, **found)


def _compare_row(
    synced: SyncedList, row: Subscription, member: Member | None, now: datetime
) -> str:
    """Return how the two differ about one person of ours, blank if they do not, and act on it."""
    address = row.subscriber.email
    is_paused = row.paused_until is not None and row.paused_until > now
    membership = member.membership if member else Membership.ABSENT
    if not row.is_confirmed(now) or is_paused:
        if membership != Membership.SUBSCRIBED:
            return ""
        note_change(address, synced.newsletter)
        return "still_there"
    if membership == Membership.SUBSCRIBED:
        return ""
    if membership in GONE and not _is_older(member, row):
        take_membership(synced, member)
        return "left_there"
    note_change(address, synced.newsletter)
    return "missing_there"


def _is_older(member: Member, row: Subscription) -> bool:
    """Whether they confirmed here after they left there."""
    return bool(member.changed_at and row.confirmed_at and member.changed_at < row.confirmed_at)


def _take_others(synced: SyncedList, members: Iterable[Member], now: datetime) -> Counter:
    """Look at those whom only the service has. Who left there is kept from coming in here."""
    found: Counter[str] = Counter()
    known = (Membership.SUBSCRIBED, Membership.UNSUBSCRIBED)
    members = [member for member in members if member.membership in known]
    for start in range(0, len(members), CHUNK):
        chunk = members[start : start + CHUNK]
        verdicts = subscriptions.judge([m.address for m in chunk], synced.newsletter)
        for member in chunk:
            is_refused = verdicts[normalise_email(member.address)] in subscriptions.REFUSALS
            found[_take_other(synced, member, now, is_refused=is_refused)] += 1
    return found


def _take_other(synced: SyncedList, member: Member, now: datetime, *, is_refused: bool) -> str:
    """Return how the two differ about one address of theirs, blank if they do not; act on it."""
    address = normalise_email(member.address)
    if member.membership == Membership.UNSUBSCRIBED:
        if not is_refused:
            take_membership(synced, member)
        return ""
    if is_refused:
        note_change(address, synced.newsletter)
        return "still_there"
    if synced.takes_new:
        _bring(synced, address, now)
    return "missing_here"


def _bring(synced: SyncedList, address: str, now: datetime) -> None:
    subscriptions.pull(
        address,
        synced.newsletter,
        is_subscribed=True,
        evidence=evidence_from(synced, "comparison"),
        now=now,
    )


def lists_to_compare(now: datetime) -> list[SyncedList]:
    """Return the lists that were not read whole within a day."""
    fresh = DriftReport.objects.filter(is_complete=True, made_at__gt=now - DAY)
    lists = SyncedList.objects.filter(is_active=True).exclude(pk__in=fresh.values("synced_list"))
    return list(lists.select_related("newsletter").order_by("pk"))


def forget_told(now: datetime) -> None:
    """Delete what was told a month ago. Its address went when it was told."""
    SyncChange.objects.filter(done_at__lt=now - timedelta(days=30)).delete()
    DriftReport.objects.filter(made_at__lt=now - timedelta(days=180)).delete()
