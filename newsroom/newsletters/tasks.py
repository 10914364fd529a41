"""When mail goes out. A task makes one call."""

from typing import Any

from celery import shared_task

from newsroom.newsletters import topics


@shared_task(name="newsroom.newsletters.tasks.sweep_outbox")
def sweep_outbox(**_: Any) -> None:
    """Send what is due."""
    topics.fan_out()
