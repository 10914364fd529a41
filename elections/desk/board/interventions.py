"""What the desk has laid over a race, or waits to say of it, as flags of its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.desk.board.flags import Flags, RowFlag, row_flags
from elections.desk.board.urgency import Urgency
from elections.models import Freeze, Override, Pin, Proposal
from elections.widgets.facts import ContestFacts


@row_flags
def awaiting_approval(races: Sequence[ContestFacts], now: datetime) -> Flags:
    waiting = Proposal.objects.waiting().filter(contest__in=_ids(races)).select_related("made_by")
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
            )
        ]
        for proposal in waiting
    }


@row_flags
def frozen(races: Sequence[ContestFacts], now: datetime) -> Flags:
    flag = RowFlag(_("Frozen"), _("Readers get no newer count of it."), tone="warning")
    frozen_ids = Freeze.objects.in_force(now).filter(contest__in=_ids(races))
    return {contest_id: [flag] for contest_id in frozen_ids.values_list("contest_id", flat=True)}


@row_flags
def pinned(races: Sequence[ContestFacts], now: datetime) -> Flags:
    flag = RowFlag(_("Pinned"), _("Readers get an earlier count of it."), tone="warning")
    pinned_ids = Pin.objects.in_force(now).filter(contest__in=_ids(races))
    return {contest_id: [flag] for contest_id in pinned_ids.values_list("contest_id", flat=True)}


@row_flags
def overridden(races: Sequence[ContestFacts], now: datetime) -> Flags:
    numbers: dict[int, int] = defaultdict(int)
    rows = Override.objects.in_force(now).filter(contest__in=_ids(races))
    for contest_id in rows.values_list("contest_id", flat=True):
        numbers[contest_id] += 1
    return {
        contest_id: [
            RowFlag(
                _("Overridden"),
                ngettext("%(count)s number is ours.", "%(count)s numbers are ours.", count)
                % {"count": count},
                tone="warning",
            )
        ]
        for contest_id, count in numbers.items()
    }


def _ids(races: Sequence[ContestFacts]) -> list[int]:
    return [race.contest.pk for race in races]
