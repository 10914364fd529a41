"""What mail servers and providers report: delivered, came back, complained.

One bounce says little. Mail that comes back for good ends it at once; mail that comes back for
now ends it after some days of that within a month, unless something arrived in between.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from newsroom.conf import newsroom_settings
from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import Bounce, Evidence, Method, OutgoingMail, Subscriber
from newsroom.newsletters.subscriptions import stop_all

logger = logging.getLogger(__name__)


class Outcome(models.TextChoices):
    DELIVERED = "delivered"
    SOFT = "soft_bounce"
    HARD = "hard_bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True, kw_only=True)
class Report:
    """One thing that somebody reports about one address.

    ``report_id`` is what they call it: the same one again changes nothing. ``reason`` must not
    hold an address.
    """

    report_id: str
    outcome: Outcome
    address: str
    occurred_at: datetime
    reason: str = ""


def take_report(report: Report) -> bool:
    """Act on a report. False: nobody here has this address, or it was reported before."""
    email = normalise_email(report.address)
    subscriber = Subscriber.objects.filter(email=email).first()
    if subscriber is None:
        return False
    if report.outcome == Outcome.DELIVERED:
        return _note_delivery(subscriber, report.occurred_at)
    if report.outcome == Outcome.COMPLAINT:
        stop_all(subscriber, "complained", Evidence(method=Method.COMPLAINT, note=report.reason))
        return True
    return _take_bounce(subscriber, report)


def _note_delivery(subscriber: Subscriber, at: datetime) -> bool:
    rows = Subscriber.objects.filter(pk=subscriber.pk).exclude(latest_delivery_at__gte=at)
    return bool(rows.update(latest_delivery_at=at))


@transaction.atomic
def _take_bounce(subscriber: Subscriber, report: Report) -> bool:
    """Two reports at once wait for each other at the person's row."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    bounce, is_new = Bounce.objects.get_or_create(
        report_id=report.report_id[:200],
        defaults={
            "subscriber": subscriber,
            "is_hard": report.outcome == Outcome.HARD,
            "reason": report.reason[:200],
            "occurred_at": report.occurred_at,
        },
    )
    if not is_new:
        return False
    if bounce.is_hard or _has_bounced_enough(subscriber, report.occurred_at):
        stop_all(subscriber, "bounced", Evidence(method=Method.BOUNCE, note=report.reason))
    return True


def _has_bounced_enough(subscriber: Subscriber, now: datetime) -> bool:
    days = Bounce.objects.soft_since(subscriber, now, newsroom_settings.SOFT_BOUNCE_DAYS)
    return days >= newsroom_settings.SOFT_BOUNCE_LIMIT


def report_refused(mail: OutgoingMail) -> None:
    """The mail server refused the address itself when we sent to it."""
    if mail.subscriber is None:
        return
    take_report(
        Report(
            report_id=f"refused:{mail.pk}",
            outcome=Outcome.HARD,
            address=mail.subscriber.email,
            occurred_at=timezone.now(),
            reason="Refused by the mail server.",
        )
    )
