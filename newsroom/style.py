"""How dates, times and numbers are printed, in the style of US newsrooms in each language.

English is AP style: 3:46 a.m. Nov. 6, 2024. Spanish is what US newsrooms print in Spanish:
3:46 a. m. del 6 de noviembre de 2024, and 1,234.5 as in English, where Django's Spanish has
1 234,5. The shapes of dates are texts like others and stand in the catalogs.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import numberformat, translation
from django.utils.dateformat import format as format_date
from django.utils.dateformat import time_format
from django.utils.formats import get_format
from django.utils.translation import get_language, pgettext

FIGURES_OF = {"es": "es-mx"}
"""Whose separators a language has here: Django knows no Spanish of the United States."""


def numeral(value: int | float | Decimal, decimals: int | None = None) -> str:
    """Return a number with the separators of the language: 89,674.

    ``decimals``: so many, cut off and not rounded; None for as many as there are.
    """
    language = _language_of_figures()
    grouping = get_format("NUMBER_GROUPING", language)
    if isinstance(value, int) and grouping == 3 and not decimals:  # At a fifth of the price.
        return f"{value:,}".replace(",", get_format("THOUSAND_SEPARATOR", language))
    return numberformat.format(
        value,
        get_format("DECIMAL_SEPARATOR", language),
        decimals,
        grouping=grouping,
        thousand_sep=get_format("THOUSAND_SEPARATOR", language),
        force_grouping=True,
        use_l10n=True,
    )


def decimal_separator() -> str:
    """Return what stands between ones and tenths in the language."""
    return get_format("DECIMAL_SEPARATOR", _language_of_figures())


def _language_of_figures() -> str | None:
    language = get_language()
    return FIGURES_OF.get((language or "").partition("-")[0], language)


def clock_time(moment: datetime | time) -> str:
    """Return the time of day: 3:46 a.m., 8 p.m., noon."""
    return _spaced(time_format(moment, "P"))


def day(moment: date) -> str:
    """Return a day without its year: Nov. 6."""
    return format_date(moment, pgettext("date format", "N j"))


def full_day(moment: date) -> str:
    """Return a day: Nov. 6, 2024."""
    return format_date(moment, pgettext("date format", "N j, Y"))


def time_and_day(moment: datetime) -> str:
    """Return a time and a day without its year: 3:46 a.m. Nov. 6."""
    return _spaced(format_date(moment, pgettext("date format", "P N j")))


def time_and_full_day(moment: datetime) -> str:
    """Return a time and a day: 3:46 a.m. Nov. 6, 2024."""
    return _spaced(format_date(moment, pgettext("date format", "P N j, Y")))


def full_day_and_time(moment: datetime) -> str:
    """Return a day and a time: Nov. 6, 2024, 3:46 a.m."""
    return _spaced(format_date(moment, pgettext("date format", "N j, Y, P")))


def _spaced(text: str) -> str:
    """Write the halves of the day as the language's newsrooms do, where Django does not."""
    text = text.replace(translation.gettext("a.m."), pgettext("half of the day", "a.m."))
    return text.replace(translation.gettext("p.m."), pgettext("half of the day", "p.m."))
