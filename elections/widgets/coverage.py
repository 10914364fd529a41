"""Whose votes a result counts, where that is not everybody who votes in the race."""

from __future__ import annotations

from django.utils.translation import gettext as _

from elections.widgets.facts import ContestFacts


def coverage_note(facts: ContestFacts) -> str:
    """Say that only a part of the votes is counted here; "" where it is the whole.

    The editor's own words, or what follows from the source whose count is shown. Nothing is said
    before the first count: then nobody counts anything.
    """
    if facts.contest.coverage_note:
        return facts.contest.coverage_note
    place = facts.current.source.coverage if facts.current is not None else ""
    if not (place and facts.contest.reaches_beyond):
        return ""
    return _("Votes in %(place)s only.") % {"place": place}
