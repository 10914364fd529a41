"""A feed's race was joined to the wrong race of ours: it is taken away and is a draft again.

Everything that came by the link goes along: counts, what they say in parts, calls of the source,
ballots left. What the desk decided about our race stays with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.counting.results import ContestCount as ReportedContest
from elections.counting.results import SelectionCount
from elections.feeds import get_provider
from elections.feeds.contract import FeedError
from elections.matching import draft_again
from elections.models import (
    BallotsRemaining,
    Contest,
    ContestCount,
    CountDetails,
    CurrentCount,
    ExternalIdentifier,
    Freeze,
    Hold,
    Override,
    Pin,
    ReportedCall,
    Source,
    WatchedCount,
)


@transaction.atomic
def unlink(name: ExternalIdentifier) -> Contest:
    """Take what a feed calls ``name`` away from our race; return the draft that it is now.

    :raises ValidationError: something of the desk rests on its counts; the reason says what.
    """
    contest = Contest.objects.select_for_update().get(pk=name.contest_id)
    name = ExternalIdentifier.objects.filter(pk=name.pk, contest=contest, selection=None).first()
    if name is None or not contest.is_confirmed:
        raise ValidationError(_("Somebody else has unlinked it already."))
    sources = Source.objects.filter(election=contest.election_id, provider=name.provider)
    counts = ContestCount.objects.filter(contest=contest, snapshot__source__in=sources)
    _check(contest, sources, counts)
    theirs = contest.identifiers.filter(provider=name.provider)
    names = {row.value: row.selection_id for row in theirs if row.selection_id is not None}
    reported = _reported(name, names, sources)
    theirs.delete()
    draft_id, keys = draft_again(
        reported, election=contest.election, provider=get_provider(name.provider)
    )
    ours_to_theirs = {names[key]: pk for key, pk in keys.items() if key in names}
    _move(contest, draft_id, sources, counts, ours_to_theirs)
    contest.save(update_fields=["updated_at"])
    return Contest.objects.get(pk=draft_id)


def _check(contest: Contest, sources: QuerySet[Source], counts: QuerySet[ContestCount]) -> None:
    if Hold.objects.open().filter(contest=contest, source__in=sources).exists():
        raise ValidationError(_("A count of this feed is held. Release or reject it first."))
    standing = [
        model.objects.filter(contest=contest, ended_at=None).filter(rests).exists()
        for model, rests in (
            (Freeze, Q(count__in=counts)),
            (Pin, Q(count__in=counts)),
            (Override, Q(source__in=sources)),
        )
    ]
    if any(standing):
        raise ValidationError(
            _("The desk has frozen, pinned or corrected a count of this feed. End that first.")
        )


def _reported(
    name: ExternalIdentifier, names: Mapping[str, int], sources: QuerySet[Source]
) -> ReportedContest:
    """Return the feed's race in its own words, with every name it ever had for a selection."""
    found = next(filter(None, (_read(source, name) for source in sources)), None)
    if found is None:
        return ReportedContest(
            name.reported_contest, tuple(SelectionCount(value, 0) for value in names)
        )
    known = {selection.key for selection in found.selections}
    earlier = (SelectionCount(value, 0) for value in names if value not in known)
    return _with_selections(found, (*found.selections, *earlier))


def _with_selections(
    contest: ReportedContest, selections: tuple[SelectionCount, ...]
) -> ReportedContest:
    facts = {field: getattr(contest, field) for field in contest.__struct_fields__}
    return type(contest)(**{**facts, "selections": selections})


def _read(source: Source, name: ExternalIdentifier) -> ReportedContest | None:
    """Find the race in the document that stands; None where it is not in it any more."""
    state = getattr(source, "state", None)
    if state is None or state.standing is None:
        return None
    try:
        report = get_provider(source.provider).parse(state.standing.body)
    except FeedError:
        return None
    return next((one for one in report.contests if one.key == name.reported_contest), None)


def _move(
    contest: Contest,
    draft_id: int,
    sources: QuerySet[Source],
    counts: QuerySet[ContestCount],
    ours_to_theirs: Mapping[int, int],
) -> None:
    moved = list(counts)
    for count in moved:
        count.contest_id = draft_id
        count.votes = {str(ours_to_theirs[pk]): votes for pk, votes in count.tally.items()}
    ContestCount.objects.bulk_update(moved, ["contest", "votes"], batch_size=500)
    for model in (CurrentCount, ReportedCall):
        model.objects.filter(contest=contest, source__in=sources).update(contest=draft_id)
    for told in ReportedCall.objects.filter(contest=draft_id):
        told.selections = [ours_to_theirs[pk] for pk in told.selections if pk in ours_to_theirs]
        told.save(update_fields=["selections"])
    CurrentCount.objects.filter(contest=draft_id).update(changed_at=timezone.now())
    BallotsRemaining.objects.filter(contest=contest, snapshot__source__in=sources).update(
        contest=draft_id
    )
    # Read again from their documents, and looked at again from the start.
    CountDetails.objects.filter(contest=contest, source__in=sources).delete()
    WatchedCount.objects.filter(contest=contest).delete()
