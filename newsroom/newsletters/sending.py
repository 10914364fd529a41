"""Out of the outbox, into the mail server.

A mail is claimed by a filtered update, sent, and marked. Two workers never send the same one.
Only a worker that dies after the mail server took the mail and before the row says so leaves a
mail that is sent again; it then has the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsroom.conf import newsroom_settings
from newsroom.newsletters.letters import NotToSendError, compose
from newsroom.newsletters.links import lifetime
from newsroom.newsletters.models import MailedLink, OutgoingMail
from newsroom.newsletters.reports import report_refused

logger = logging.getLogger(__name__)

Kind = OutgoingMail.Kind
State = OutgoingMail.State

BATCH = 25
CLAIM = timedelta(seconds=60)
# A server that is down is tried again within four minutes, for three days.
LONGEST_PAUSE = timedelta(minutes=4)
GIVE_UP_AFTER = timedelta(days=3)

# What anyone can make us send by typing an address into a form.
FORM_KINDS = (Kind.CONFIRM, Kind.REMINDER, Kind.ALREADY, Kind.PREFERENCES, Kind.NEW_ADDRESS)


class MailServerDownError(Exception):
    """It takes no mail at all now; what it did not take is tried again."""


def send_due(*, seconds: float = 18) -> int:
    """Send what is due for so many seconds at most; return how many mails went out."""
    deadline = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < deadline:
        batch = list(_claim(timezone.now()))
        if not batch:
            break
        try:
            for is_sent in _send_batch(batch, deadline):
                sent += is_sent
        except MailServerDownError as error:
            logger.warning("The mail server takes no mail, it is tried again: %s", error)
            break
    return sent


def _claim(now: datetime) -> list[OutgoingMail]:
    """Return mails that are ours for a minute."""
    due = OutgoingMail.objects.due(now)
    allowed = _form_mails_left(now)
    if allowed <= 0:
        due = due.exclude(kind__in=FORM_KINDS)
    elif allowed <= newsroom_settings.FORM_MAILS_PER_HOUR // 2:
        # What is left is for readers who wait, not for an import.
        due = due.exclude(kind__in=FORM_KINDS, priority__gt=0)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    until = now + CLAIM
    with transaction.atomic():
        pks = list(due.values_list("pk", flat=True)[: min(BATCH, max(allowed, 0) or BATCH)])
        OutgoingMail.objects.due(now).filter(pk__in=pks).order_by().update(
            state=State.SENDING, claimed_until=until
        )
    return list(
        OutgoingMail.objects.filter(pk__in=pks, claimed_until=until)
        .select_related(
            "subscriber", "subscription__newsletter", "newsletter", "link", "announcement"
        )
        .order_by("priority", "pk")
    )


def _form_mails_left(now: datetime) -> int:
    """How many mails forms may still cause in this hour. The others wait for the next one."""
    hour_ago = now - timedelta(hours=1)
    sent = OutgoingMail.objects.filter(kind__in=FORM_KINDS, sent_at__gt=hour_ago).count()
    return newsroom_settings.FORM_MAILS_PER_HOUR - sent


def _send_batch(batch: list[OutgoingMail], deadline: float) -> Iterator[bool]:
    """Send each; what is not reached in time, or for want of a server, is given back."""
    server = get_connection()
    left = list(batch)
    try:
        _open(server)
        while left and time.monotonic() < deadline:
            yield _send(server, left[0])
            left.pop(0)
    except MailServerDownError:
        for mail in left:
            _try_again(mail, "The mail server takes no mail.", attempts=mail.attempts + 1)
        left = []
        raise
    finally:
        _close(server)
        _mine(*left).update(state=State.WAITING, claimed_until=None)


def _open(server: object) -> None:
    try:
        server.open()
    except Exception as error:
        raise MailServerDownError(type(error).__name__) from error


def _close(server: object) -> None:
    try:
        server.close()
    except Exception:
        logger.warning("The mail server could not be left in good order.")


def _send(server: object, mail: OutgoingMail) -> bool:
    """Send one mail and write down what became of it. True: the server took it.

    An error may quote the address: its text goes into no log and no row.

    :raises MailServerDownError: the connection was lost
    """
    now = timezone.now()
    try:
        message = compose(mail, now)
    except NotToSendError as reason:
        _mine(mail).update(state=State.DROPPED, reason=str(reason), claimed_until=None)
        return False
    except Exception as error:
        logger.warning("Mail %s cannot be written: %s", mail.pk, type(error).__name__)
        _try_again(mail, f"It cannot be written: {type(error).__name__}.")
        return False
    if mail.link_id:
        MailedLink.objects.filter(pk=mail.link_id).update(
            expires_at=now + lifetime(mail.link.purpose)
        )
    message.connection = server
    try:
        message.send()
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        if not isinstance(error, smtplib.SMTPException) or isinstance(
            error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError
        ):
            raise MailServerDownError(type(error).__name__) from error
        _not_taken(mail, error)
        return False
    except Exception as error:
        _not_taken(mail, error)
        return False
    _mine(mail).update(
        state=State.SENT,
        sent_at=timezone.now(),
        attempts=mail.attempts + 1,
        claimed_until=None,
        reason="",
    )
    return True


def _not_taken(mail: OutgoingMail, error: Exception) -> None:
    """The server refused this one mail: for good, or for now."""
    if is_refused_for_good(error):
        _mine(mail).update(
            state=State.FAILED, reason="The mail server knows no such address.", claimed_until=None
        )
        report_refused(mail)
        return
    logger.warning("Mail %s was not taken: %s", mail.pk, type(error).__name__)
    _try_again(mail, f"The mail server did not take it: {type(error).__name__}.")


def is_refused_for_good(error: Exception) -> bool:
    """Whether the server says that this address will never work."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return bool(codes) and all(code in (550, 551, 553) for code in codes)
    return type(error).__name__ == "AnymailRecipientsRefused"


def _try_again(mail: OutgoingMail, reason: str, attempts: int | None = None) -> None:
    now = timezone.now()
    attempts = mail.attempts + 1 if attempts is None else attempts
    pause = min(LONGEST_PAUSE, timedelta(seconds=15 * 2 ** min(attempts, 10)))
    is_over = now - mail.created_at > GIVE_UP_AFTER
    _mine(mail).update(
        state=State.FAILED if is_over else State.WAITING,
        reason=reason,
        attempts=attempts,
        next_attempt_at=now + pause,
        claimed_until=None,
    )


def _mine(*mails: OutgoingMail) -> QuerySet[OutgoingMail]:
    """These mails, as far as they are still claimed by us."""
    if not mails:
        return OutgoingMail.objects.none()
    return OutgoingMail.objects.filter(
        pk__in=[mail.pk for mail in mails],
        state=State.SENDING,
        claimed_until=mails[0].claimed_until,
    )
