"""The figures of a result as a sentence of a story says them, each a few words.

They are published with the result, in the words that its state allows: while too little is
counted, nobody leads in a story either.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elections.counting.calls import RaceState
from elections.counting.places import CutLine
from elections.widgets.figures import number, percent, points, vote_count
from newsroom.style import time_and_full_day

if TYPE_CHECKING:
    from elections.widgets.result import Result

NO_LEADER = {RaceState.NO_COUNT, RaceState.COUNTING, RaceState.TIED}


def lead_json(state: RaceState, line: CutLine[int], *, is_plain: bool) -> dict[str, int] | None:
    """Return who is ahead of whom, by selection, and by how many votes; None where nobody is.

    ``is_plain``: the one with the most votes is ahead, which is not so of ranked choice.
    """
    if state in NO_LEADER or line.lead is None or not is_plain:
        return None
    lead = line.lead
    return {"ahead": lead.ahead, "behind": lead.behind, "votes": lead.margin_votes}


def spoken_figures(result: Result) -> dict[str, str]:
    """Return each figure by its kind; those of one selection as ``votes:31`` and ``share:31``."""
    figures = _margin(result) | _count(result)
    for row in result.rows:
        figures[f"votes:{row.selection_id}"] = vote_count(row.votes)
        figures[f"share:{row.selection_id}"] = row.share_text
    if not result.is_test:
        return figures
    return {kind: _("%(figure)s (a test)") % {"figure": text} for kind, text in figures.items()}


def _margin(result: Result) -> dict[str, str]:
    names = {row.selection_id: row.name for row in result.rows}
    lead = result.lead
    if lead is None or not result.total_votes:
        unknown = _("not known yet")
        tied = _("nobody: it is a tie")
        leader = tied if result.state is RaceState.TIED else _("nobody yet")
        return {
            "leader": leader,
            "trailing": leader,
            "margin": unknown,
            "margin_votes": unknown,
            "margin_points": unknown,
        }
    votes = vote_count(lead["votes"])
    difference = points(Fraction(lead["votes"], result.total_votes))
    return {
        "leader": names[lead["ahead"]],
        "trailing": names[lead["behind"]],
        "margin": _("%(votes)s (%(points)s)") % {"votes": votes, "points": difference},
        "margin_votes": votes,
        "margin_points": difference,
    }


def _count(result: Result) -> dict[str, str]:
    left, outlook = result.ballots_left, result.outlook or {}
    needed = outlook.get("share_needed")
    share = _("a share not known") if needed is None else percent(Fraction(str(needed)))
    if needed is not None and outlook.get("at_least"):
        share = _("at least %(share)s") % {"share": share}
    estimate = left and left.estimate
    ballots = _("a number not known") if estimate is None else number(estimate)
    return {
        "sentence": result.sentence,
        "catching_up": result.catch_up or _("It cannot be said now what would turn this race."),
        "total_votes": vote_count(result.total_votes),
        "needed_share": share,
        "ballots_left": ballots,
        "as_of": _as_of(result.counted_at, ZoneInfo(result.time_zone)),
    }


def _as_of(counted_at: datetime | None, zone: ZoneInfo) -> str:
    if counted_at is None:
        return _("before the first count")
    return _time_in(counted_at, zone, get_language())


@lru_cache(maxsize=256)
def _time_in(counted_at: datetime, zone: ZoneInfo, language: str | None) -> str:
    """All races of a document have one time. ``language`` is the active one: it is in the key."""
    return time_and_full_day(counted_at.astimezone(zone))
