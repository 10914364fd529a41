"""Rows pasted from a spreadsheet, for tables, charts and money.

The text is kept as it was pasted: a spreadsheet separates by tabs, a file by commas or semicolons.
What cannot be read is refused with the line it stands in.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import TextBlock

MOST_ROWS = 500
MOST_COLUMNS = 12
LONGEST_CELL = 500
# What people write around a number: $6,300,000 or 54.9 %.
AROUND_NUMBERS = str.maketrans("", "", "$€%,  \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


@dataclass(frozen=True)
class Sheet:
    """A header and its rows; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class SheetError(ValueError):
    """The text is not a table. The message says where."""


def read_sheet(text: str, *, most_rows: int = MOST_ROWS) -> Sheet:
    """Read rows of cells; the first one names the columns.

    :raises SheetError: no rows, too many, a row of another length, or a quotation mark left open.
    """
    lines = list(_numbered_lines(text))
    if len(lines) < 2:
        raise SheetError(_("Give a first line that names the columns, and at least one row."))
    (_number, header), rows = lines[0], lines[1:]
    if len(header) > MOST_COLUMNS:
        raise SheetError(_("There are more than %(most)s columns.") % {"most": MOST_COLUMNS})
    if len(rows) > most_rows:
        raise SheetError(_("There are more than %(most)s rows.") % {"most": most_rows})
    for number, row in rows:
        if len(row) != len(header):
            raise SheetError(
                _("Line %(line)s has %(cells)s cells, and the first line names %(columns)s.")
                % {"line": number, "cells": len(row), "columns": len(header)}
            )
    return Sheet(header, tuple(row for _number, row in rows))


def _numbered_lines(text: str):
    """Yield the number of each line that is not blank, with its cells."""
    reader = csv.reader(text.strip("\r\n").splitlines(), delimiter=_delimiter(text), strict=True)
    try:
        for cells in reader:
            row = tuple(cell.strip() for cell in cells)
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise SheetError(
                    _("A cell in line %(line)s is too long.") % {"line": reader.line_num}
                )
            if any(row):
                yield reader.line_num, row
    except csv.Error as error:
        raise SheetError(
            _("Line %(line)s cannot be read: a quotation mark is left open.")
            % {"line": reader.line_num}
        ) from error


def _delimiter(text: str) -> str:
    first, *_rest = text.strip().splitlines() or [""]
    return max(("\t", ";", ","), key=first.count)


def read_number(cell: str) -> Decimal:
    """Read a number as people write it in a sheet: 1,234 or $6.3 or 54.9 %.

    :raises SheetError: it is none.
    """
    try:
        number = Decimal(cell.translate(AROUND_NUMBERS).replace("\N{MINUS SIGN}", "-"))
    except InvalidOperation:
        raise SheetError(_("“%(cell)s” is not a number.") % {"cell": cell}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise SheetError(_("“%(cell)s” is not a number.") % {"cell": cell})
    return number


class SheetBlock(TextBlock):
    """A table as text. Its value is the text, which ``read_sheet`` reads."""

    def __init__(self, *, most_rows: int = MOST_ROWS, **kwargs: object):
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "Copy the cells in a spreadsheet and paste them here, with the line that names the "
                "columns. Commas between the cells do as well."
            ),
        )
        self.most_rows = most_rows
        super().__init__(max_length=50_000, **kwargs)

    @cached_property
    def field(self) -> forms.CharField:
        field = super().field
        field.widget.attrs["spellcheck"] = "false"
        field.strip = False
        return field

    def clean(self, value: str) -> str:
        cleaned = super().clean(value)
        if cleaned.strip() and not self.is_deferred_validation:
            try:
                read_sheet(cleaned, most_rows=self.most_rows)
            except SheetError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    class Meta:
        icon = "table"
