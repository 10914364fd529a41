"""From a form to the click that confirms it, or to the end of waiting for one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language
from newsroom.newsletters.links import make_link
from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    MailedLink,
    Method,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
    make_event,
)
from newsroom.newsletters.outbox import once, write_mail
from newsroom.newsletters.subscriptions.questions import ask_to_confirm
from newsroom.newsletters.subscriptions.states import agree
from newsroom.newsletters.subscriptions.wishes import Wish, ensure

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


@transaction.atomic
def sign_up(
    email: str, wishes: Iterable[Wish], evidence: Evidence, *, now: datetime | None = None
) -> None:
    """Write down a form. What it asks for begins when the reader confirms it by mail.

    The same queries run for every address, whatever we know about it: the answer to the form
    tells nothing, and neither does its time.
    """
    now = now or timezone.now()
    wishes = list(wishes)
    subscriber = Subscriber.objects.lock(email)
    subscriptions = ensure(subscriber, wishes, evidence, now)
    wordings = Wording.objects.for_texts(wish.wording for wish in wishes)
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.SIGNED_UP,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state,
            wording=wordings[wish.wording],
        )
        for wish, subscription in zip(wishes, subscriptions, strict=True)
    )
    language = current_language()
    subscriber.language = subscriber.language or language
    ask_to_confirm(subscriber, subscriptions, now, language)


@transaction.atomic
def ask_again(subscriber: Subscriber, now: datetime) -> bool:
    """Ask somebody to confirm all that waits for it, within what an address gets from us."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    waiting = subscriber.subscriptions.filter(state=State.PENDING).select_related("newsletter")
    rows = list(waiting.order_by("pk"))
    if rows:
        ask_to_confirm(subscriber, rows, now)
    return bool(rows)


@transaction.atomic
def remind(subscriber_id: int, asked_until: datetime, now: datetime) -> bool:
    """Remind a person once of what they asked for until then. False: they have confirmed since."""
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    rows = Subscription.objects.filter(
        subscriber_id=subscriber_id,
        state=State.PENDING,
        reminded_at=None,
        asked_at__lte=asked_until,
    )
    rows = list(rows.select_related("newsletter").order_by("pk"))
    if subscriber is None or not rows:
        return False
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    if subscriber.confirmation_mails >= newsroom_settings.CONFIRMATIONS_PER_ADDRESS:
        return False
    Subscriber.objects.filter(pk=subscriber.pk).update(
        confirmation_mails=models.F("confirmation_mails") + 1, confirmation_mail_at=now
    )
    link = make_link(MailedLink.Purpose.CONFIRM, subscriber, now=now)
    link.subscriptions.set(rows)
    evidence = Evidence(method=Method.SCHEDULE)
    for row in rows:
        make_event(
            Kind.REMINDED, subscriber, evidence, at=now, subscription=row, before=row.state
        ).save()
    write_mail(
        OutgoingMail.Kind.REMINDER,
        once("reminder"),
        now=now,
        subscriber=subscriber,
        newsletter=rows[0].newsletter,
        link=link,
    )
    return True


@transaction.atomic
def lapse(subscription_id: int, evidence: Evidence, now: datetime) -> bool:
    """Delete a subscription that was never confirmed, and the person if that was all."""
    found = Subscription.objects.filter(pk=subscription_id).values_list("subscriber", flat=True)
    subscriber = Subscriber.objects.select_for_update().filter(pk__in=found).first()
    subscription = Subscription.objects.filter(pk=subscription_id, state=State.PENDING).first()
    if subscriber is None or subscription is None:
        return False
    before = subscription.state
    make_event(
        Kind.LAPSED,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=before,
        after="",
    ).save()
    subscription.delete()
    if not subscriber.subscriptions.exists():
        subscriber.delete()
    return True


@transaction.atomic
def confirm(
    link: MailedLink, evidence: Evidence, *, now: datetime | None = None
) -> list[Subscription] | None:
    """Confirm exactly what this link was mailed for, once. None: it has been used or is over."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().filter(pk=link.subscriber_id).first()
    if subscriber is None:
        return None
    if not MailedLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        return None
    subscriptions = list(link.subscriptions.select_related("newsletter").order_by("pk"))
    if link.newsletter is not None:
        wish = Wish(newsletter=link.newsletter, wording=link.newsletter.promise)
        subscriptions += ensure(subscriber, [wish], evidence, now)
    for subscription in subscriptions:
        agree(subscriber, subscription, evidence, now)
    Subscriber.objects.filter(pk=subscriber.pk).update(
        confirmation_mails=0, confirmation_mail_at=None, language=current_language()
    )
    return subscriptions or None
