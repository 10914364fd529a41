"""The course of a count: where each line, mark and label of the picture stands.

The horizontal axis counts releases, not hours. Fourteen releases of one night and
four weeks of a release a day would need two scales on a clock's axis; with one slot
for each release every step can be seen, and a tick says where a new day begins.
A line holds its share from one release to the next.

Across, places are in percent of the width, so that the picture fits a phone and a
desktop with type of the same size; down, they are in pixels. Coordinates are text,
ready for an SVG attribute in any language. Pure arithmetic: no Django, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from elections.widgets.releases import Release, Step, leading_selections, steps_of

LINES_TOP = 24.0
LINES_HEIGHT = 190.0
BATCHES_GAP = 58.0
BATCHES_HEIGHT = 90.0
TICK_GAP_PERCENT = 13.0
LABEL_HEIGHT = 17.0
LARGEST_MARK = 9.0
SMALLEST_MARK = 1.5
STEPS = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Rule:
    """A grid line: ``y`` in pixels, ``share`` of 0 to 1."""

    y: str
    share: Fraction


@dataclass(frozen=True)
class Tick:
    """The first release of a day: ``x`` is where its slot begins."""

    x: str
    date: date


@dataclass(frozen=True)
class Line:
    """A leading selection: ``place`` from 1, its step path, and its label at the end.

    ``path`` is drawn in a box 100 wide and as high as the panel, stretched across.
    """

    place: int
    name: str
    share: Fraction
    path: str
    label_y: str


@dataclass(frozen=True)
class Mark:
    """How a leading selection did in one batch; the area goes with the batch's votes."""

    place: int
    x: str
    y: str
    radius: str


@dataclass(frozen=True)
class Timeline:
    """The whole picture; heights and tops in pixels."""

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    batch_rules: tuple[Rule, ...]
    steps: tuple[Step, ...]
    has_others: bool
    time_zone: str

    height: str = f"{LINES_TOP + LINES_HEIGHT + BATCHES_GAP + BATCHES_HEIGHT + 14:.0f}"
    lines_top: str = f"{LINES_TOP:.0f}"
    lines_height: str = f"{LINES_HEIGHT:.0f}"
    lines_bottom: str = f"{LINES_TOP + LINES_HEIGHT:.0f}"
    ticks_y: str = f"{LINES_TOP + LINES_HEIGHT + 18:.0f}"
    batches_title_y: str = f"{LINES_TOP + LINES_HEIGHT + BATCHES_GAP - 14:.0f}"

    @property
    def first(self) -> Step:
        return self.steps[0]

    @property
    def latest(self) -> Step:
        return self.steps[-1]


def build_timeline(
    releases: Sequence[Release], names: Mapping[int, str], time_zone: ZoneInfo
) -> Timeline | None:
    """Lay out the course of a count, or return None with fewer than two counts to draw.

    Releases come in order of ``counted_at``. One without any vote, as counties
    publish before the polls close, is left out: it has no shares.
    """
    counted = [release for release in releases if sum(release.votes.values()) > 0]
    if len(counted) < 2:
        return None
    leading = leading_selections(counted[-1], names)
    steps = steps_of(counted, leading, names)
    shares = [cell.share for step in steps for cell in step.cells]
    room = (max(shares) - min(shares)) / 12
    padded = [max(min(shares) - room, Fraction(0)), min(max(shares) + room, Fraction(1))]
    low, high, rules = _scale(padded, LINES_TOP, LINES_HEIGHT)
    marks, batch_rules = _batches(steps)
    return Timeline(
        lines=_lines(steps, low, high),
        rules=rules,
        ticks=_ticks(counted, time_zone),
        marks=marks,
        batch_rules=batch_rules,
        steps=tuple(steps),
        has_others=len(names) > len(leading),
        time_zone=time_zone.key,
    )


def _scale(
    shares: Sequence[Fraction], top: float, height: float
) -> tuple[Fraction, Fraction, tuple[Rule, ...]]:
    """Return the shares at the bottom and the top of a panel, and three to six round rules."""
    low, high = min(shares) * 100, max(shares) * 100
    for step in STEPS:
        bottom, ceiling = low // step * step, -(-high // step) * step
        if bottom == ceiling:
            bottom, ceiling = (
                (bottom - step, ceiling) if ceiling == 100 else (bottom, ceiling + step)
            )
        if (ceiling - bottom) // step <= 5:
            break
    floor_share, top_share = Fraction(bottom, 100), Fraction(ceiling, 100)
    rules = [
        Rule(
            _px(_y(Fraction(points, 100), floor_share, top_share, top, height)),
            Fraction(points, 100),
        )
        for points in range(bottom, ceiling + 1, step)
    ]
    return floor_share, top_share, tuple(rules)


def _y(share: Fraction, low: Fraction, high: Fraction, top: float, height: float) -> float:
    return top + height * float((high - share) / (high - low))


def _lines(steps: Sequence[Step], low: Fraction, high: Fraction) -> tuple[Line, ...]:
    """Draw each course; a label stands clear of its line's second half, the first's above."""
    latest = steps[-1]
    courses = [
        [_y(step.cells[place].share, low, high, LINES_TOP, LINES_HEIGHT) for step in steps]
        for place in range(len(latest.cells))
    ]
    labels = _spread(
        [
            min(ys[len(ys) // 2 :]) - 8 if place == 0 else max(ys[len(ys) // 2 :]) + 16
            for place, ys in enumerate(courses)
        ]
    )
    return tuple(
        Line(
            place=place + 1,
            name=cell.name,
            share=cell.share,
            path=_step_path([step.cells[place].share for step in steps], low, high),
            label_y=_px(labels[place]),
        )
        for place, cell in enumerate(latest.cells)
    )


def _spread(wanted: Sequence[float]) -> list[float]:
    """Move labels, given from the top down, apart until none covers another.

    Each stays as near as it can to where it wants to be, inside the panel.
    """
    bottom = LINES_TOP + LINES_HEIGHT - 2
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + LABEL_HEIGHT) if placed else max(y, LABEL_HEIGHT - 4))
    for index in range(len(placed) - 1, -1, -1):
        limit = bottom if index == len(placed) - 1 else placed[index + 1] - LABEL_HEIGHT
        placed[index] = min(placed[index], limit)
    return placed


def _step_path(shares: Sequence[Fraction], low: Fraction, high: Fraction) -> str:
    ys = [_px(_y(share, low, high, 0, LINES_HEIGHT)) for share in shares]
    parts = [f"M0 {ys[0]}"]
    for index in range(1, len(ys)):
        parts.append(f"H{_percent(index, len(ys))}")
        if ys[index] != ys[index - 1]:
            parts.append(f"V{ys[index]}")
    parts.append("H100")
    return "".join(parts)


def _ticks(counted: Sequence[Release], time_zone: ZoneInfo) -> tuple[Tick, ...]:
    """Return the days that begin far enough from the day named before."""
    ticks: list[Tick] = []
    day, named_at = None, -TICK_GAP_PERCENT
    for index, release in enumerate(counted):
        local = release.counted_at.astimezone(time_zone).date()
        at = 100 * index / len(counted)
        if local != day and at - named_at >= TICK_GAP_PERCENT and at <= 100 - TICK_GAP_PERCENT:
            ticks.append(Tick(_percent(index, len(counted)), local))
            named_at = at
        day = local
    return tuple(ticks)


def _batches(steps: Sequence[Step]) -> tuple[tuple[Mark, ...], tuple[Rule, ...]]:
    """Place a mark for each leading selection in each batch that added votes only."""
    top = LINES_TOP + LINES_HEIGHT + BATCHES_GAP
    clean = [step for step in steps if step.cells[0].batch_share is not None]
    shares = [cell.batch_share for step in clean for cell in step.cells]
    if not shares:
        return (), ()
    low, high, rules = _scale(shares, top, BATCHES_HEIGHT)
    largest = max(step.new_votes for step in clean)
    widest = min(LARGEST_MARK, 200 / len(steps))
    marks = [
        Mark(
            place=place + 1,
            x=_percent(2 * index + 1, 2 * len(steps)),
            y=_px(_y(cell.batch_share, low, high, top, BATCHES_HEIGHT)),
            radius=_px(max(SMALLEST_MARK, widest * (step.new_votes / largest) ** 0.5)),
        )
        for index, step in enumerate(steps)
        for place, cell in reversed(list(enumerate(step.cells)))
        if cell.batch_share is not None
    ]
    return tuple(marks), (rules[0], rules[-1]) if len(rules) < 5 else rules[::2]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}"


def _px(pixels: float) -> str:
    return f"{pixels:.1f}"
