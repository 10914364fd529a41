"""When to ask again. A task turns ids into objects and makes one call."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from wagtail.models import AbstractPage

from elections import announcing, ingest, reconciling
from elections.alerts import outbox, sending, watch
from elections.models import Heartbeat, Source
from elections.prose import checking
from elections.widgets import files, publish
from elections.widgets.expiry import end_overrides

TICK_SECONDS = 10


@shared_task(name="elections.tasks.refresh_due")
def refresh_due(**_: Any) -> int:
    """Queue a refresh of every source that is due; return how many."""
    due = Source.objects.due(timezone.now())
    for source in due:
        refresh_source.apply_async(kwargs={"source_id": source.pk}, expires=3 * TICK_SECONDS)
    Heartbeat.beat("refresh_due", timezone.now())
    return len(due)


@shared_task(name="elections.tasks.refresh_source")
def refresh_source(*, source_id: int, out_of_turn: bool = False, **_: Any) -> None:
    """Ask one source, if it is still due: another worker may have asked it since.

    ``out_of_turn`` is a person's wish and asks an active source whether it is due or not.
    """
    sources = Source.objects.filter(pk=source_id)
    if out_of_turn:
        asked = sources.filter(is_active=True).select_related("election")
    else:
        asked = sources.due(timezone.now())
    for source in asked:
        ingest.refresh(source)


@shared_task(name="elections.tasks.publish_due")
def publish_due(**_: Any) -> None:
    """Publish what went stale without a count, write files that are behind, end what is over."""
    try:
        publish.publish_stale()
    finally:
        try:
            files.write_files_behind()
        finally:
            # A store that is full takes no decision of the desk's away.
            end_overrides(timezone.now())
            reconciling.hold_switches_due(timezone.now())
    Heartbeat.beat("publish_due", timezone.now())


@shared_task(name="elections.tasks.alert_due")
def alert_due(**_: Any) -> None:
    """Look for what the desk should know, and send what is in the outbox."""
    watch.look(timezone.now())
    outbox.fill_outbox(timezone.now())
    sending.send_due(timezone.now())
    Heartbeat.beat("alert_due", timezone.now())


@shared_task(name="elections.tasks.tell_followers")
def tell_followers(**_: Any) -> int:
    """Announce calls and corrections to the followers of races, and end what is certified."""
    return announcing.tell_followers(timezone.now())


@shared_task(name="elections.tasks.check_stories")
def check_stories(**_: Any) -> int:
    """Hold the stories of the races that moved on against them; return how many."""
    return checking.check_stories(timezone.now())


@shared_task(name="elections.tasks.check_story")
def check_story(*, page_id: int, **_: Any) -> None:
    checking.check_page_by_id(page_id)


def note_published(sender: type, instance: AbstractPage, **_: Any) -> None:
    """Have a page held against its races. Without a queue their next publication does it."""
    task = partial(check_story.delay, page_id=instance.pk)
    transaction.on_commit(task, robust=True)


def note_gone(sender: type, instance: AbstractPage, **_: Any) -> None:
    checking.forget_page(instance.pk)
