"""What the desk changes reaches readers as soon as it is stored."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import transaction

from elections.models import Contest, Election
from elections.widgets import files, publish

logger = logging.getLogger(__name__)


def publish_soon(contest_ids: Iterable[int]) -> None:
    """Publish these races once the transaction is through.

    A failure is logged and harms nobody's form: the periodic ``publish_due`` tries
    again.
    """
    wanted = sorted(set(contest_ids))

    def publish_wanted() -> None:
        publish.publish(wanted)

    if wanted:
        transaction.on_commit(publish_wanted, robust=True)


def publish_election_soon(election: Election) -> None:
    """Publish all races of an election whose readers would see something new."""
    publish_soon(Contest.objects.filter(election=election).values_list("pk", flat=True))


def rewrite_manifest_soon(election_id: int) -> None:
    """Take a race that is gone out of what the pages of its election poll."""

    def rewrite_manifest() -> None:
        files.write_files(election_id)

    transaction.on_commit(rewrite_manifest, robust=True)
