"""How people leave: by their own wish, for good reasons, or altogether."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    FormerKey,
    ImportRow,
    Subscriber,
    Subscription,
    Suppression,
    make_event,
)
from newsroom.newsletters.subscriptions.states import change, opt_out, tell_services

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


@transaction.atomic
def unsubscribe(
    subscription: Subscription, evidence: Evidence, *, now: datetime | None = None
) -> bool:
    """Take a subscription off its list at once. False: it was off already."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscription.subscriber_id)
    subscription = Subscription.objects.select_related("newsletter").get(pk=subscription.pk)
    if subscription.state in (State.UNSUBSCRIBED, State.COMPLAINED):
        return False
    opt_out(subscriber, subscription, evidence, now)
    return True


def find_by_key(key: uuid.UUID) -> Subscription | None:
    """Return the subscription that a leave link is about, or None when it is gone."""
    found = Subscription.objects.select_related("newsletter").filter(key=key).first()
    if found is None:
        former = FormerKey.objects.select_related("subscription__newsletter").filter(key=key)
        found = next((row.subscription for row in former), None)
    return found


@transaction.atomic
def stop_all(
    subscriber: Subscriber,
    reason: str,
    evidence: Evidence,
    *,
    now: datetime | None = None,
) -> None:
    """Send a person nothing more: their mail came back for good, or they complained.

    ``reason`` is ``bounced`` or ``complained``. Who left by themselves stays as they are.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    Suppression.objects.suppress(subscriber.email, reason)
    for subscription in subscriber.subscriptions.filter(state__in=["pending", "confirmed"]):
        change(subscriber, subscription, reason, reason, evidence, now)


@transaction.atomic
def forgive(subscriber: Subscriber, evidence: Evidence, *, now: datetime | None = None) -> bool:
    """Let somebody who complained sign up again, at their own wish. It subscribes them to nothing.

    Staff do this. What they left stays left until they confirm it by mail.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    rows = Suppression.objects.of(subscriber.email).filter(reason=Reason.COMPLAINED)
    if not rows.delete()[0]:
        return False
    for subscription in subscriber.subscriptions.filter(state=State.COMPLAINED):
        opt_out(subscriber, subscription, evidence, now)
    make_event(Kind.FORGIVEN, subscriber, evidence, at=now).save()
    return True


@transaction.atomic
def erase(subscriber: Subscriber, evidence: Evidence, *, now: datetime | None = None) -> None:
    """Delete everything about a person, at their wish. The ledger and a keyed hash stay."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    Suppression.objects.suppress(subscriber.email, Reason.ERASED)
    ImportRow.objects.filter(address=subscriber.email).update(address="")
    for subscription in subscriber.subscriptions.select_related("newsletter"):
        tell_services(subscriber, subscription)
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.ERASED,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state if subscription else "",
            after="",
        )
        for subscription in [*subscriber.subscriptions.all(), None]
    )
    subscriber.delete()
