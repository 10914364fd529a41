"""How a sheet is read: which column is what, and what is wrong with its rows.

The rules are those of the provider ``csv`` alone: a sheet that was sent is written down in its
plain form and read by it, again and again without the rows that it refuses, so that a person
sees what is wrong with each of them at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from elections.counting.results import Report
from elections.feeds import csv_feed
from elections.feeds.contract import FeedError
from elections.feeds.sheets import LineError
from elections.feeds.tables import Table

NEEDED: Final = ("race", "candidate", "votes")
ROLES: Final = (
    *("race", "district", "candidate", "party", "votes"),
    *("county", "precinct", "vote_type", "round"),
)
MOST_PROBLEMS: Final = 20

_KNOWN_AS: Final = {
    "race": ("race", "contest", "contest name", "office", "office name", "contest title"),
    "district": ("district",),
    "candidate": (
        *("candidate", "candidate name", "choice", "choice name", "selection", "name"),
        "candidate/choice",
    ),
    "party": ("party", "party name", "party code"),
    "votes": ("votes", "total votes", "vote total", "vote count", "total", "count"),
    "county": ("county", "county name"),
    "precinct": ("precinct", "precinct name"),
    "vote_type": ("vote type", "mode", "counting group"),
    "round": ("round",),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be taken. ``line`` is None when it is about the sheet as a whole."""

    line: int | None
    row: str
    what: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet in plain form. ``report`` is what would be read of its good rows, None if nothing.

    ``body`` is whole only when there are no problems.
    """

    body: bytes
    report: Report | None
    problems: tuple[Problem, ...]
    has_more: bool = False


def guess_roles(head: Sequence[str]) -> dict[str, int]:
    """Return the column of each role that the head's words name, each column once."""
    names = [" ".join(cell.replace("_", " ").casefold().split()) for cell in head]
    found: dict[str, int] = {}
    for role in ROLES:
        for known in _KNOWN_AS[role]:
            if known in names and names.index(known) not in found.values():
                found[role] = names.index(known)
                break
    return found


def read(
    table: Table, roles: Mapping[str, int], *, counted_at: datetime, remarks: Mapping[str, str]
) -> Reading:
    """Read a table whose columns a person has named; NEEDED must be among ``roles``."""
    width = len(table.head)
    rows = [(line, _pick(row, roles), row) for line, row in table.rows if len(row) <= width]
    problems = [_too_wide(line, row, width) for line, row in table.rows if len(row) > width]
    problems, has_more = problems[:MOST_PROBLEMS], len(problems) > MOST_PROBLEMS
    while True:
        body, first_line = _write(rows, roles, counted_at, remarks)
        try:
            report = csv_feed.parse(body)
        except LineError as error:
            line, _cells, row = rows.pop(error.line - first_line)
            problems.append(Problem(line, _as_text(row), error.what))
        except FeedError as error:
            problems.append(Problem(None, "", error.message))
            return Reading(body, None, _in_order(problems), has_more)
        else:
            return Reading(body, report, _in_order(problems), has_more)
        if len(problems) >= MOST_PROBLEMS:
            return Reading(body, None, _in_order(problems), has_more=True)


def _too_wide(line: int, row: Sequence[str], width: int) -> Problem:
    what = (
        f"There are {len(row)} cells below {width} names. Put quotes around a cell that has the "
        "character between cells in it, such as “1,204”."
    )
    return Problem(line, _as_text(row), what)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


def _as_text(row: Sequence[str]) -> str:
    return " | ".join(row)[:200]


def _pick(row: Sequence[str], roles: Mapping[str, int]) -> list[str]:
    return [row[at] if at < len(row) else "" for at in roles.values()]


def _write(
    rows: Sequence[tuple[int, list[str], Sequence[str]]],
    roles: Mapping[str, int],
    counted_at: datetime,
    remarks: Mapping[str, str],
) -> tuple[bytes, int]:
    """Return the plain form, and the number of the first line below its head."""
    sheet = io.StringIO(newline="")
    sheet.write(f"# counted_at: {counted_at.isoformat()}\n")
    for name, text in remarks.items():
        sheet.write(f"# {name}: {' '.join(text.split())}\n")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(roles)
    writer.writerows(cells for _line, cells, _row in rows)
    return sheet.getvalue().encode(), 3 + len(remarks)
