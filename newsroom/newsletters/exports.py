"""Spreadsheets that cannot run anything.

A spreadsheet program takes a cell that starts with one of these characters for a formula, and a
reader chooses what an address starts with. Wagtail's CSV export writes such cells as they are.
"""

from django.utils.encoding import force_str

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def as_text(value: object) -> str:
    """Return a cell that every spreadsheet program takes for text."""
    text = force_str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
