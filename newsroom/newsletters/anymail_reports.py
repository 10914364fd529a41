"""Takes what django-anymail says of deliveries, where a site uses it."""

from django.utils import timezone

from newsroom.newsletters.reports import Outcome, Report, take_report

OUTCOMES = {
    "delivered": Outcome.DELIVERED,
    "complained": Outcome.COMPLAINT,
    "bounced": Outcome.HARD,
    "rejected": Outcome.HARD,
    "deferred": None,
}


def take_tracking_event(sender: object, event: object, esp_name: str, **kwargs: object) -> None:
    """Turn one event of a provider into a report.

    Providers call a bounce soft or hard in words of their own; anymail gives a reject reason only
    where it is sure. A bounce without one counts as soft.
    """
    outcome = OUTCOMES.get(event.event_type)
    if outcome is None or not event.recipient:
        return
    if outcome == Outcome.HARD and event.reject_reason not in ("invalid", "bounced"):
        outcome = Outcome.SOFT
    identity = event.event_id or f"{event.message_id}:{event.event_type}:{event.timestamp}"
    take_report(
        Report(
            report_id=f"{esp_name}:{identity}",
            outcome=outcome,
            address=event.recipient,
            occurred_at=event.timestamp or timezone.now(),
            reason=f"{esp_name}: {event.reject_reason or event.event_type}",
        )
    )


def connect() -> None:
    """Listen to anymail. Its app must be installed."""
    from anymail.signals import tracking

    tracking.connect(take_tracking_event, dispatch_uid="newsroom.newsletters.reports")
