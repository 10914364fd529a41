"""In the editor of a story: what it leads on to, and why."""

from __future__ import annotations

from wagtail.admin.panels import Panel


class OnwardPanel(Panel):
    """Its template asks ``newsroom.finding``, which stands above the models."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/admin/onward.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)
