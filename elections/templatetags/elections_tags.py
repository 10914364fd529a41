"""Filters that say counts, shares and times the way the newsroom prints them."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from elections.widgets import figures
from newsroom import style

register = template.Library()


register.filter("figures", figures.number)
register.filter("percent", figures.percent)


@register.filter(expects_localtime=True)
def ap_time(moment: datetime | None) -> str:
    """Return the time of day in AP style, in the active time zone: 3:46 a.m., 8 p.m., noon."""
    return style.clock_time(moment) if moment else ""


@register.filter
def ap_day(day: date | None) -> str:
    """Return a day without its year in AP style: Nov. 6."""
    return style.day(day) if day else ""


@register.filter(expects_localtime=True)
def ap_date(moment: datetime | None) -> str:
    """Return the date in AP style, in the active time zone: Nov. 6, 2024."""
    return style.full_day(moment) if moment else ""


@register.filter(expects_localtime=True)
def ap_datetime(moment: datetime | None) -> str:
    """Return time and date in AP style, in the active time zone: 3:46 a.m. Nov. 6, 2024."""
    return style.time_and_full_day(moment) if moment else ""
