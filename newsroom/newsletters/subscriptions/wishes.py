"""What somebody asks for, and the row that stands for it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsroom.newsletters.addresses import subscription_key
from newsroom.newsletters.models import (
    Evidence,
    Method,
    Newsletter,
    Subscriber,
    Subscription,
)

Source = Subscription.Source


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One list that somebody asks for, and the words that stood beside the form.

    ``topic_key`` and ``topic_title`` go together and only with a newsletter for topics.
    """

    newsletter: Newsletter
    wording: str
    topic_key: str = ""
    topic_title: str = ""
    expires_at: datetime | None = None


def ensure(
    subscriber: Subscriber, wishes: list[Wish], evidence: Evidence, now: datetime
) -> list[Subscription]:
    """Return the subscription of each wish, made now if there was none. Three queries."""
    made = [
        Subscription(
            newsletter=wish.newsletter,
            subscriber=subscriber,
            topic_key=wish.topic_key,
            topic_title=wish.topic_title,
            expires_at=wish.expires_at,
            key=_free_key(subscriber, wish),
            source=source_of(evidence),
        )
        for wish in wishes
    ]
    Subscription.objects.bulk_create(made, ignore_conflicts=True)
    rows = Subscription.objects.filter(subscriber=subscriber).select_related("newsletter")
    found = {(row.newsletter_id, row.topic_key): row for row in rows}
    subscriptions = [found[wish.newsletter.pk, wish.topic_key] for wish in wishes]
    Subscription.objects.filter(pk__in=[row.pk for row in subscriptions]).update(asked_at=now)
    return subscriptions


def source_of(evidence: Evidence) -> str:
    """Return by which of the ways that staff count somebody came."""
    by_method = {
        Method.IMPORT: Source.IMPORT,
        Method.STAFF: Source.STAFF,
        Method.PROVIDER: Source.SERVICE,
        Method.PREFERENCES: Source.PREFERENCES,
        Method.LINK: Source.LINK,
    }
    if evidence.method in by_method:
        return by_method[evidence.method]
    if evidence.call_to_action_id is not None:
        return Source.ASK
    return Source.STORY if evidence.page_id is not None else Source.FORM


def _free_key(subscriber: Subscriber, wish: Wish) -> uuid.UUID:
    """Return the key of this person's place on this list, or another if somebody has it.

    Who took another address took the keys of the old one along.
    """
    key = subscription_key(subscriber.email, wish.newsletter.pk, wish.topic_key)
    taken = Subscription.objects.filter(key=key).exclude(subscriber=subscriber)
    return uuid.uuid4() if taken.exists() else key


def free_keys(
    people: Iterable[Subscriber], newsletter: Newsletter
) -> list[tuple[Subscriber, uuid.UUID]]:
    """Return each person with their key on a list where none of them has a place. One query."""
    keys = {person: subscription_key(person.email, newsletter.pk, "") for person in people}
    rows = Subscription.objects.filter(key__in=keys.values())
    taken = set(rows.values_list("key", flat=True))
    return [(person, uuid.uuid4() if key in taken else key) for person, key in keys.items()]
