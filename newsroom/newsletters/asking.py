"""Links that readers ask for. What we know of an address shows in no answer and no time."""

from datetime import datetime, timedelta

from django.db import transaction

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language
from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.links import make_link
from newsroom.newsletters.models import MailedLink, OutgoingMail, Subscriber, Suppression
from newsroom.newsletters.outbox import once, write_mail

Purpose = MailedLink.Purpose
Kind = OutgoingMail.Kind

# So many links of one kind an address gets in an hour, whoever asks for them.
LINKS_PER_HOUR = 3


@transaction.atomic
def mail_preferences(email: str, now: datetime) -> None:
    """Mail somebody the link to their preferences. For an unknown address the same rows are
    written, and nothing is sent.
    """
    subscriber = Subscriber.objects.filter(email=normalise_email(email)).first()
    _mail(Purpose.PREFERENCES, Kind.PREFERENCES, subscriber, email, now)


@transaction.atomic
def mail_erase(subscriber: Subscriber, now: datetime) -> None:
    _mail(Purpose.ERASE, Kind.ERASE, subscriber, subscriber.email, now)


def _mail(
    purpose: str, kind: str, subscriber: Subscriber | None, email: str, now: datetime
) -> None:
    has_complained = Suppression.objects.of(email).filter(reason="complained").exists()
    hour_ago = now - timedelta(hours=1)
    recent = OutgoingMail.objects.filter(
        subscriber_id=subscriber.pk if subscriber else 0, kind=kind, created_at__gt=hour_ago
    ).exclude(state=OutgoingMail.State.DROPPED)
    reasons = {
        "Nobody has this address.": subscriber is None,
        "The address has complained.": has_complained,
        "The address has had enough of them in this hour.": recent.count() >= LINKS_PER_HOUR,
    }
    write_mail(
        kind,
        once(kind),
        now=now,
        subscriber=subscriber,
        link=make_link(purpose, subscriber, now=now),
        language=current_language(),
        drop=next((reason for reason, holds in reasons.items() if holds), ""),
    )


@transaction.atomic
def mail_new_address(subscriber: Subscriber, email: str, now: datetime) -> None:
    """Ask at a new address whether it is theirs, within what any address gets from forms."""
    new = Subscriber.objects.lock(email)
    is_same = new.pk == subscriber.pk
    has_complained = Suppression.objects.of(email).filter(reason="complained").exists()
    has_had_all = new.confirmation_mails >= newsroom_settings.CONFIRMATIONS_PER_ADDRESS
    drop = "The address has had all its mails." if has_had_all else ""
    if is_same or has_complained:
        drop = "The address cannot be changed to this one."
    if not drop:
        new.confirmation_mails += 1
        new.confirmation_mail_at = now
        new.save(update_fields=["confirmation_mails", "confirmation_mail_at"])
    write_mail(
        Kind.NEW_ADDRESS,
        once(Kind.NEW_ADDRESS),
        now=now,
        subscriber=new,
        link=make_link(Purpose.ADDRESS, new, now=now, replaces=subscriber),
        language=current_language(),
        drop=drop,
    )
