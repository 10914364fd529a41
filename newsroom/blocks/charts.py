"""A chart without code: rows from a spreadsheet, drawn on the server.

Across, places are in percent of the width, so that the picture fits a phone and a desktop with
type of the same size; down, they are in pixels. Coordinates are text, ready for an SVG attribute
in any language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks import groups
from newsroom.blocks.sheets import SheetBlock, SheetError, read_number, read_sheet
from newsroom.style import numeral

HEIGHT = 200
MOST_BARS = 30
MOST_COLUMNS = 14
MOST_POINTS = 120
MOST_LINES = 4
LABEL_HEIGHT = 17
STEPS = tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")))


@dataclass(frozen=True)
class Series:
    """One line, or the only row of bars. ``values`` has one number for each name."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Figures:
    """What a chart draws: names along it, and one series or several."""

    names: tuple[str, ...]
    series: tuple[Series, ...]


def read_figures(text: str) -> Figures:
    """Read names from the first column and a series from each further one.

    :raises SheetError: a cell is not a number; the message names its line and column.
    """
    sheet = read_sheet(text, most_rows=MOST_POINTS)
    if len(sheet.header) < 2:
        raise SheetError(_("Give a second column with the numbers."))
    columns = []
    for place, name in enumerate(sheet.header[1:], start=1):
        values = []
        for line, row in enumerate(sheet.rows, start=2):
            try:
                values.append(read_number(row[place]))
            except SheetError as error:
                where = _("Row %(row)s, column “%(column)s”:") % {"row": line - 1, "column": name}
                raise SheetError(f"{where} {error}") from error
        columns.append(Series(name, tuple(values)))
    return Figures(tuple(row[0] for row in sheet.rows), tuple(columns))


def top_of_scale(largest: Decimal) -> Decimal:
    """Return the round number at which an axis from 0 ends."""
    if largest <= 0:
        return Decimal(1)
    power = Decimal(10) ** largest.adjusted()
    return next(power * step for step in STEPS if power * step >= largest)


def as_percent(part: Decimal, whole: Decimal) -> str:
    return f"{float(part / whole * 100):.2f}" if whole else "0"


class ChartValue(StructValue):
    @cached_property
    def figures(self) -> Figures | None:
        """The numbers, or None while they cannot be read."""
        try:
            return read_figures(self.get("rows") or "")
        except SheetError:
            return None

    def show(self, value: Decimal) -> str:
        """Return the number as readers see it, in the block's unit."""
        decimals = max(-value.normalize().as_tuple().exponent, 0)
        text = numeral(value, decimals)
        unit = self.get("unit")
        if unit == "dollars":
            return f"−${text[1:]}" if text.startswith("-") else f"${text}"
        return f"{text}%" if unit == "percent" else text

    @cached_property
    def largest(self) -> Decimal:
        return max(value for series in self.figures.series for value in series.values)

    @cached_property
    def top(self) -> Decimal:
        return top_of_scale(self.largest)

    @property
    def table(self) -> list[dict]:
        """Each name with its numbers, and the length of its bar as a percentage of the longest."""
        figures = self.figures
        return [
            {
                "name": name,
                "cells": [self.show(series.values[place]) for series in figures.series],
                "length": as_percent(figures.series[0].values[place], self.largest),
            }
            for place, name in enumerate(figures.names)
        ]

    @property
    def rules(self) -> list[dict]:
        """The lines of the grid: bottom, middle, top."""
        return [
            {"y": f"{HEIGHT * (1 - share):.1f}", "text": self.show(self.top * Decimal(share))}
            for share in (0, 0.5, 1)
        ]

    @property
    def columns(self) -> list[dict]:
        """Where each column stands: percent across, pixels down."""
        slot = 100 / len(self.figures.names)
        heights = [float(value / self.top) * HEIGHT for value in self.figures.series[0].values]
        return [
            {
                "x": f"{place * slot + slot * 0.15:.2f}",
                "middle": f"{place * slot + slot / 2:.2f}",
                "width": f"{slot * 0.7:.2f}",
                "y": f"{HEIGHT - height:.1f}",
                "label_y": f"{HEIGHT - height - 6:.1f}",
                "height": f"{height:.1f}",
                "name": name,
                "text": self.show(self.figures.series[0].values[place]),
            }
            for place, (name, height) in enumerate(zip(self.figures.names, heights, strict=True))
        ]

    @property
    def lines(self) -> list[dict]:
        """Each series as a path in a box 100 wide, with its label at the end of the line."""
        labels = spread(
            [HEIGHT * (1 - float(s.values[-1] / self.top)) for s in self.figures.series]
        )
        return [
            {
                "name": series.name,
                "text": self.show(series.values[-1]),
                "place": place,
                "path": self._path(series),
                "label_y": f"{label + 4:.1f}",
            }
            for place, (series, label) in enumerate(
                zip(self.figures.series, labels, strict=True), start=1
            )
        ]

    def _path(self, series: Series) -> str:
        last = max(len(series.values) - 1, 1)
        return "M" + "L".join(
            f"{place * 100 / last:.2f} {HEIGHT * (1 - float(value / self.top)):.1f}"
            for place, value in enumerate(series.values)
        )

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last name along a line."""
        return self.figures.names[0], self.figures.names[-1]

    @property
    def summary(self) -> str:
        """The chart in a sentence or two, for readers who cannot see it."""
        figures = self.figures
        if self.get("kind") == "line":
            return " ".join(
                _("%(name)s: %(first)s in %(start)s, %(last)s in %(end)s.")
                % {
                    "name": series.name,
                    "first": self.show(series.values[0]),
                    "start": self.ends[0],
                    "last": self.show(series.values[-1]),
                    "end": self.ends[1],
                }
                for series in figures.series
            )
        values = figures.series[0].values
        most, least = values.index(max(values)), values.index(min(values))
        return _(
            "The most is %(most)s with %(largest)s, the least %(least)s with %(smallest)s."
        ) % {
            "most": figures.names[most],
            "largest": self.show(values[most]),
            "least": figures.names[least],
            "smallest": self.show(values[least]),
        }


def spread(places: Sequence[float], gap: float = LABEL_HEIGHT) -> list[float]:
    """Move labels apart, downward, so that none covers another; the order stays."""
    moved = list(places)
    previous = None
    for index in sorted(range(len(places)), key=places.__getitem__):
        if previous is not None:
            moved[index] = max(moved[index], previous + gap)
        previous = moved[index]
    return moved


class ChartBlock(StructBlock):
    title = CharBlock(
        label=gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("What the chart shows, and over which time."),
    )
    kind = ChoiceBlock(
        label=gettext_lazy("Kind"),
        choices=[
            ("bar", gettext_lazy("Bars, to compare amounts")),
            ("column", gettext_lazy("Columns, for a few steps in time")),
            ("line", gettext_lazy("Lines, for many steps in time")),
        ],
        default="bar",
    )
    unit = ChoiceBlock(
        label=gettext_lazy("Unit"),
        choices=[
            ("number", gettext_lazy("Number")),
            ("dollars", gettext_lazy("Dollars")),
            ("percent", gettext_lazy("Percent")),
        ],
        default="number",
    )
    rows = SheetBlock(
        label=gettext_lazy("Rows"),
        most_rows=MOST_POINTS,
        help_text=gettext_lazy(
            "Paste from a spreadsheet: the first column has the names, the second the numbers. "
            "Lines may have up to four columns of numbers. The first line names the columns."
        ),
    )
    note = CharBlock(
        label=gettext_lazy("Note"), required=False, max_length=300,
        help_text=gettext_lazy("What a reader must know to read it right."),
    )  # fmt: skip
    source = CharBlock(label=gettext_lazy("Source"), max_length=200)

    def clean(self, value: ChartValue) -> ChartValue:
        cleaned = super().clean(value)
        if not self.is_deferred_validation:
            fault = _fault(cleaned)
            if fault:
                raise StructBlockValidationError(block_errors={"rows": ValidationError(fault)})
        return cleaned

    def render(self, value: ChartValue | None, context: dict | None = None) -> str:
        if not value or value.figures is None or _fault(value):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "decimal"
        label = gettext_lazy("Chart")
        description = gettext_lazy("Bars, columns or lines from a few rows. The table comes along.")
        group = groups.DATA
        template = "newsroom/blocks/chart.html"
        value_class = ChartValue
        label_format = "{title}"
        preview_value = {
            "title": "Ballots cast in Los Angeles County",
            "kind": "bar",
            "unit": "number",
            "rows": "How,Ballots\nBy mail,2732752\nIn person,1060354",
            "source": "LA County Registrar-Recorder/County Clerk, Nov. 2024",
        }

    reader_media = {"css": ["newsroom/blocks.css"]}


def _fault(value: ChartValue) -> str:
    """Say why these rows cannot be drawn as this kind of chart; "" when they can."""
    try:
        figures = read_figures(value.get("rows") or "")
    except SheetError as error:
        return str(error)
    kind, count = value.get("kind"), len(figures.names)
    numbers = [number for series in figures.series for number in series.values]
    if kind != "line" and len(figures.series) > 1:
        return _("Bars and columns take one column of numbers. Choose lines for more.")
    if kind == "line" and (count < 2 or len(figures.series) > MOST_LINES):
        return _("Lines need at least two rows, and take up to four columns of numbers.")
    if count > {"bar": MOST_BARS, "column": MOST_COLUMNS}.get(kind, MOST_POINTS):
        return _("These are too many rows for this kind of chart.")
    if min(numbers) < 0 or max(numbers) == 0:
        return _("A chart starts at 0: numbers cannot be negative, and not all of them 0.")
    return ""
