"""Previews of a page in each phase of its races; what ``NEWSROOM_PREVIEW_PROVIDER`` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.models import AbstractPage

from elections.prose.reading import contests_in, races_of
from elections.widgets.pretending import Phase, pretending


def get_modes(page: AbstractPage) -> list[tuple[str, str]]:
    """Return the phases that a page can be looked at in, whether it has a race yet or not.

    An editor may add one any moment, and the list stands in the editor when it opens.
    """
    return [(phase.value, str(phase.label)) for phase in Phase]


# What the phases of asks are called, in modes like ``reader:donor:called``.
OF_ASKS = {
    "before": Phase.BEFORE,
    "polls-closed": Phase.BEFORE,
    "counting": Phase.COUNTING,
    "called": Phase.CALLED,
    "certified": Phase.CERTIFIED,
}


def phase_of(mode: str | None) -> Phase | None:
    """Return the phase that a mode plays; None where it leaves the races as they are.

    A page that is looked at from code has no mode.
    """
    return Phase(mode) if mode in Phase.values else OF_ASKS.get((mode or "").rpartition(":")[2])


@contextmanager
def show(page: AbstractPage, mode: str) -> Iterator[None]:
    """Let the page's races be in a phase while it is rendered; any other mode changes nothing."""
    phase = phase_of(mode)
    if phase is None:
        yield
        return
    with pretending(races_of(page), phase) as rows:
        for contest in contests_in(page):
            if contest.pk in rows:
                contest.published = rows[contest.pk]
        yield
