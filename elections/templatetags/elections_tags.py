"""Filters that say counts, shares and times the way the newsroom prints them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format

register = template.Library()


@register.filter
def figures(count: int) -> str:
    """Return a whole number with the separators of the locale: 89,674."""
    return number_format(count, decimal_pos=0, use_l10n=True, force_grouping=True)


@register.filter
def percent(share: Fraction | None, decimals: int = 1) -> str:
    """Return a share of 0 to 1 in percent, half rounded up: 51.9%.

    None, a share of nothing, gives a dash: 0.0% would be a claim.
    """
    if share is None:
        return "—"
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{number_format(rounded, decimal_pos=decimals, use_l10n=True)}%"


@register.filter(expects_localtime=True)
def ap_time(moment: datetime | None) -> str:
    """Return the time of day in AP style, in the active time zone: 3:46 a.m., 8 p.m., noon."""
    return format_date(moment, "P") if moment else ""


@register.filter
def ap_day(day: date | None) -> str:
    """Return a day without its year in AP style: Nov. 6."""
    return format_date(day, "N j") if day else ""


@register.filter(expects_localtime=True)
def ap_date(moment: datetime | None) -> str:
    """Return the date in AP style, in the active time zone: Nov. 6, 2024."""
    return format_date(moment, "N j, Y") if moment else ""


@register.filter(expects_localtime=True)
def ap_datetime(moment: datetime | None) -> str:
    """Return time and date in AP style, in the active time zone: 3:46 a.m. Nov. 6, 2024."""
    return format_date(moment, "P N j, Y") if moment else ""
