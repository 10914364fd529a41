"""A result links to its race's page: when that page comes, goes or moves, so does the link."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction

from elections.widgets import publish

logger = logging.getLogger(__name__)


def publish_address(sender: Any, instance: Any, **_: Any) -> None:
    """Publish the result of the page's contest again once the page is saved."""
    transaction.on_commit(partial(_publish, instance.contest_id))


def _publish(contest_id: int) -> None:
    try:
        publish.publish([contest_id])
    except publish.PublishError:
        # The page is published all the same; the periodic sweep tries the result again.
        logger.exception("The address of contest %s could not be published.", contest_id)
