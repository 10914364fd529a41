"""From the outbox to people: one message for each receiver, whatever number of alerts is in it.

A message is claimed before it is sent and marked after. A worker that dies in between
leaves a claim that ends by itself after two minutes; the mail then goes out once more with
the same Message-ID, since no protocol says whether the first one arrived.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet

from elections.alerts import wording
from elections.conf import elections_settings
from elections.models import AlertDelivery, AlertWebhook
from newsroom.network import http
from newsroom.network.answers import NetworkError

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
MOST_ATTEMPTS = 100
"""A day of attempts; after that the row stays and says why."""
MAIL_SECONDS = 10

Post = Callable[[str, bytes], object]


def send_due(now: datetime, *, post: Post | None = None) -> int:
    """Send what is due, receiver by receiver; return how many messages went out.

    Trouble with one receiver is kept on its rows and harms no other. ``post`` replaces the
    network for chats.
    """
    sent = 0
    for receiver in list(_due(now).order_by().values("user", "webhook").distinct()):
        rows = _claim(receiver, now)
        if rows:
            sent += _send(rows, now, post or _network())
    return sent


def _network() -> Post:
    return partial(http.post, allow_private=elections_settings.ALLOW_PRIVATE_NETWORKS)


def _due(now: datetime) -> QuerySet[AlertDelivery]:
    waiting = AlertDelivery.objects.filter(sent_at=None, failed_at=None, next_try_at__lte=now)
    return waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


@transaction.atomic
def _claim(receiver: dict[str, int | None], now: datetime) -> list[AlertDelivery]:
    """Take all due rows of a receiver; a second worker waits for the lock and then finds none."""
    rows = _due(now).filter(**receiver).order_by("pk").select_for_update(of=("self",))
    pks = [row.pk for row in rows]
    AlertDelivery.objects.filter(pk__in=pks).update(claimed_until=now + CLAIM)
    related = ["alert__election", "alert__source", "alert__contest", "user", "webhook"]
    return list(AlertDelivery.objects.filter(pk__in=pks).select_related(*related).order_by("pk"))


def _send(rows: Sequence[AlertDelivery], now: datetime, post: Post) -> bool:
    """Send one message; False when it has to be tried again."""
    try:
        if rows[0].webhook is not None:
            _send_to_chat(rows[0].webhook, rows, post)
        else:
            _send_by_mail(rows)
    except (OSError, SMTPException, NetworkError, ValueError) as error:
        _postpone(rows, now, error)
        return False
    AlertDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        sent_at=now, claimed_until=None, error=""
    )
    return True


def _send_by_mail(rows: Sequence[AlertDelivery]) -> None:
    EmailMessage(
        subject=wording.subject(rows),
        body=wording.body(rows),
        to=[rows[0].user.email],
        headers={"Message-ID": _message_id(rows), "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=MAIL_SECONDS),
    ).send()


def _message_id(rows: Collection[AlertDelivery]) -> str:
    """Return the same name for the same message, also when it is sent a second time."""
    digest = hashlib.sha256(",".join(str(row.pk) for row in rows).encode()).hexdigest()[:32]
    return f"<alerts-{digest}@elections.invalid>"


def _send_to_chat(webhook: AlertWebhook, rows: Sequence[AlertDelivery], post: Post) -> None:
    text = f"*{wording.for_chat(wording.subject(rows))}*\n{wording.for_chat(wording.body(rows))}"
    post(webhook.address, json.dumps({"text": text}).encode())


def _postpone(rows: Sequence[AlertDelivery], now: datetime, error: Exception) -> None:
    attempts = max(row.attempts for row in rows) + 1
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 8), LONGEST_WAIT)
    # An address of a chat is a secret, and errors of the door to the network may quote it.
    said = error.code if isinstance(error, NetworkError) else f"{type(error).__name__}: {error}"
    logger.warning("Alerts could not be sent (%s); the next try is in %s.", said, wait)
    kept = AlertDelivery.objects.filter(pk__in=[row.pk for row in rows])
    kept.update(
        attempts=F("attempts") + 1, next_try_at=now + wait, claimed_until=None, error=said[:255]
    )
    kept.filter(attempts__gte=MOST_ATTEMPTS).update(failed_at=now)
