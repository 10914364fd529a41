"""What a service has to be told, written in the transaction of what it is about.

A row names an address and no state: when it is told, what holds then is told. So rows may be
told late, twice or in another order, and the service ends up with what is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from newsroom.newsletters.models import (
    Newsletter,
    Subscription,
    Suppression,
    SyncChange,
    SyncedList,
)
from newsroom.newsletters.syncing.contract import (
    Membership,
    NewsletterService,
    RefusedError,
    ServiceError,
    get_service,
)

LEASE = timedelta(seconds=90)
LONGEST_PAUSE = timedelta(hours=1)


def note_change(address: str, newsletter: Newsletter, *, at: datetime | None = None) -> None:
    """Have the services of a newsletter told about an address, now or at a time to come."""
    note_changes([address], newsletter, at=at)


def note_changes(
    addresses: Iterable[str], newsletter: Newsletter, *, at: datetime | None = None
) -> None:
    """Do so for many. Two queries."""
    due = at or timezone.now()
    addresses = list(addresses)
    SyncChange.objects.bulk_create(
        SyncChange(synced_list=synced, address=address, next_attempt_at=due)
        for synced in SyncedList.objects.filter(newsletter=newsletter, is_active=True)
        for address in addresses
    )


def wanted(address: str, newsletter: Newsletter, now: datetime) -> Membership:
    """Return what a service should have. Who pauses is put away there, and comes back after.

    Who had everything erased is forgotten there too, until they confirm a list anew.
    """
    rows = Subscription.objects.filter(
        subscriber__email=address, newsletter=newsletter, topic_key=""
    )
    row = rows.first()
    if row is None or row.state == Subscription.State.PENDING:
        erased = Suppression.objects.of(address).filter(reason=Suppression.Reason.ERASED)
        return Membership.ERASED if erased.exists() else Membership.ABSENT
    if not row.is_confirmed(now):
        return Membership.UNSUBSCRIBED
    is_paused = row.paused_until is not None and row.paused_until > now
    return Membership.ABSENT if is_paused else Membership.SUBSCRIBED


def tell_list(synced_id: int, *, seconds: float = 15) -> int:
    """Tell one service what is due for so many seconds; return how many addresses it took.

    One worker at a time tells a list, so that nothing overtakes what came after it. Nothing is
    ever given up: what fails is told again, an hour later at the latest.
    """
    now = timezone.now()
    mine = SyncedList.objects.claim(synced_id, now, LEASE)
    if mine is None:
        return 0
    told = 0
    try:
        service = get_service(mine.service)
        deadline = now + timedelta(seconds=seconds)
        for change in mine.changes.due(now).order_by("next_attempt_at", "pk")[:1000]:
            if timezone.now() > deadline:
                break
            try:
                told += _tell(service, mine, change)
            except RefusedError as error:
                mine.note_failure(str(error), now)
    except (ServiceError, LookupError) as error:
        mine.note_failure(str(error), now)
    finally:
        SyncedList.objects.filter(pk=synced_id).update(leased_until=None)
    return told


def _tell(service: NewsletterService, synced: SyncedList, change: SyncChange) -> bool:
    """Tell one address, and with it every earlier row about it.

    :raises ServiceError: the service did not take it; the rows wait for the next time
    """
    now = timezone.now()
    same = synced.changes.due(now).filter(address=change.address)
    pks = list(same.values_list("pk", flat=True))
    if not pks:
        return False
    membership = wanted(change.address, synced.newsletter, now)
    try:
        service.tell(synced.remote_id, change.address, membership, key=str(change.key))
    except ServiceError as error:
        pause = min(LONGEST_PAUSE, timedelta(seconds=30 * 2 ** min(change.attempts, 8)))
        rows = SyncChange.objects.filter(pk__in=pks)
        rows.update(
            attempts=change.attempts + 1, next_attempt_at=now + pause, message=str(error)[:200]
        )
        raise
    SyncChange.objects.filter(pk__in=pks).update(
        done_at=now, told=membership, address="", message=""
    )
    synced.note_success(now)
    return True


def lists_to_tell(now: datetime) -> list[int]:
    rows = SyncChange.objects.due(now).filter(synced_list__is_active=True).order_by()
    return list(rows.values_list("synced_list", flat=True).distinct())
