"""One candidate under several names of a feed: a name that a feed has corrected is joined to ours.

A feed without ids knows a candidate by the name. When it corrects one, the name is new to us and
the old one is gone, so that the count is held until somebody says that the two are one person.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.counting.guards import ContestVerdict, judge_contest
from elections.models import (
    Contest,
    ContestCount,
    CountDetails,
    ExternalIdentifier,
    Hold,
    ReportedCall,
    Selection,
    Source,
)
from elections.storing import release_hold


def new_names(source: Source) -> QuerySet[Selection]:
    """Return the names that a feed has added to confirmed races, and that nobody has checked."""
    named = ExternalIdentifier.objects.filter(
        election=source.election_id, provider=source.provider, selection__isnull=False
    )
    added = Selection.objects.filter(
        pk__in=named.values("selection"), is_new=True, contest__status=Contest.Status.CONFIRMED
    )
    return added.select_related("contest").order_by("contest", "order", "pk")


@transaction.atomic
def join(new: Selection, ours: Selection) -> None:
    """Make a feed's new name one more name of ``ours``; its counts and holds come along.

    The link to the feed stays for both names, so that either is understood from now on. What was
    held only because the old name was gone is released.

    :raises ValidationError: the two cannot be one; the reason is for the editor.
    """
    contest = Contest.objects.select_for_update().get(pk=ours.contest_id)
    new = Selection.objects.filter(pk=new.pk).first()
    if new is None or not new.is_new:
        raise ValidationError(_("Somebody else has decided on this name. Look once more."))
    if new.contest_id != contest.pk or new.pk == ours.pk:
        raise ValidationError(_("Choose somebody else of the same race."))
    if _is_in_use(new):
        raise ValidationError(_("Something was decided about this name already. Take it back."))
    counts = list(ContestCount.objects.filter(contest=contest, votes__has_key=str(new.pk)))
    holds = list(Hold.objects.select_for_update().filter(contest=contest))
    for votes in (*(count.votes for count in counts), *(hold.votes_held for hold in holds)):
        if {str(new.pk), str(ours.pk)} <= votes.keys():
            raise ValidationError(_("The feed counts both names at once: they are two people."))
    key = str(new.pk)
    for count in counts:
        count.votes = _renamed(count.votes, key, ours)
    ContestCount.objects.bulk_update(counts, ["votes"], batch_size=500)
    CountDetails.objects.filter(contest=contest).delete()  # Read again from their documents.
    for told in ReportedCall.objects.filter(contest=contest):
        if new.pk in told.selections:
            told.selections = [ours.pk if pk == new.pk else pk for pk in told.selections]
            told.save(update_fields=["selections"])
    new.identifiers.update(selection=ours)
    new.delete()
    for hold in holds:
        _rename_in_hold(hold, contest, key, ours)
    contest.save(update_fields=["updated_at"])


def _renamed(votes: Mapping[str, int], key: str, ours: Selection) -> dict[str, int]:
    return {str(ours.pk) if pk == key else pk: count for pk, count in votes.items()}


def _rename_in_hold(hold: Hold, contest: Contest, key: str, ours: Selection) -> None:
    if key not in hold.votes_held and key not in hold.votes_shown:
        return
    hold.votes_held = _renamed(hold.votes_held, key, ours)
    hold.votes_shown = _renamed(hold.votes_shown, key, ours)
    yes = Selection.objects.yes_of(contest)
    judgement = judge_contest(
        hold.votes_shown,
        hold.votes_held,
        rule=contest.rule,
        pooled={str(pk) for pk in Selection.objects.pooled_in(contest)},
        yes=None if yes is None else str(yes),
        thresholds=contest.possible_thresholds,
    )
    hold.changes_winners, hold.changed_at = judgement.changes_winners, timezone.now()
    hold.save()
    is_over = judgement.verdict is not ContestVerdict.HELD
    if is_over and hold.decision == Hold.Decision.OPEN and hold.instead_of_id is None:
        note = _("%(source)s has corrected how a name is spelt.") % {"source": hold.source.name}
        release_hold(hold, now=timezone.now(), public_note=note)


def _is_in_use(selection: Selection) -> bool:
    """Whether anything but its link to a feed hangs on it: calls, proposals, corrections."""
    relations = Selection._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: selection}).exists()
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and relation.related_model is not ExternalIdentifier
    )
