"""A race's history as a spreadsheet: CSV, UTF-8, one line for each entry, oldest first.

======================  ==============================================================
at                      when, in the election's time zone with its offset (ISO 8601):
                        the source's own time of a count, ours of a call or a hold
kind                    count, late-count, call, hold, desk or correction
what                    the sentences that readers see
total_votes             of all selections; empty unless it is a count
new_votes               since the count before; below zero after a correction
source                  who counted
document_sha256         of the source's document, byte for byte
votes: <name>           one column for each selection, in the order of the ballot
======================  ==============================================================

A text that a spreadsheet program would run as a formula starts with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from elections.models import Contest
from elections.widgets.history import Entry
from elections.widgets.history_rows import race_history
from elections.widgets.syndication import published_race
from elections.widgets.views import conditional, text_etag
from newsroom.newsletters.exports import as_text

HEADER = ("at", "kind", "what", "total_votes", "new_votes", "source", "document_sha256")


@require_safe
def race_csv(request: HttpRequest, contest_id: int) -> HttpResponse:
    published = published_race(contest_id)
    body = history_csv(published.contest, race_history(published.contest, published))
    response = conditional(
        request, body, etag=text_etag(body), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="race-{contest_id}-history.csv"'
    return response


def history_csv(contest: Contest, history: list[Entry]) -> str:
    names = {selection.pk: selection.name for selection in contest.selections.all()}
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow([*HEADER, *(as_text(f"votes: {name}") for name in names.values())])
    for entry in reversed(history):
        at = entry.at.astimezone(contest.election.zone).isoformat(timespec="seconds")
        writer.writerow([at, entry.kind.value, as_text(entry.text), *_figures(entry, names)])
    return sheet.getvalue()


def _figures(entry: Entry, names: Mapping[int, str]) -> Iterator[object]:
    figures = entry.figures
    if figures is None:
        yield from [""] * (len(HEADER) - 3 + len(names))
        return
    yield sum(figures.votes.values())
    yield "" if figures.new_votes is None else figures.new_votes
    yield as_text(figures.source_name)
    yield figures.sha256
    for selection in names:
        yield figures.votes.get(selection, "")
