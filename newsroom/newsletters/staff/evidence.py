"""What proves one person's consent: the ledger, with the exact words they were shown."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from newsroom.newsletters.exports import as_text
from newsroom.newsletters.models import ConsentEvent, ExportRecord
from newsroom.newsletters.people import describe
from newsroom.newsletters.staff.person import PersonMixin, with_names

COLUMNS = (
    "occurred_at",
    "kind",
    "newsletter",
    "topic_key",
    "method",
    "state_before",
    "state_after",
    "wording",
    "wording_sha256",
    "form",
    "page_id",
    "page_revision_id",
    "block_id",
    "call_to_action_id",
    "variant",
    "phase",
    "subject",
    "batch_id",
    "staff",
    "note",
)


class EvidenceView(PersonMixin, View):
    """The evidence as a page to print, as JSON or as CSV. Each one is written down as an export."""

    permission_required = "export"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
        events = ConsentEvent.objects.of(self.person).select_related("newsletter", "wording")
        events = with_names(list(events))
        ExportRecord.objects.create(
            user=request.user,
            user_name=request.user.get_username(),
            what=_("Evidence for subscriber %(number)s") % {"number": pk},
            file_format=file_format,
            rows=len(events),
        )
        write = {"html": self.as_page, "json": self.as_json, "csv": self.as_csv}[file_format]
        return write(events)

    def as_page(self, events: list[ConsentEvent]) -> HttpResponse:
        context = {"person": self.person, "events": events, "made_at": timezone.now()}
        template = "newsroom/newsletters/staff/evidence.html"
        return self.named(render(self.request, template, context), "html")

    def as_json(self, events: list[ConsentEvent]) -> HttpResponse:
        facts = describe(self.person, timezone.now())
        facts["ledger"] = [
            {name: value for name, value in line_of(event).items() if value != ""}
            for event in events
        ]
        body = json.dumps(facts, indent=2, ensure_ascii=False)
        return self.named(HttpResponse(body, content_type="application/json"), "json")

    def as_csv(self, events: list[ConsentEvent]) -> HttpResponse:
        file = io.StringIO()
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for event in events:
            writer.writerow({name: as_text(cell) for name, cell in line_of(event).items()})
        return self.named(HttpResponse(file.getvalue(), content_type="text/csv"), "csv")

    def named(self, response: HttpResponse, suffix: str) -> HttpResponse:
        response["Content-Disposition"] = (
            f'attachment; filename="evidence-{self.person.pk}.{suffix}"'
        )
        return response


def line_of(event: ConsentEvent) -> dict[str, Any]:
    """Return one row of the ledger as texts; blank is what was not known. Times are in UTC."""
    facts = {name: getattr(event, name, None) for name in COLUMNS}
    facts.update(
        occurred_at=event.occurred_at.isoformat(),
        newsletter=event.newsletter.name if event.newsletter else "",
        wording=event.wording.text if event.wording else "",
        wording_sha256=event.wording.digest if event.wording else "",
        staff=event.actor_name,
    )
    return {name: "" if value is None else str(value) for name, value in facts.items()}
