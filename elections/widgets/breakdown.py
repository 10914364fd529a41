"""A count by place and by kind of vote, as a table that readers sort.

It is shown only where its own total is the very count that readers see, as of the same time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elections.counting import tally
from elections.counting.details import Details, Problem, ReportingUnit, UnitType, exhausted
from elections.models import CountDetails, Published
from elections.widgets.figures import number, points, vote_count

SELECTIONS_SHOWN = 3
PLACES_PER_PAGE = 25
LARGEST_FIRST = ("total", "down")

TITLES = {
    UnitType.COUNTY: gettext_lazy("By county"),
    UnitType.TOWN: gettext_lazy("By town"),
    UnitType.PRECINCT: gettext_lazy("By precinct"),
    UnitType.OTHER: gettext_lazy("By place"),
}
PLACES = {
    UnitType.COUNTY: gettext_lazy("County"),
    UnitType.TOWN: gettext_lazy("Town"),
    UnitType.PRECINCT: gettext_lazy("Precinct"),
    UnitType.OTHER: gettext_lazy("Place"),
}
REPORTED = {
    UnitType.COUNTY: gettext_lazy("%(reported)s of %(total)s counties have reported"),
    UnitType.TOWN: gettext_lazy("%(reported)s of %(total)s towns have reported"),
    UnitType.PRECINCT: gettext_lazy("%(reported)s of %(total)s precincts have reported"),
    UnitType.OTHER: gettext_lazy("%(reported)s of %(total)s places have reported"),
}
ORDERS = {
    "ascending": gettext_lazy("Sorted by “%(column)s”, lowest first. A column’s name sorts by it."),
    "descending": gettext_lazy(
        "Sorted by “%(column)s”, highest first. A column’s name sorts by it."
    ),
}
PROBLEMS = {
    Problem.TOO_MANY: gettext_lazy(
        "The source counts more places than a page can show. They are in its own document."
    ),
    Problem.UNREADABLE: gettext_lazy(
        "The source’s figures by place could not be read. The result above is not affected."
    ),
}


@dataclass(frozen=True)
class Cell:
    """``share`` is of all votes in the place, None where it has none."""

    votes: int
    share: Fraction | None


@dataclass(frozen=True)
class Line:
    """One place, or one kind of vote. ``ahead`` is who has most votes in it, ``by`` how much."""

    name: str
    cells: tuple[Cell, ...]
    other_votes: int
    total: int
    ahead: str
    by: str
    margin: Fraction
    precincts: str = ""


@dataclass(frozen=True)
class Column:
    """A heading: where its link leads, and how the table is sorted by it now, if it is."""

    name: str
    query: str
    sorted_by: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The table, a page of it at a time. ``sums`` says whether the places add up."""

    title: str
    as_of: datetime
    time_zone: str
    columns: tuple[Column, ...]
    places: Page[Line]
    sums: str
    reported: str
    order: str
    has_others: bool
    names: tuple[str, ...]
    kinds: tuple[Line, ...]
    kinds_sums: str
    problem: str

    @property
    def sorted_sentence(self) -> str:
        """Say how the table is sorted, and which part of it is here."""
        (column,) = [column for column in self.columns if column.sorted_by]
        said = ORDERS[column.sorted_by] % {"column": column.name}
        page = self.places
        if not page.has_other_pages():
            return said
        return (
            said
            + " "
            + _("Places %(start)s to %(end)s of %(total)s.")
            % {
                "start": number(page.start_index()),
                "end": number(page.end_index()),
                "total": number(page.paginator.count),
            }
        )


def find_details(published: Published) -> CountDetails | None:
    """Return the parts of the very votes that readers see; None where there are none."""
    row = CountDetails.objects.filter(count=published.count_id).select_related("source").first()
    payload = json.loads(published.payload)
    if row is None or not payload["counted_at"]:
        return None
    shown = {one["id"]: one["votes"] for one in payload["selections"]}
    is_same = row.totals == shown and row.as_of == datetime.fromisoformat(payload["counted_at"])
    return row if is_same else None


def details_as_json(row: CountDetails) -> dict[str, object]:
    """Return everything that the source tells, by our ids of the selections."""
    details = row.details

    def by_id(votes: Sequence[int | None]) -> dict[str, int | None]:
        return dict(zip(details.selections, votes, strict=True))

    def ids(places: Sequence[int]) -> list[int]:
        return [int(details.selections[place]) for place in places]

    return {
        "contest": row.contest_id,
        "as_of": row.as_of,
        "source": {"name": row.source.name, "url": row.source.public_url},
        "unit_type": details.unit_type.value,
        "adds_up": not any(details.gaps) if details.units else None,
        "missing": by_id(details.gaps) if details.units else {},
        "units": [
            {**msgspec.structs.asdict(unit), "votes": by_id(unit.votes)} for unit in details.units
        ],
        "kinds": [{"name": kind.name, "votes": by_id(kind.votes)} for kind in details.kinds],
        "rounds": [
            {
                "votes": by_id(one.votes),
                "elected": ids(one.elected),
                "eliminated": ids(one.eliminated),
                "threshold": one.threshold,
                "exhausted": gone,
            }
            for one, gone in zip(details.rounds, exhausted(details.rounds), strict=True)
        ],
    }


def build_breakdown(
    row: CountDetails, names: Mapping[int, str], time_zone: str, query: Mapping[str, str]
) -> Breakdown | None:
    """Return the table in the order that ``query`` asks for; None where there is nothing to say."""
    details = row.details
    if not (details.units or details.kinds or details.problem):
        return None
    people = sorted(range(len(details.selections)), key=lambda place: -details.totals[place])
    shown = people[:SELECTIONS_SHOWN]
    all_names = [names.get(int(key), "—") for key in details.selections]
    shown_names = tuple(all_names[place] for place in shown)
    lines = [_line(unit, unit.votes, shown, all_names) for unit in details.units]
    shown_ids = [details.selections[place] for place in shown]
    by, way = _read_order(query, shown_ids)
    lines.sort(key=lambda line: _natural(line.name))
    lines.sort(key=_sort_key(by, shown_ids), reverse=way == "down")
    kinds = tuple(_line(kind, kind.votes, shown, all_names) for kind in details.kinds)
    has_others = len(people) > len(shown)
    people_shown = list(zip(shown_ids, shown_names, strict=True))
    columns = _columns(details, people_shown, has_others, by, way)
    return Breakdown(
        title=str(TITLES[details.unit_type]),
        as_of=row.as_of,
        time_zone=time_zone,
        columns=columns,
        places=Paginator(lines, PLACES_PER_PAGE).get_page(query.get("places")),
        sums=_sums_sentence(details),
        reported=_reported_sentence(details),
        order=urlencode({"by": by, "order": way}),
        has_others=has_others,
        names=shown_names,
        kinds=kinds,
        kinds_sums=_kinds_sentence(details),
        problem=str(PROBLEMS[details.problem]) if details.problem else "",
    )


def _line(part: Any, votes: Sequence[int], shown: Sequence[int], names: Sequence[str]) -> Line:
    total = sum(votes)
    lead = tally.lead(dict(enumerate(votes)))
    ahead = _("Tied") if total else _("No votes yet")
    if lead is not None:
        ahead = names[lead.ahead]
    return Line(
        name=part.name,
        cells=tuple(
            Cell(votes[place], Fraction(votes[place], total) if total else None) for place in shown
        ),
        other_votes=total - sum(votes[place] for place in shown),
        total=total,
        ahead=ahead,
        by=_("by %(points)s") % {"points": points(lead.margin_share)} if lead else "",
        margin=lead.margin_share if lead else Fraction(0 if total else -1),
        precincts=_precincts(part),
    )


def _precincts(part: Any) -> str:
    """Say how many of the place's own precincts have reported; "" where nobody says."""
    if not isinstance(part, ReportingUnit) or not part.precincts_total:
        return ""
    if part.precincts_reported is None:
        return ""
    return _("%(reported)s of %(total)s precincts have reported some votes") % {
        "reported": number(part.precincts_reported),
        "total": number(part.precincts_total),
    }


def _read_order(query: Mapping[str, str], selections: Sequence[str]) -> tuple[str, str]:
    by, way = query.get("by", ""), query.get("order", "")
    known = {"place", "ahead", "total", "others", *selections}
    return (by, way) if by in known and way in {"up", "down"} else LARGEST_FIRST


def _sort_key(by: str, selections: Sequence[str]) -> Callable[[Line], Any]:
    keys: dict[str, Callable[[Line], Any]] = {
        "place": lambda line: _natural(line.name),
        "ahead": lambda line: line.margin,
        "total": lambda line: line.total,
        "others": lambda line: line.other_votes,
    }
    return keys.get(by) or (lambda line: line.cells[selections.index(by)].votes)


def _natural(name: str) -> list[tuple[int, str]]:
    """Put precinct 9 before precinct 10."""
    return [
        (int(digits), words) if digits else (-1, words.casefold())
        for digits, words in re.findall(r"([0-9]{1,18})|([^0-9]+)", name)
    ]


def _columns(
    details: Details, people: Sequence[tuple[str, str]], has_others: bool, by: str, way: str
) -> tuple[Column, ...]:
    headings = [("place", str(PLACES[details.unit_type])), ("ahead", _("Most votes"))]
    headings += people
    headings += [("others", _("All others"))] if has_others else []
    headings += [("total", _("All votes"))]
    return tuple(_column(key, name, by, way) for key, name in headings)


def _column(key: str, name: str, by: str, way: str) -> Column:
    first = "up" if key == "place" else "down"
    other = {"up": "down", "down": "up"}
    is_sorted = key == by
    return Column(
        name=name,
        query=urlencode({"by": key, "order": other[way] if is_sorted else first}),
        sorted_by={"up": "ascending", "down": "descending"}[way] if is_sorted else "",
    )


def _sums_sentence(details: Details) -> str:
    if not details.units:
        return ""
    missing = sum(gap for gap in details.gaps if gap > 0)
    surplus = -sum(gap for gap in details.gaps if gap < 0)
    if not missing and not surplus:
        return _("Together they add up to the result above.")
    said = []
    if missing:
        said.append(
            _("They do not add up to the result above: %(votes)s of it are in none of them.")
            % {"votes": vote_count(missing)}
        )
    if surplus:
        said.append(
            _("They do not add up to the result above: they have %(votes)s more for somebody.")
            % {"votes": vote_count(surplus)}
        )
    return " ".join([*said, _reason(details)])


def _reason(details: Details) -> str:
    listed = len(details.units)
    if details.units_total and listed < details.units_total:
        return _("The source lists %(listed)s of %(total)s.") % {
            "listed": number(listed),
            "total": number(details.units_total),
        }
    return _("The source does not say why.")


def _reported_sentence(details: Details) -> str:
    """Say how many places have reported; never as if that were how much is counted."""
    if details.units_reported is None or not details.units_total:
        return ""
    said = REPORTED[details.unit_type] % {
        "reported": number(details.units_reported),
        "total": number(details.units_total),
    }
    return _("%(said)s at least some votes. That does not say how many votes are counted.") % {
        "said": said
    }


def _kinds_sentence(details: Details) -> str:
    if not details.kinds:
        return ""
    sums = [sum(votes) for votes in zip(*(kind.votes for kind in details.kinds), strict=True)]
    if sums == list(details.totals):
        return ""
    return _("The kinds of vote do not add up to the result above. The source does not say why.")
