"""What the first lines of a sheet say: when it was counted, and how many ballots are left.

They stand before the names of the columns, each with a ``#``::

    # counted_at: 2024-11-06T03:46-08:00
    # ballots_left: 780,000
    # ballots_left_as_of: 2024-11-06T03:00-08:00
    # next_update_at: 2024-11-06T16:00-08:00

Without a time of its own the estimate is as old as the count.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from elections.counting.results import BallotsLeft
from elections.feeds.sheets import LineError, Sheet, read_number, read_time, refuse_line

_REMARK: Final = re.compile(r"#\s*([a-z_]+)\s*:(.*)", re.IGNORECASE)


def read_counted_at(sheet: Sheet) -> datetime | None:
    """Return when the sheet says that it was counted; None where it does not.

    :raises FeedError: bad-value, with the line.
    """
    return _read_time(sheet, "counted_at")


def read_ballots_left(sheet: Sheet, counted_at: datetime) -> BallotsLeft | None:
    """Return what the sheet says is left to count; None where it says nothing.

    :raises FeedError: bad-value, with the line.
    """
    found = _find(sheet, "ballots_left")
    if found is None:
        return None
    return BallotsLeft(
        _read_estimate(*found),
        as_of=_read_time(sheet, "ballots_left_as_of") or counted_at,
        next_update_at=_read_time(sheet, "next_update_at"),
    )


def _find(sheet: Sheet, wanted: str) -> tuple[int, str] | None:
    for line, remark in enumerate(sheet.remarks, start=1):
        found = _REMARK.match(remark)
        if found and found[1].casefold() == wanted:
            return line, found[2]
    return None


def _read_time(sheet: Sheet, wanted: str) -> datetime | None:
    found = _find(sheet, wanted)
    return None if found is None else read_time(found[1], found[0])


def _read_estimate(line: int, text: str) -> int:
    try:
        return read_number(text, line)
    except LineError as error:
        raise refuse_line(
            line,
            f"“{text.strip()[:100]}” is not a whole number of ballots left. Leave the line out "
            "where nobody knows.",
            "bad-value",
        ) from error
