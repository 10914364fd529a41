"""Alerts about topics: sign up for one, hear of each event once, and stop when it is over.

This app does not know what a topic is. The setting ``NEWSROOM_TOPIC_PROVIDER`` names a function
that does::

    def get_topic(subject: object) -> Topic | None:
        '''Return the topic of a race's key, of a race, or of a race's page; None for others.'''

With it, ``{% signup_stamp newsletter topic=page %}`` in a form lets readers follow that topic, on
a newsletter whose scope is topics. Then, in the transaction of what happened::

    announce("race-17", "race-17:called:42", subject="…", text="…", url="https://…")

writes one mail for each confirmed subscriber of the topic. The second call with the same event
key writes nothing, whoever makes it and however often. A correction is an event of its own::

    announce("race-17", "race-17:retracted:42", subject="…", text="…")

And when nothing more will come::

    close_topic("race-17", invite_to="morning-ledger")

ends its subscriptions and asks each person once whether they want that newsletter instead.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from newsroom.newsletters.links import make_link
from newsroom.newsletters.models import (
    Announcement,
    ConsentEvent,
    Evidence,
    MailedLink,
    Method,
    Newsletter,
    OutgoingMail,
    Subscription,
    Suppression,
    make_event,
)
from newsroom.newsletters.outbox import nudge, write_mail
from newsroom.newsletters.topic_slot import Topic, TopicProvider, get_topic

__all__ = ["Topic", "TopicProvider", "announce", "close_topic", "fan_out", "get_topic"]

CHUNK = 1000


def announce(
    topic_key: str,
    event_key: str,
    *,
    subject: str,
    text: str,
    url: str = "",
    translations: Mapping[str, Mapping[str, str]] | None = None,
    now: datetime | None = None,
) -> bool:
    """Tell all confirmed subscribers of a topic about one event. False: it was told before.

    ``event_key`` names the event for ever, in at most 150 characters. ``text`` is plain; a blank
    line begins a new paragraph. ``translations`` has ``subject``, ``text`` and ``url`` in other
    languages, by code. One row is written here, so it is quick in a request; a worker
    addresses the mails and sends them. Whoever pauses their mail does not get it.
    """
    now = now or timezone.now()
    _, is_new = Announcement.objects.get_or_create(
        event_key=event_key,
        defaults={
            "topic_key": topic_key,
            "subject": subject,
            "text": text,
            "url": url,
            "translations": translations or {},
            "created_at": now,
        },
    )
    if is_new:
        transaction.on_commit(nudge, robust=True)
    return is_new


def fan_out(now: datetime | None = None) -> int:
    """Write the mails of announcements that have not got all of them. Return how many were due.

    A chunk and the mark how far it came are one transaction: a worker that dies in between
    leaves neither, and two workers at once write the same rows, of which each event has one.
    """
    now = now or timezone.now()
    count = 0
    for announcement in Announcement.objects.exclude(fanned_out_to=None).order_by("pk"):
        while announcement.fanned_out_to is not None:
            count += _fan_out_chunk(announcement, now)
    return count


@transaction.atomic
def _fan_out_chunk(announcement: Announcement, now: datetime) -> int:
    subscriptions = list(
        Subscription.objects.active(now)
        .filter(topic_key=announcement.topic_key, pk__gt=announcement.fanned_out_to)
        .order_by("pk")[:CHUNK]
    )
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                kind=OutgoingMail.Kind.ANNOUNCEMENT,
                event_key=f"announce:{announcement.event_key}:{subscription.pk}",
                subscriber_id=subscription.subscriber_id,
                subscription=subscription,
                newsletter_id=subscription.newsletter_id,
                announcement=announcement,
                priority=5,
                created_at=now,
                next_attempt_at=now,
            )
            for subscription in subscriptions
        ],
        ignore_conflicts=True,
    )
    is_last = len(subscriptions) < CHUNK
    announcement.fanned_out_to = None if is_last else subscriptions[-1].pk
    announcement.save(update_fields=["fanned_out_to"])
    return len(subscriptions)


def close_topic(topic_key: str, *, invite_to: str = "", now: datetime | None = None) -> int:
    """End the alerts about a topic; return how many people it ended for now.

    ``invite_to`` is the slug of a newsletter. Each person is asked once, by a mail whose link
    shows a button, and only if they are not on it and never left it. Closing again does nothing.
    """
    now = now or timezone.now()
    open_ones = Subscription.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), topic_key=topic_key
    )
    open_ones.update(expires_at=now)
    return end_expired(now, invite_to=invite_to, topic_key=topic_key)


def end_expired(now: datetime, *, invite_to: str = "", topic_key: str = "") -> int:
    """Write down that subscriptions have ended, and invite each person once."""
    newsletter = Newsletter.objects.open().lists().filter(slug=invite_to).first()
    ended = Subscription.objects.filter(
        expires_at__lte=now, ended_at=None, state=Subscription.State.CONFIRMED
    )
    if topic_key:
        ended = ended.filter(topic_key=topic_key)
    count = 0
    for pk in list(ended.values_list("pk", flat=True)):
        count += _end(pk, newsletter, now)
    return count


@transaction.atomic
def _end(pk: int, newsletter: Newsletter | None, now: datetime) -> int:
    if not Subscription.objects.filter(pk=pk, ended_at=None).update(ended_at=now):
        return 0
    subscription = Subscription.objects.select_related("subscriber").get(pk=pk)
    make_event(
        ConsentEvent.Kind.EXPIRED,
        subscription.subscriber,
        Evidence(method=Method.SCHEDULE),
        at=now,
        subscription=subscription,
        before=subscription.state,
    ).save()
    if newsletter is not None and not _knows(subscription, newsletter):
        write_mail(
            OutgoingMail.Kind.INVITATION,
            f"invite:{newsletter.pk}:{subscription.pk}",
            now=now,
            subscriber=subscription.subscriber,
            subscription=subscription,
            newsletter=newsletter,
            link=make_link(
                MailedLink.Purpose.INVITATION,
                subscription.subscriber,
                now=now,
                newsletter=newsletter,
            ),
            priority=5,
        )
    return 1


def _knows(subscription: Subscription, newsletter: Newsletter) -> bool:
    """Whether this person is on the newsletter, left it anywhere, or was invited to it before."""
    person: models.Q = Q(subscriber=subscription.subscriber_id, newsletter=newsletter)
    return (
        Subscription.objects.filter(person).exists()
        or Suppression.objects.of(subscription.subscriber.email).on(newsletter).exists()
        or OutgoingMail.objects.filter(person, kind=OutgoingMail.Kind.INVITATION).exists()
    )
