"""How the lists do: bars drawn on the server, and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.newsletters.models import Newsletter, Subscription
from newsroom.newsletters.staff.counting import SOURCES, Day, Numbers, count_days
from newsroom.newsletters.staff.pages import StaffPage, to_list

PERIODS = (7, 30, 90)
HEIGHT = 160
NAMES = {
    "story": gettext_lazy("Stories"),
    "ask": gettext_lazy("Calls to action"),
    "import": gettext_lazy("Imports"),
    "other": gettext_lazy("Other"),
}


@dataclass(frozen=True)
class Bar:
    """One source of one day. Across in percent of the width, down in pixels, as texts for SVG."""

    source: str
    x: str
    y: str
    width: str
    height: str


def draw(days: list[Day], height: int = HEIGHT) -> list[Bar]:
    """Return stacked bars, one stack a day; nothing for a source without anybody."""
    most = max((day.total for day in days), default=0)
    width = 100 / len(days)
    bars = []
    for place, day in enumerate(days):
        below = 0.0
        for source in SOURCES:
            tall = height * day.came[source] / most if most else 0.0
            if tall:
                below += tall
                bars.append(
                    Bar(
                        source=source,
                        x=f"{place * width + width * 0.1:.2f}%",
                        y=f"{height - below:.2f}",
                        width=f"{width * 0.8:.2f}%",
                        height=f"{tall:.2f}",
                    )
                )
    return bars


def summarise(numbers: Numbers) -> str:
    """Say in a sentence what the picture shows."""
    most = max(numbers.days, key=lambda day: day.total)
    total = sum(day.total for day in numbers.days)
    if not total:
        return _("Nobody came in these days.")
    return _("%(total)s came in these days; most on %(day)s: %(most)s.") % {
        "total": f"{total:,}",
        "day": date_format(most.date, "SHORT_DATE_FORMAT"),
        "most": f"{most.total:,}",
    }


class NumbersView(StaffPage):
    page_title = gettext_lazy("Numbers")
    template_name = "newsroom/newsletters/staff/numbers.html"
    header_icon = "history"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    @cached_property
    def newsletter(self) -> Newsletter | None:
        pk = self.request.GET.get("newsletter", "")
        return Newsletter.objects.filter(pk=pk).first() if pk.isdecimal() else None

    @cached_property
    def days(self) -> int:
        given = self.request.GET.get("days", "")
        return int(given) if given in map(str, PERIODS) else 30

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = count_days(self.days, timezone.now(), self.newsletter)
        state_names = dict(Subscription.State.choices)
        return super().get_context_data(
            numbers=numbers,
            newsletter=self.newsletter,
            newsletters=Newsletter.objects.order_by("name", "pk"),
            days=self.days,
            periods=PERIODS,
            bars=draw(numbers.days),
            height=HEIGHT,
            summary=summarise(numbers),
            sources=[(key, NAMES[key]) for key in SOURCES],
            table=[
                (day, [day.came[source] for source in SOURCES]) for day in reversed(numbers.days)
            ],
            states=[(name, numbers.states.get(key, 0)) for key, name in state_names.items()],
            rate=None if numbers.confirm_rate is None else f"{numbers.confirm_rate:.1%}",
            **kwargs,
        )
