"""What sources that call races say, beside what the desk says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from elections.counting import calls
from elections.counting.calls import CallFact, CallKind
from elections.desk.board.flags import Flags, RowFlag, row_flags
from elections.desk.board.urgency import Urgency
from elections.models import ReportedCall
from elections.widgets.facts import ContestFacts

BESIDE = {CallKind.CONCEDED, CallKind.CERTIFIED}


@row_flags
def told_flags(races: Sequence[ContestFacts], now: datetime) -> Flags:
    """Flag what a source calls and the desk does not, or calls otherwise; one query for all."""
    by_id = {race.contest.pk: race for race in races}
    flags: dict[int, list[RowFlag]] = defaultdict(list)
    for told in ReportedCall.objects.latest(list(by_id)):
        flag = _flag(told, by_id[told.contest_id]) if told.kind else None
        if flag is not None:
            flags[told.contest_id].append(flag)
    return flags


def _flag(told: ReportedCall, race: ContestFacts) -> RowFlag | None:
    made = [call.as_fact() for call in race.calls]
    in_force = calls.standing_calls(made, seats=race.contest.number_elected)
    statements = [call for call in in_force if call.kind not in BESIDE]
    if any(_says_so(call, told) for call in statements):
        return None
    names = {selection.pk: selection.name for selection in race.selections}
    who = ", ".join(names.get(pk, "?") for pk in told.selections)
    said = f"{told.get_kind_display()}: {who}" if who else str(told.get_kind_display())
    query = urlencode({"contest": race.contest.pk, "told": told.pk})
    return RowFlag(
        _("%(authority)s says otherwise") % {"authority": told.authority}
        if statements
        else _("%(authority)s called it") % {"authority": told.authority},
        said,
        tone="critical" if statements else "warning",
        urgency=Urgency.CONTRADICTION if statements else Urgency.WAITS,
        url=f"{reverse('elections_calls:add')}?{query}",
    )


def _says_so(call: CallFact, told: ReportedCall) -> bool:
    """Whether a call names whom the source names; an apparent winner is near enough."""
    if not told.selections:
        return call.kind.value == told.kind
    return set(told.selections) <= set(call.selection_ids)
