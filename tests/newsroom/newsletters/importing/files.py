"""Files as people upload them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from openpyxl import Workbook


def as_csv(*addresses: str, head: str = "email") -> bytes:
    return "\n".join([head, *addresses]).encode()


def as_xlsx(rows: Iterable[Iterable[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bomb(part: str = "xl/worksheets/sheet1.xml", megabytes: int = 200) -> bytes:
    """A workbook of some kilobytes that unpacks to far more."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book,
        book.open(part, "w") as entry,
    ):
        for _ in range(megabytes):
            entry.write(b"\0" * 2**20)
    return file.getvalue()
