"""A result links to its race's page: when that page comes, goes or moves, so does the link."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from elections.pages.models import RacePage
from elections.widgets import publish


def publish_address(sender: Any, instance: Any, **_: Any) -> None:
    """Publish the result of the page's contest again once the page is saved."""
    _publish_soon([instance.contest_id])


def publish_addresses_below(sender: Any, instance: Any, **_: Any) -> None:
    """Publish the results whose race has its page below this one, or is this one."""
    pages = RacePage.objects.descendant_of(instance, inclusive=True)
    if contest_ids := list(pages.values_list("contest", flat=True)):
        _publish_soon(contest_ids)


def _publish_soon(contest_ids: list[int]) -> None:
    def publish_wanted() -> None:
        publish.publish(contest_ids)

    # A failure is logged: the page is saved all the same.
    transaction.on_commit(publish_wanted, robust=True)
