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

The places of a count are a sheet of their own: one line for each, and a last one, of the kind
``total``, for the result that they are parts of. ``precincts_reported`` have reported at least
some votes.

A text that a spreadsheet program would run as a formula starts with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from elections.models import Contest, CountDetails
from elections.widgets.breakdown import find_details
from elections.widgets.history import Entry
from elections.widgets.history_rows import race_history
from elections.widgets.syndication import marked, published_race
from elections.widgets.views import conditional, text_etag
from newsroom.newsletters.exports import as_text

PLACES_HEADER = (
    "as_of", "kind", "place", "place_key", "precincts_reported", "precincts_total", "total_votes",
)  # fmt: skip
HEADER = ("at", "kind", "what", "total_votes", "new_votes", "source", "document_sha256")


@require_safe
def race_csv(request: HttpRequest, contest_id: int) -> HttpResponse:
    published = published_race(contest_id)
    body = history_csv(published.contest, race_history(published.contest, published))
    response = conditional(
        request, body, etag=text_etag(body), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = _as_file(published.contest, "history")
    return response


@require_safe
def places_csv(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Send every place and everybody's votes in it; 404 where the result has no places."""
    published = published_race(contest_id)
    row = find_details(published)
    if row is None or not row.details.units:
        raise Http404
    body = places_sheet(published.contest, row)
    response = conditional(
        request, body, etag=text_etag(body), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = _as_file(published.contest, "places")
    return response


def _as_file(contest: Contest, what: str) -> str:
    """Name the file; that of a test says so, since a sheet is passed on without its page."""
    test = "test-" if contest.election.is_test else ""
    return f'attachment; filename="{test}race-{contest.pk}-{what}.csv"'


def places_sheet(contest: Contest, row: CountDetails) -> str:
    """Return one line for each place, and a last one for the result that they are parts of."""
    names = {str(selection.pk): selection.name for selection in contest.selections.all()}
    details = row.details
    at = row.as_of.astimezone(contest.election.zone).isoformat(timespec="seconds")
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    people = (as_text(f"votes: {names.get(key, key)}") for key in details.selections)
    writer.writerow([*PLACES_HEADER, *people])
    for unit in details.units:
        precincts = (unit.precincts_reported, unit.precincts_total)
        facts = (at, details.unit_type.value, as_text(unit.name), as_text(unit.key), *precincts)
        writer.writerow([*facts, sum(unit.votes), *unit.votes])
    writer.writerow([at, "total", "", "", "", "", sum(details.totals), *details.totals])
    return sheet.getvalue()


def history_csv(contest: Contest, history: list[Entry]) -> str:
    names = {selection.pk: selection.name for selection in contest.selections.all()}
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow([*HEADER, *(as_text(f"votes: {name}") for name in names.values())])
    for entry in reversed(history):
        at = entry.at.astimezone(contest.election.zone).isoformat(timespec="seconds")
        what = as_text(marked(contest.election, entry.text))
        writer.writerow([at, entry.kind.value, what, *_figures(entry, names)])
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
