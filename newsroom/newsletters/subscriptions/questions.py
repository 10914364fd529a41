"""The mail that asks to confirm, and when an address may get one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models

from newsroom.conf import newsroom_settings
from newsroom.newsletters.links import make_link, new_link
from newsroom.newsletters.models import (
    MailedLink,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
)
from newsroom.newsletters.outbox import once, write_mail, write_mails

Reason = Suppression.Reason


def ask_to_confirm(
    subscriber: Subscriber, subscriptions: list[Subscription], now: datetime, language: str = ""
) -> None:
    """Write the one mail of a form, or the reason why there is none."""
    open_ones = [row for row in subscriptions if not row.is_confirmed(now)]
    purpose = MailedLink.Purpose.CONFIRM if open_ones else MailedLink.Purpose.PREFERENCES
    send_at, drop = _when_to_ask(subscriber, subscriptions, open_ones, now)
    if not drop:
        subscriber.confirmation_mails += 1
        subscriber.confirmation_mail_at = send_at
    subscriber.save(update_fields=["confirmation_mails", "confirmation_mail_at", "language"])
    link = make_link(purpose, subscriber, now=now)
    link.subscriptions.through.objects.bulk_create(
        link.subscriptions.through(mailedlink=link, subscription=subscription)
        for subscription in open_ones or subscriptions
    )
    write_mail(
        OutgoingMail.Kind.CONFIRM if open_ones else OutgoingMail.Kind.ALREADY,
        once("confirm"),
        now=now,
        subscriber=subscriber,
        newsletter=subscriptions[0].newsletter,
        link=link,
        send_at=send_at,
        language=language,
        drop=drop,
    )


def _when_to_ask(
    subscriber: Subscriber,
    subscriptions: list[Subscription],
    open_ones: list[Subscription],
    now: datetime,
) -> tuple[datetime, str]:
    """Return when the mail may go, and why it may not: an address gets few, whoever types it."""
    reasons = set(Suppression.objects.of(subscriber.email).values_list("reason", flat=True))
    asked = _asked_about(subscriptions)
    if Reason.COMPLAINED in reasons:
        return now, "The address has complained."
    return _next_mail(subscriber, asked.issuperset(row.pk for row in open_ones), now)


def _asked_about(subscriptions: Iterable[Subscription]) -> set[int]:
    """Return which of them a mail is about that went out or waits, and was not answered."""
    rows = MailedLink.subscriptions.through.objects.filter(
        subscription__in=[row.pk for row in subscriptions],
        mailedlink__used_at=None,
        mailedlink__mail__state__in=["waiting", "sending", "sent"],
    )
    return set(rows.values_list("subscription_id", flat=True))


def _next_mail(subscriber: Subscriber, is_asked: bool, now: datetime) -> tuple[datetime, str]:
    """Return when a person may get their next mail to confirm, and why they may not.

    A second list within the day waits for the day to pass, since the first mail's link is not
    for it.
    """
    earliest = now
    if subscriber.confirmation_mail_at:
        pause = timedelta(hours=newsroom_settings.CONFIRMATION_HOURS)
        earliest = max(now, subscriber.confirmation_mail_at + pause)
    if subscriber.confirmation_mails >= newsroom_settings.CONFIRMATIONS_PER_ADDRESS:
        return now, "The address has had all its mails."
    if earliest > now and is_asked:
        return now, "The address has had a mail today."
    return earliest, ""


def ask_each(subscriptions: list[Subscription], now: datetime, *, priority: int) -> None:
    """Ask many people to confirm one pending list each, within what an address gets from us.

    The rows have their ``subscriber``, none of whom complained. A few queries for all of them.
    """
    asked = _asked_about(subscriptions)
    links, mails = [], []
    counted: dict[datetime, list[int]] = {}
    for row in subscriptions:
        send_at, drop = _next_mail(row.subscriber, row.pk in asked, now)
        link = new_link(MailedLink.Purpose.CONFIRM, row.subscriber, now=now)
        links.append(link)
        mails.append(_question(row, link, now, send_at=send_at, drop=drop, priority=priority))
        if not drop:
            counted.setdefault(send_at, []).append(row.subscriber_id)
    MailedLink.objects.bulk_create(links)
    through = MailedLink.subscriptions.through
    through.objects.bulk_create(
        through(mailedlink=link, subscription=row)
        for link, row in zip(links, subscriptions, strict=True)
    )
    write_mails(mails)
    for send_at, pks in counted.items():
        Subscriber.objects.filter(pk__in=pks).update(
            confirmation_mails=models.F("confirmation_mails") + 1, confirmation_mail_at=send_at
        )


def _question(
    subscription: Subscription,
    link: MailedLink,
    now: datetime,
    *,
    send_at: datetime,
    drop: str,
    priority: int,
) -> OutgoingMail:
    return OutgoingMail(
        kind=OutgoingMail.Kind.CONFIRM,
        event_key=once("confirm"),
        subscriber=subscription.subscriber,
        newsletter=subscription.newsletter,
        link=link,
        priority=priority,
        state=OutgoingMail.State.DROPPED if drop else OutgoingMail.State.WAITING,
        reason=drop,
        created_at=now,
        next_attempt_at=send_at,
    )
