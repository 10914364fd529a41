"""The races that need somebody, on the admin's first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from elections.desk.board.rights import may_read_the_desk
from elections.desk.board.rows import build_rows
from elections.models import Contest, Election

RACES = 5


class RacesToWatch(Component):
    name = "races_to_watch"
    template_name = "elections/desk/board/panel.html"
    order = 50

    def __init__(self, election: Election):
        self.election = election

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        confirmed = Contest.objects.confirmed().filter(election=self.election)
        rows = build_rows(list(confirmed.values_list("pk", flat=True)), timezone.now())
        needing = [row for row in rows if row.needs_somebody]
        return {
            "election": self.election,
            "rows": needing[:RACES],
            "count": len(needing),
            "total": len(rows),
        }


def add_races_to_watch(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel for who reads the desk, while the latest election is not certified."""
    if not may_read_the_desk(request.user):
        return
    election = Election.objects.first()
    if election is None or (election.certified_at and election.certified_at <= timezone.now()):
        return
    panels.append(RacesToWatch(election))
