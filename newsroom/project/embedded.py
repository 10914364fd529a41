"""Celery's worker and schedule as threads of this process, for the demo on one machine.

With the memory:// broker the queue lives and dies with the process; with REDIS_URL it is the
same worker on a real queue. Not for production: threads cannot be killed, so a task that hangs
keeps its thread, and the time limits of the settings do not apply.
"""

import threading
from typing import Any

from celery import Celery, beat
from celery.worker import WorkController

CONCURRENCY = 4


class _QuietWorker(WorkController):
    """A worker without signal handlers, banner and process title: this process has its own."""

    def on_before_init(self, **kwargs: Any) -> None:
        self.app.set_current()
        self.app.finalize()


class EmbeddedCelery:
    """Start with ``start``; ``stop`` returns within its time even while a task runs."""

    def __init__(self, app: Celery):
        self.worker = _QuietWorker(
            app=app,
            pool="threads",
            concurrency=CONCURRENCY,
            hostname="embedded@localhost",
            loglevel="WARNING",
            soft_time_limit=None,
            time_limit=None,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self.beat = beat.Service(app, scheduler_cls=beat.Scheduler, remote_control=False)

    def start(self) -> None:
        threading.Thread(target=self.worker.start, name="celery-worker", daemon=True).start()
        threading.Thread(target=self.beat.start, name="celery-beat", daemon=True).start()

    def stop(self, seconds: float) -> bool:
        """Stop ticking, take no new task, let running ones end. Return whether all have ended."""
        self.beat.stop(wait=False)
        ending = threading.Thread(target=self.worker.stop, name="celery-stop", daemon=True)
        ending.start()
        ending.join(seconds)
        return not ending.is_alive()
