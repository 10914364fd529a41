"""Previews of a page as one kind of reader in one phase of its race.

A mode is named ``reader:AUDIENCE:PHASE``; the phase is blank where there is none to play. The
asks follow both; what else follows the phase reads ``request.preview_phase``. A preview remembers
and reports nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from newsroom.calls_to_action.phases import get_phase_choices

PREFIX = "reader"
READERS = {
    "anonymous": _("A new reader"),
    "pending": _("Somebody who has not confirmed yet"),
    "subscriber": _("A subscriber"),
    "donor": _("A donor"),
}


def reader_modes() -> list[tuple[str, str]]:
    """Return a mode for each kind of reader, as the page is, and in each phase."""
    modes = [(f"{PREFIX}:{key}:", str(label)) for key, label in READERS.items()]
    for phase, name in get_phase_choices():
        modes += [(f"{PREFIX}:{key}:{phase}", f"{label}. {name}") for key, label in READERS.items()]
    return modes


def play_mode(request: HttpRequest, mode_name: str) -> bool:
    """Tell the request whom and what a mode plays. False: it is another kind of mode."""
    prefix, _colon, rest = (mode_name or "").partition(":")
    audience, _colon, phase = rest.partition(":")
    if prefix != PREFIX or audience not in READERS:
        return False
    request.preview_audience = audience
    request.preview_phase = phase
    return True


class ReaderPreviewMixin:
    """For page types that show asks. Put it before the base page."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [*super().preview_modes, *reader_modes()]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        play_mode(request, mode_name)
        return super().serve_preview(request, mode_name)
