"""When mail goes out, and when lists are tended. A task makes one call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from newsroom.newsletters import sending, tending, topics


@shared_task(name="newsroom.newsletters.tasks.sweep_outbox")
def sweep_outbox(**_: Any) -> None:
    """Address announcements and send what is due."""
    topics.fan_out()
    sending.send_due()


@shared_task(name="newsroom.newsletters.tasks.tend_lists")
def tend_lists(**_: Any) -> None:
    """Remind, let go, end and clear away what is due."""
    tending.tend(timezone.now())
