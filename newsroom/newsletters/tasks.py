"""When mail goes out, and when lists are tended. A task makes one call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from newsroom.newsletters import sending, tending, topics
from newsroom.newsletters.importing import batches


@shared_task(name="newsroom.newsletters.tasks.sweep_outbox")
def sweep_outbox(**_: Any) -> None:
    """Address announcements and send what is due."""
    topics.fan_out()
    sending.send_due()


@shared_task(name="newsroom.newsletters.tasks.tend_lists")
def tend_lists(**_: Any) -> None:
    """Remind, let go, end and clear away what is due."""
    tending.tend(timezone.now())


@shared_task(name="newsroom.newsletters.tasks.carry_on_import")
def carry_on_import(*, batch_id: int, **_: Any) -> None:
    """Do more of one import, and ask for the rest."""
    if batches.carry_on(batch_id):
        batches.nudge(batch_id)


@shared_task(name="newsroom.newsletters.tasks.carry_on_imports")
def carry_on_imports(**_: Any) -> None:
    """Ask for what is left of every import: the worker that had it may be gone."""
    for batch_id in batches.busy_batches():
        batches.nudge(batch_id)
