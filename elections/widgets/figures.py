"""How figures are printed: rounded once, half up, from exact numbers."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from newsroom.style import decimal_separator, numeral

NOT_A_NUMBER = "—"


def number(count: int) -> str:
    """Return a whole number with the separators of the locale: 89,674."""
    return numeral(count, 0)


def vote_count(count: int) -> str:
    return ngettext("%(number)s vote", "%(number)s votes", count) % {"number": number(count)}


def spoken_answer(answer: str) -> str:
    """Return Yes or No as a sentence names it: in Spanish “No leads” would deny the lead."""
    return pgettext("Yes or No in a sentence", "%(answer)s") % {"answer": answer}


def percent(share: Fraction | None, decimals: int = 1) -> str:
    """Return a share of 0 to 1 in percent: 51.9%.

    None, a share of nothing, gives a dash: 0.0% would be a claim.
    """
    return NOT_A_NUMBER if share is None else f"{_hundredfold(share, decimals)}%"


def points(difference: Fraction) -> str:
    """Return a difference of shares in points, without its sign; never a false 0.0."""
    size = abs(difference)
    if 0 < size * 100 < Fraction(1, 20):
        return _("less than 0.1 points")
    return _("%(points)s points") % {"points": _hundredfold(size, 1)}


def _hundredfold(share: Fraction, decimals: int) -> str:
    """Return a share of 0 or more times 100; rounded half up, in integers."""
    scale = 10**decimals
    numerator, denominator = 100 * scale * share.numerator, share.denominator
    whole, rest = divmod((2 * numerator + denominator) // (2 * denominator), scale)
    figures = numeral(whole, 0)
    return f"{figures}{decimal_separator()}{rest:0{decimals}d}" if decimals else figures
