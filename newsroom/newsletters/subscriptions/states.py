"""The changes of a subscription's state, each with its row of the ledger.

The callers have locked the person's row.
"""

from datetime import datetime

from django.db import models

from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    MailedLink,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
    make_event,
)
from newsroom.newsletters.outbox import write_mail
from newsroom.newsletters.syncing.changes import note_change
from newsroom.newsletters.topic_slot import get_topic

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


def agree(
    subscriber: Subscriber,
    subscription: Subscription,
    evidence: Evidence,
    now: datetime,
    *,
    wording: Wording | None = None,
    welcome: bool = True,
) -> None:
    """Confirm one subscription on the owner's own act, which undoes their opt-out from it."""
    if subscription.is_confirmed(now):
        return
    Suppression.objects.of(subscriber.email).filter(
        models.Q(newsletter=subscription.newsletter_id) | models.Q(reason=Reason.BOUNCED)
    ).delete()
    if subscription.topic_key:
        topic = get_topic(subscription.topic_key)
        subscription.expires_at = topic.expires_at if topic else subscription.expires_at
        subscription.ended_at = None
    subscription.confirmed_at = now
    change(
        subscriber, subscription, Kind.CONFIRMED, State.CONFIRMED, evidence, now, wording=wording
    )
    if welcome:
        write_mail(
            OutgoingMail.Kind.WELCOME,
            f"welcome:{subscription.pk}:{now.timestamp():.6f}",
            now=now,
            subscriber=subscriber,
            subscription=subscription,
            newsletter=subscription.newsletter,
        )


def change(
    subscriber: Subscriber,
    subscription: Subscription,
    kind: str,
    state: str,
    evidence: Evidence,
    now: datetime,
    *,
    wording: Wording | None = None,
) -> None:
    """Give a subscription its new state and write down that it has it."""
    before = subscription.state
    subscription.state = state
    subscription.state_changed_at = now
    if state != State.PENDING:
        subscription.asked_at = subscription.reminded_at = None
    if state != State.CONFIRMED:
        subscription.paused_until = None
        _take_off_links(subscription)
    subscription.save()
    if State.CONFIRMED in (before, state):
        tell_services(subscriber, subscription)
    make_event(
        kind,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=before,
        wording=wording,
    ).save()


def tell_services(
    subscriber: Subscriber, subscription: Subscription, *, at: datetime | None = None
) -> None:
    if not subscription.topic_key:
        note_change(subscriber.email, subscription.newsletter, at=at)


def _take_off_links(subscription: Subscription) -> None:
    """Let no link from before an opt-out confirm it again."""
    MailedLink.subscriptions.through.objects.filter(
        subscription=subscription, mailedlink__used_at=None
    ).delete()


def opt_out(
    subscriber: Subscriber, subscription: Subscription, evidence: Evidence, now: datetime
) -> None:
    if not subscription.topic_key:
        Suppression.objects.suppress(subscriber.email, Reason.OPTED_OUT, subscription.newsletter)
    change(subscriber, subscription, Kind.UNSUBSCRIBED, State.UNSUBSCRIBED, evidence, now)
