"""What an import did, taken back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    MailedLink,
    Newsletter,
    Subscriber,
    Subscription,
    make_event,
)
from newsroom.newsletters.subscriptions.states import tell_services

State = Subscription.State
Kind = ConsentEvent.Kind


def remember(email: str, newsletter: Newsletter) -> dict[str, object] | None:
    """Return what an import is about to change, as plain data for ``take_back``.

    None: the person is not known at all.
    """
    subscriber = Subscriber.objects.filter(email=normalise_email(email)).first()
    if subscriber is None:
        return None
    subscription = subscriber.subscriptions.filter(newsletter=newsletter, topic_key="").first()
    prior = {name: _plain(getattr(subscriber, name)) for name in MAILS_COUNTED}
    if subscription is not None:
        prior |= {name: _plain(getattr(subscription, name)) for name in PRIOR}
    return prior


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


MAILS_COUNTED = ("confirmation_mails", "confirmation_mail_at")
PRIOR = ("state_changed_at", "confirmed_at", "asked_at", "reminded_at")


@transaction.atomic
def take_back(
    subscription: Subscription,
    evidence: Evidence,
    *,
    prior: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> bool:
    """Undo what one import did to a subscription; ``evidence.batch_id`` names it.

    The exact state of before comes back; ``prior`` is what ``remember`` returned then. False:
    something happened since, and that stands.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscription.subscriber_id)
    subscription = Subscription.objects.get(pk=subscription.pk)
    events = ConsentEvent.objects.filter(
        person=subscriber.person, newsletter=subscription.newsletter_id, topic_key=""
    )
    latest = events.order_by("-pk").first()
    if latest is None or latest.kind != Kind.IMPORTED or latest.batch_id != evidence.batch_id:
        return False
    make_event(
        Kind.UNDONE,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=subscription.state,
        after=latest.state_before,
    ).save()
    tell_services(subscriber, subscription)
    if latest.state_before:
        _put_back(subscription, latest, prior or {}, now)
    else:
        subscription.delete()
    if prior is not None:
        counted = {name: _back(prior.get(name), name) for name in MAILS_COUNTED}
        Subscriber.objects.filter(pk=subscriber.pk).update(**counted)
    elif not subscriber.subscriptions.exists():
        subscriber.delete()
    return True


def _put_back(
    subscription: Subscription,
    imported: ConsentEvent,
    prior: Mapping[str, object],
    now: datetime,
) -> None:
    """Give a subscription what it had before an import, and take away what the import asked."""
    subscription.state = imported.state_before
    subscription.state_changed_at = now
    if subscription.state == State.PENDING:
        subscription.asked_at = subscription.asked_at or now
    for name in PRIOR:
        if name in prior:
            setattr(subscription, name, _back(prior[name], name))
    subscription.save()
    MailedLink.subscriptions.through.objects.filter(
        subscription=subscription,
        mailedlink__used_at=None,
        mailedlink__created_at__gte=imported.occurred_at,
    ).delete()


def _back(value: object, name: str) -> object:
    is_time = name.endswith("_at") and isinstance(value, str)
    return datetime.fromisoformat(value) if is_time else value
