"""When mail goes out, and when lists are tended. A task makes one call."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from newsroom.newsletters import sending, tending, topics
from newsroom.newsletters.importing import batches
from newsroom.newsletters.models import SyncedList
from newsroom.newsletters.syncing import changes, comparing


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


@shared_task(name="newsroom.newsletters.tasks.tell_services")
def tell_services(**_: Any) -> None:
    """Tell each newsletter service what it has to know."""
    for synced_id in changes.lists_to_tell(timezone.now()):
        tell_service.apply_async(kwargs={"synced_id": synced_id}, retry=False, expires=30)


@shared_task(name="newsroom.newsletters.tasks.tell_service")
def tell_service(*, synced_id: int, **_: Any) -> None:
    changes.tell_list(synced_id)


@shared_task(name="newsroom.newsletters.tasks.compare_services")
def compare_services(**_: Any) -> None:
    """Compare each list that was not compared within a day."""
    for synced in comparing.lists_to_compare(timezone.now()):
        compare_service.apply_async(kwargs={"synced_id": synced.pk}, retry=False, expires=3600)


# A long list takes minutes to read. Taken off the queue at once, it is not handed out twice;
# what is lost with a worker comes again within the hour.
@shared_task(
    name="newsroom.newsletters.tasks.compare_service",
    acks_late=False,
    soft_time_limit=840,
    time_limit=900,
)
def compare_service(*, synced_id: int, **_: Any) -> None:
    synced = SyncedList.objects.select_related("newsletter").filter(pk=synced_id, is_active=True)
    for found in synced:
        comparing.compare(found)
