"""In the editor of a page: what its asks brought in."""

from __future__ import annotations

from django.utils import timezone
from wagtail.admin.panels import Panel

from newsroom.calls_to_action.reports import story_report


class AskNumbersPanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/admin/story_asks.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context: dict | None = None) -> dict:
            context = super().get_context_data(parent_context)
            return {**context, "asks": story_report(self.instance.pk, timezone.now())}
