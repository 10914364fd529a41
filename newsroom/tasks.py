"""What stories have done in the background. A task makes one call."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from wagtail.models import AbstractPage

from newsroom import embed_checks, linking

logger = logging.getLogger(__name__)


@shared_task(name="newsroom.tasks.check_embeds")
def check_embeds(**_: Any) -> int:
    """Ask about the embeds that are due; return how many."""
    return embed_checks.check_due()


def note_published(sender: type, instance: AbstractPage, **_: Any) -> None:
    """Write down what a page embeds and links to, and have new embeds looked at.

    Without a task queue nothing is lost: the next run of the schedule looks at it.
    """
    linking.note_links(instance)
    if embed_checks.note_uses(instance):
        transaction.on_commit(check_embeds.delay, robust=True)


def note_gone(sender: type, instance: AbstractPage, **_: Any) -> None:
    """Forget what a page embedded and linked to: readers no longer have it."""
    linking.forget_links(instance.pk)
    embed_checks.forget_uses(instance.pk)
