"""The slot through which another app says how far the race of a page is.

``NEWSROOM_PHASE_PROVIDER`` names a function that takes a page and returns a word, or None where
the page is about no race::

    def get_phase(page: object) -> str | None: ...

    get_phase.choices = [("counting", "Counting"), ...]  # the words, as editors read them

The words are at most 40 characters, are stored with signups and counts, and so stay the same for
ever. Asks are worded by them, and what an ask brought in is told by them.

A preview that plays a phase sets ``request.preview_phase`` to its word, which then stands for the
provider's: the asks of the page follow.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.module_loading import import_string

from newsroom.conf import newsroom_settings

PhaseProvider = Callable[[object], str | None]


def get_phase(page: object, request: HttpRequest | None = None) -> str:
    """Return the phase of a page; blank where there is none, or no provider."""
    played = getattr(request, "preview_phase", "")
    if played:
        return played
    provider = _provider()
    return (provider(page) or "") if provider and page is not None else ""


def get_phase_choices() -> list[tuple[str, object]]:
    """Return the words and their labels; empty without a provider that tells them."""
    return list(getattr(_provider(), "choices", ()))


def _provider() -> PhaseProvider | None:
    path = newsroom_settings.PHASE_PROVIDER
    return import_string(path) if path else None
