"""One race: its facts, and where each number that readers see came from."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from wagtail.snippets.views import snippets

from elections.desk.calls import call_text
from elections.desk.race_record import build_record
from elections.desk.side_by_side import side_by_side
from elections.desk.told_calls import told_calls
from elections.models import Contest, ExternalIdentifier, Published, Source

LINES = 50


def published_row(contest_id: int) -> Published | None:
    """Return what readers got, with the document and the call it was built from."""
    rows = Published.objects.select_related(
        "contest__election", "count__snapshot__source", "call__retracts"
    )
    rows = rows.prefetch_related("call__selections").defer(
        "html", "payload", "count__snapshot__compressed"
    )
    return rows.filter(pk=contest_id).first()


def _feed_names(contest: Contest) -> list[tuple[str, ExternalIdentifier]]:
    """Return what each feed calls a confirmed race, with the names of its sources."""
    if not contest.is_confirmed:
        return []
    sources: dict[str, list[str]] = {}
    counting = Source.objects.filter(current_counts__contest=contest)
    for source in counting.order_by("precedence", "pk"):
        sources.setdefault(source.provider, []).append(source.name)
    names = contest.identifiers.filter(selection=None).order_by("pk")
    return [(", ".join(sources.get(name.provider, [name.provider])), name) for name in names]


class ContestInspectView(snippets.InspectView):
    def get_field_label(self, field_name: str, field: Any) -> str:
        if field_name == "selections":
            return _("Candidates or answers")
        return super().get_field_label(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contest = self.object
        published = published_row(contest.pk)
        call = published and published.call
        return super().get_context_data(
            published=published,
            call_text=call_text(call) if call else "",
            told=told_calls(self.object),
            record=Paginator(build_record(self.object), LINES).get_page(self.request.GET.get("p")),
            time_zone=self.object.election.time_zone,
            side_by_side=side_by_side(contest),
            feed_names=_feed_names(contest),
            **kwargs,
        )
