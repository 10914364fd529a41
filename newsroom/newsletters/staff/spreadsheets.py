"""Subscribers as a file: streamed, harmless to spreadsheet programs, and written down."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from newsroom.newsletters.exports import as_text
from newsroom.newsletters.models import ExportRecord, Subscriber, Subscription

HEAD = (
    "address",
    "newsletter",
    "topic",
    "state",
    "came_by",
    "first_signed_up_at",
    "confirmed_at",
    "state_since",
)
FIELDS = (
    "subscriber__email",
    "newsletter__name",
    "topic_title",
    "state",
    "source",
    "created_at",
    "confirmed_at",
    "state_changed_at",
)
CHUNK = 2000
IN_MEMORY_BYTES = 2 * 2**20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML, and so a workbook, cannot hold.
UNPRINTABLE = {code: None for code in range(32) if code not in (9, 10, 13)}


class _Echo:
    def write(self, text: str) -> str:
        return text


def rows_of(people: QuerySet[Subscriber]) -> QuerySet[Subscription]:
    """Return every subscription of these people."""
    return Subscription.objects.filter(subscriber__in=people.order_by().values("pk")).order_by(
        "subscriber_id", "pk"
    )


def cells_of(rows: QuerySet[Subscription]) -> Iterator[list[str]]:
    for values in rows.values_list(*FIELDS).iterator(chunk_size=CHUNK):
        yield [as_text(_plain(value)) for value in values]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else value.isoformat(timespec="seconds")


def write_csv(lines: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark by which Excel knows UTF-8.
    yield "\ufeff" + writer.writerow(HEAD)
    for line in lines:
        yield writer.writerow([cell.replace("\0", "") for cell in line])


def write_xlsx(lines: Iterable[list[str]]) -> SpooledTemporaryFile:
    """Return a workbook of text cells; a large one stands on the disk and not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Subscribers")
    for line in chain([HEAD], lines):
        sheet.append([_text_cell(sheet, text) for text in line])
    file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115, the response closes it
    book.save(file)
    file.seek(0)
    return file


def _text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text.translate(UNPRINTABLE))
    cell.data_type = "s"
    return cell


def export(
    people: QuerySet[Subscriber], user: AbstractBaseUser, *, file_format: str, what: str
) -> HttpResponse:
    """Write down that these people are exported, and stream them. ``file_format`` csv or xlsx."""
    rows = rows_of(people)
    ExportRecord.objects.create(
        user=user,
        user_name=user.get_username(),
        what=what[:300],
        file_format=file_format,
        rows=rows.count(),
    )
    if file_format == "xlsx":
        return FileResponse(
            write_xlsx(cells_of(rows)),
            as_attachment=True,
            filename="subscribers.xlsx",
            content_type=XLSX,
        )
    response = StreamingHttpResponse(
        write_csv(cells_of(rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="subscribers.csv"'
    return response
