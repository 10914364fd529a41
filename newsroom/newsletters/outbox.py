"""What is written here in a transaction is mailed once after it, whatever is down meanwhile."""

import logging
import time
import uuid
from datetime import datetime

from django.db import transaction

from newsroom.newsletters.models import (
    Announcement,
    MailedLink,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
)

logger = logging.getLogger(__name__)

# After a failed try the queue is left alone for a while: the next sweep finds the rows anyway.
QUEUE_PAUSE_SECONDS = 15.0
_queue_silent_until = 0.0


def write_mail(
    kind: str,
    event_key: str,
    *,
    now: datetime,
    subscriber: Subscriber | None = None,
    subscription: Subscription | None = None,
    newsletter: Newsletter | None = None,
    link: MailedLink | None = None,
    announcement: Announcement | None = None,
    subject: str = "",
    text: str = "",
    send_at: datetime | None = None,
    priority: int = 0,
    language: str = "",
    drop: str = "",
) -> None:
    """Put one mail into the outbox. A second one for the same event is not written.

    ``language`` is that of the form that causes it; "" for the subscriber's own.
    ``drop`` says why the mail is not to be sent at all: the row is written all the same, so that
    a form does the same work for every address.
    """
    mail = OutgoingMail(
        kind=kind,
        event_key=event_key,
        subscriber=subscriber,
        subscription=subscription,
        newsletter=newsletter,
        link=link,
        announcement=announcement,
        subject=subject,
        text=text,
        priority=priority,
        language=language,
        state=OutgoingMail.State.DROPPED if drop else OutgoingMail.State.WAITING,
        reason=drop,
        created_at=now,
        next_attempt_at=send_at or now,
    )
    write_mails([mail])


def write_mails(mails: list[OutgoingMail]) -> None:
    """Put mails into the outbox, as ``write_mail`` does with one. One query."""
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    transaction.on_commit(nudge, robust=True)


def once(name: str) -> str:
    """Return a key for an event that happens anew each time."""
    return f"{name}:{uuid.uuid4().hex}"


def nudge() -> None:
    """Ask a worker to look at the outbox now. Without a queue, the next sweep does it."""
    global _queue_silent_until
    from newsroom.newsletters.tasks import sweep_outbox

    if time.monotonic() < _queue_silent_until:
        return
    try:
        sweep_outbox.apply_async(retry=False, expires=30)
    except Exception as error:
        _queue_silent_until = time.monotonic() + QUEUE_PAUSE_SECONDS
        logger.warning("The task queue cannot be reached, mail waits for it: %s", error)
