"""From alerts to messages: who is to be told what, decided once and in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from elections.models import Alert, AlertDelivery, AlertSubscription, AlertWebhook

OPENED, RECOVERED = AlertDelivery.About.OPENED, AlertDelivery.About.RECOVERED


@transaction.atomic
def fill_outbox(now: datetime) -> int:
    """Write a message for each receiver of each alert that nobody was told of; return how many.

    What happens while it is muted is never told. What lasts is told when the mute has
    ended, unless it is over by then. An end is told only where the beginning was.
    """
    untold = Alert.objects.filter(told_at=None, is_silent=False)
    untold.filter(Q(lasts=True, closed_at__isnull=False)).update(is_silent=True)
    muted = untold.filter(lasts=False).muted(now)
    Alert.objects.filter(pk__in=list(muted.values_list("pk", flat=True))).update(is_silent=True)
    opened = _locked(untold.unmuted(now))
    over = Alert.objects.exclude(told_at=None).exclude(closed_at=None)
    recovered = _locked(over.filter(recovery_told_at=None))
    told_again = set(over.unmuted(now).filter(pk__in=recovered).values_list("pk", flat=True))
    receivers = _Receivers()
    messages = [*receivers.messages(opened.values(), OPENED, now)]
    loud = [alert for pk, alert in recovered.items() if pk in told_again]
    messages += receivers.messages(loud, RECOVERED, now)
    AlertDelivery.objects.bulk_create(messages, ignore_conflicts=True)
    Alert.objects.filter(pk__in=opened).update(told_at=now)
    Alert.objects.filter(pk__in=recovered).update(recovery_told_at=now)
    return len(messages)


def _locked(alerts) -> dict[int, Alert]:
    rows = alerts.order_by("pk").select_for_update(of=("self",))
    return {alert.pk: alert for alert in rows}


class _Receivers:
    """Who gets mail about which kind, and which chats there are."""

    def __init__(self) -> None:
        self.webhooks = list(AlertWebhook.objects.filter(is_active=True))
        self.users_by_kind: dict[str, list[int]] = {}
        subscriptions = AlertSubscription.objects.filter(user__is_active=True)
        may_read = {
            user.pk
            for user in get_user_model().objects.filter(alert_subscriptions__isnull=False)
            if user.email and user.has_perm("elections.view_alert")
        }
        for user_id, kind in subscriptions.values_list("user", "kind"):
            if user_id in may_read:
                self.users_by_kind.setdefault(kind, []).append(user_id)

    def messages(
        self, alerts: Iterable[Alert], about: str, now: datetime
    ) -> Iterable[AlertDelivery]:
        for alert in alerts:
            for user_id in self.users_by_kind.get(alert.kind, ()):
                yield AlertDelivery(alert=alert, about=about, user_id=user_id, next_try_at=now)
            for webhook in self.webhooks:
                if webhook.wants(alert.kind):
                    yield AlertDelivery(alert=alert, about=about, webhook=webhook, next_try_at=now)
