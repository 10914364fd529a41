"""What sources say about who won a race, and the call that the desk can make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from elections.models import Contest, ReportedCall


@dataclass(frozen=True)
class ToldCall:
    """A source's statement in a sentence. ``make_url`` is "" where there is no call to make."""

    sentence: str
    make_url: str


def told_calls(contest: Contest) -> list[ToldCall]:
    """Return the latest statement of each source about the race, in two queries."""
    names = dict(contest.selections.values_list("pk", "name"))
    return [
        ToldCall(_say(row, contest, names), _make_url(row, contest))
        for row in ReportedCall.objects.latest([contest.pk]).select_related("source")
    ]


def initial_of(contest: Contest, pk: str) -> dict[str, Any]:
    """Return what the form of a call says when it follows a source; {} for another race's."""
    is_id = pk.isascii() and pk.isdecimal() and len(pk) < 19
    row = ReportedCall.objects.filter(contest=contest, pk=pk).first() if is_id else None
    if row is None or not row.kind:
        return {}
    names = dict(contest.selections.values_list("pk", "name"))
    return {
        "kind": row.kind,
        "selections": row.selections,
        "authority": row.authority,
        "reason": _say(row, contest, names),
        "source_url": row.source.public_url,
    }


def _say(row: ReportedCall, contest: Contest, names: dict[int, str]) -> str:
    """``The Associated Press: Winner: Dee Pattern, at 9:42 p.m. Nov. 5, 2030.``"""
    if not row.kind:
        return _("%(authority)s calls nobody any more, or has taken its call back.") % {
            "authority": row.authority
        }
    who = ", ".join(names.get(pk, "?") for pk in row.selections)
    at = (row.called_at or row.recorded_at).astimezone(contest.election.zone)
    facts = {
        "authority": row.authority,
        "call": f"{row.get_kind_display()}: {who}" if who else row.get_kind_display(),
        "time": format_date(at, "P N j, Y"),
    }
    if row.called_at is None:
        return _("%(authority)s said “%(call)s”, seen by us at %(time)s.") % facts
    return _("%(authority)s said “%(call)s” at %(time)s.") % facts


def _make_url(row: ReportedCall, contest: Contest) -> str:
    if not row.kind or not contest.is_confirmed:
        return ""
    query = urlencode({"contest": contest.pk, "told": row.pk})
    return f"{reverse('elections_calls:add')}?{query}"
