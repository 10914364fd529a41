"""What the desk has laid over a race, or waits to say of it, as flags of its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.desk.board.flags import Flags, RowFlag, row_flags
from elections.desk.board.urgency import Urgency
from elections.models import Proposal
from elections.models.one_of import OneOf
from elections.widgets.facts import ContestFacts
from elections.widgets.interventions import NOTHING


@row_flags
def awaiting_approval(races: Sequence[ContestFacts], now: datetime) -> Flags:
    ids = [race.contest.pk for race in races]
    waiting = Proposal.objects.waiting().filter(contest__in=OneOf(ids)).select_related("made_by")
    return {
        proposal.contest_id: [
            RowFlag(
                _("Awaits approval"),
                _("%(who)s proposed: %(call)s.")
                % {
                    "who": proposal.made_by or _("Somebody"),
                    "call": proposal.get_kind_display(),
                },
                tone="critical",
                urgency=Urgency.WAITS,
                url=reverse("elections_proposals:inspect", args=[proposal.pk]),
            )
        ]
        for proposal in waiting
    }


@row_flags
def interventions(races: Sequence[ContestFacts], now: datetime) -> Flags:
    decided = [race for race in races if race.desk is not NOTHING]
    return {race.contest.pk: list(_interventions(race)) for race in decided}


def _interventions(race: ContestFacts) -> Iterator[RowFlag]:
    url = reverse("elections_decisions:race", args=[race.contest.pk])
    if race.desk.freeze is not None:
        yield RowFlag(_("Frozen"), _("Readers get no newer count of it."), "warning", url=url)
    if race.desk.pin is not None:
        yield RowFlag(_("Pinned"), _("Readers get an earlier count of it."), "warning", url=url)
    if race.conflicts:
        yield RowFlag(
            _("Overridden"),
            _("The source says another number by now. Check whether ours still holds."),
            tone="critical",
            urgency=Urgency.CONTRADICTION,
            url=url,
        )
    elif count := len(race.desk.overrides):
        numbers = ngettext("%(count)s number is ours.", "%(count)s numbers are ours.", count)
        yield RowFlag(_("Overridden"), numbers % {"count": count}, "warning", url=url)
