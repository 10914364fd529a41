"""What somebody does who came by a fresh link from their mail."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    FormerKey,
    MailedLink,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
    make_event,
)
from newsroom.newsletters.outbox import once, write_mail
from newsroom.newsletters.subscriptions.states import agree, opt_out, tell_services
from newsroom.newsletters.subscriptions.wishes import Wish, ensure

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


@transaction.atomic
def choose(
    subscriber: Subscriber,
    wanted: Mapping[Newsletter, bool],
    evidence: Evidence,
    *,
    wordings: Mapping[Newsletter, str],
    now: datetime | None = None,
) -> None:
    """Turn lists on and off for somebody who came by a fresh link from their mail."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    have = {
        row.newsletter_id: row
        for row in subscriber.subscriptions.filter(topic_key="").select_related("newsletter")
    }
    for newsletter, is_wanted in wanted.items():
        subscription = have.get(newsletter.pk)
        is_on = subscription is not None and subscription.is_confirmed(now)
        if is_wanted and not is_on:
            wish = Wish(newsletter=newsletter, wording=wordings[newsletter])
            (subscription,) = ensure(subscriber, [wish], evidence, now)
            wording = Wording.objects.for_texts([wish.wording])[wish.wording]
            agree(subscriber, subscription, evidence, now, wording=wording)
        elif (
            not is_wanted
            and subscription is not None
            and subscription.state
            in (
                State.PENDING,
                State.CONFIRMED,
            )
        ):
            opt_out(subscriber, subscription, evidence, now)


@transaction.atomic
def pause(
    subscriber: Subscriber,
    until: datetime | None,
    evidence: Evidence,
    *,
    now: datetime | None = None,
) -> int:
    """Stop all mail of a person until then, or let it come again (None). Return how many lists."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    kind = Kind.PAUSED if until else Kind.RESUMED
    rows = list(subscriber.subscriptions.confirmed(now).select_related("newsletter"))
    for subscription in rows:
        subscription.paused_until = until
        subscription.save(update_fields=["paused_until"])
        tell_services(subscriber, subscription)
        if until:
            tell_services(subscriber, subscription, at=until)
        make_event(
            kind,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state,
        ).save()
    return len(rows)


@transaction.atomic
def change_address(link: MailedLink, evidence: Evidence, *, now: datetime | None = None) -> bool:
    """Move a person to the address that the link was mailed to, and tell the old one.

    Whoever clicked reads mail at both. What the old address left stays left at the new one.
    """
    now = now or timezone.now()
    people = Subscriber.objects.select_for_update().in_bulk([link.replaces_id, link.subscriber_id])
    if len(people) < 2 or not MailedLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        return False
    old, new = people[link.replaces_id], people[link.subscriber_id]
    make_event(Kind.ADDRESS_CHANGED, old, evidence, at=now, other_person=new.person).save()
    there = {(row.newsletter_id, row.topic_key): row for row in new.subscriptions.all()}
    for subscription in old.subscriptions.select_related("newsletter").order_by("pk"):
        twin = there.get((subscription.newsletter_id, subscription.topic_key))
        tell_services(old, subscription)
        _move(subscription, twin, new, evidence, now)
        tell_services(new, subscription)
    Suppression.objects.suppress(old.email, Reason.OPTED_OUT)
    old.links.filter(used_at=None).update(used_at=now)
    Subscriber.objects.filter(pk=new.pk).update(confirmation_mails=0, confirmation_mail_at=None)
    write_mail(OutgoingMail.Kind.OLD_ADDRESS, once("old-address"), now=now, subscriber=old)
    return True


def _move(
    subscription: Subscription,
    twin: Subscription | None,
    new: Subscriber,
    evidence: Evidence,
    now: datetime,
) -> None:
    """Give one subscription to the new address, or make it one with what is there."""
    was_confirmed = subscription.state == State.CONFIRMED
    if subscription.state == State.UNSUBSCRIBED and not subscription.topic_key and twin is None:
        Suppression.objects.suppress(new.email, Reason.OPTED_OUT, subscription.newsletter)
    if was_confirmed:
        Suppression.objects.of(new.email).filter(
            models.Q(newsletter=subscription.newsletter_id) | models.Q(reason=Reason.BOUNCED)
        ).delete()
    if twin is None:
        subscription.subscriber = new
        subscription.save(update_fields=["subscriber"])
        return
    if was_confirmed:
        agree(new, twin, evidence, now, welcome=False)
    FormerKey.objects.filter(subscription=subscription).update(subscription=twin)
    FormerKey.objects.create(key=subscription.key, subscription=twin)
    subscription.delete()
