"""Counts that people bring when no feed does: typed for a race, and taken in like a document.

Each race that is typed has a source of its own, so that the time of one clerk's page never
makes another race's count look old.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from elections import ingest
from elections.counting.guards import Reason
from elections.feeds import typed
from elections.models import Contest, CurrentCount, ExternalIdentifier, Fetch, Selection, Source

ANSWERED_FOR = frozenset({Reason.TOO_FEW_CONTESTS})
"""A race that is alone in its document cannot lack others."""


def typed_source(contest: Contest) -> Source | None:
    """Return the source of a race's typed counts; None while nobody has typed any."""
    return Source.objects.filter(
        election=contest.election_id, provider=typed.name, address=_address(contest)
    ).first()


def other_sources(contest: Contest) -> list[Source]:
    """Return the sources besides the typed one that have counted this race."""
    counted = CurrentCount.objects.filter(contest=contest).exclude(source__provider=typed.name)
    return [current.source for current in counted.select_related("source")]


def take_in_typed(
    contest: Contest,
    votes: Mapping[int, int],
    *,
    counted_at: datetime,
    said_by: str,
    typed_by: Any,
    now: datetime,
) -> Fetch | None:
    """Take in what somebody typed for one race: each selection's id and its votes.

    ``said_by`` is the office whose page it was; readers see it as the source. Returns the
    attempt's row, or None while somebody else is typing this race.
    """
    with transaction.atomic():
        # One at a time: the first of two people who type a race makes its source.
        Contest.objects.select_for_update().get(pk=contest.pk)
        selections = {one.pk: one for one in contest.selections.all()}
        source = _open_source(contest, said_by)
        _name_ourselves(contest, selections.values())
    body = write_typed(
        contest,
        {selections[pk]: count for pk, count in votes.items()},
        counted_at=counted_at,
        said_by=said_by,
        typed_by=typed_by,
    )
    return ingest.take_in(source, body, now=now, sent_by=typed_by, waived=ANSWERED_FOR)


def write_typed(
    contest: Contest,
    votes: Mapping[Selection, int],
    *,
    counted_at: datetime,
    said_by: str,
    typed_by: Any,
) -> bytes:
    """Return the document of one race's typed count."""
    counts = tuple((one.pk, one.answer or one.name, count) for one, count in votes.items())
    return typed.write(
        [typed.TypedRace(contest.pk, contest.name, counts)],
        counted_at=counted_at.astimezone(contest.election.zone),
        said_by=said_by,
        typed_by=typed_by.get_username(),
    )


def _address(contest: Contest) -> str:
    return f"race:{contest.pk}"


def _open_source(contest: Contest, said_by: str) -> Source:
    source, is_new = Source.objects.get_or_create(
        election=contest.election,
        provider=typed.name,
        address=_address(contest),
        defaults={"name": said_by, "mode": Source.Mode.BY_HAND},
    )
    if not is_new and source.name != said_by:
        source.name = said_by
        source.save(update_fields=["name"])
    return source


def _name_ourselves(contest: Contest, selections: Any) -> None:
    """Write down that our own ids mean ourselves, for what is not written down yet."""
    key = str(contest.pk)
    known = set(contest.identifiers.filter(provider=typed.name).values_list("selection", flat=True))
    names: list[tuple[Selection | None, str]] = [(None, key)]
    names += [(one, one.answer or str(one.pk)) for one in selections]
    ExternalIdentifier.objects.bulk_create(
        ExternalIdentifier(
            election=contest.election,
            provider=typed.name,
            contest=contest,
            selection=selection,
            reported_contest=key,
            value=value,
        )
        for selection, value in names
        if (selection and selection.pk) not in known
    )
