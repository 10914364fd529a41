"""When counts of asks are written down. A task makes one call."""

from typing import Any

from celery import shared_task

from newsroom.calls_to_action import counters


@shared_task(name="newsroom.calls_to_action.tasks.flush_counts")
def flush_counts(**_: Any) -> int:
    """Write what Redis has counted of asks into rows."""
    return counters.flush()
