"""Further ways to look at a page before it is public, from other apps.

``NEWSROOM_PREVIEW_PROVIDER`` names a module with two functions: ``get_modes(page)`` gives pairs of
name and label, and ``show(page, mode)`` is a context in which the page is rendered for a mode,
its own or another; ``reader:AUDIENCE:PHASE`` names a phase, too.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from newsroom.conf import newsroom_settings


def _provided(name: str) -> Any:
    path = newsroom_settings.PREVIEW_PROVIDER
    return import_string(f"{path}.{name}") if path else None


class PreviewModesMixin:
    """For pages with a story in them. Put it before the base page."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        get_modes = _provided("get_modes")
        if get_modes is None:
            return super().preview_modes
        first, *others = super().preview_modes
        return [first, *get_modes(self), *others]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        show = _provided("show")
        if show is None:
            return super().serve_preview(request, mode_name)
        is_theirs = mode_name in dict(_provided("get_modes")(self))
        with show(self, mode_name):
            mode_name = self.default_preview_mode if is_theirs else mode_name
            response = super().serve_preview(request, mode_name)
            # Rendered here: outside, the races would be as they are.
            return response.render() if hasattr(response, "render") else response
