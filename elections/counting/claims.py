"""“Leads by about 18,000 votes”: what a sentence says of a count, held against the count.

Pure reading and arithmetic. A writer's word decides how far the count may be from the number
beside it; where there is none, the tolerance does that the writer chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from elections.counting.numerals import DIGITS, NUMBER, SHARES, Numeral, read_number


class Unit(StrEnum):
    VOTES = "votes"
    POINTS = "points"
    PERCENT = "percent"
    RATIO = "ratio"
    NONE = ""


class Bound(StrEnum):
    """How the number is meant. PLAIN has no word: then the tolerance decides."""

    PLAIN = "plain"
    ABOUT = "about"
    NEARLY = "nearly"
    JUST_OVER = "just-over"
    MORE = "more"
    LESS = "less"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    RANGE = "range"


class Tolerance(StrEnum):
    """What a number without a word stands for. The values are stored: never rename one."""

    EXACT = "exact"
    ROUNDED = "rounded"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a sentence, from ``start`` to ``end`` with its word and its unit.

    ``value`` is votes, points, percent (51.9) or the first side of “6 to 1”. ``highest`` is
    the upper end of a range, None otherwise.
    """

    value: Fraction
    step: Fraction
    unit: Unit
    bound: Bound = Bound.PLAIN
    highest: Fraction | None = None
    decimals: int = 0
    start: int = 0
    end: int = 0


_WORDS: Final = {
    Bound.JUST_OVER: "just over|just more than|just above|slightly more than|slightly over|a little"
    " over|a little more than|barely more than|poco más de|poco mas de|algo más de|apenas más de",
    Bound.NEARLY: "nearly|almost|just under|just below|just short of|not quite|slightly less than|"
    "slightly under|casi|poco menos de|algo menos de",
    Bound.AT_LEAST: "at least|no fewer than|no less than|al menos|por lo menos|como mínimo",
    Bound.AT_MOST: "at most|no more than|up to|como mucho|como máximo|no más de|hasta",
    Bound.MORE: "more than|over|above|upwards? of|exceeding|greater than|más de|mas de",
    Bound.LESS: "fewer than|less than|under|below|menos de",
    Bound.ABOUT: "about|around|roughly|approximately|an estimated|close to|some|alrededor de|"
    "aproximadamente|cerca de|más o menos|mas o menos|unos|unas",
}
_BOUNDS: Final = "|".join(rf"(?P<{bound.name}>\b(?:{words}))" for bound, words in _WORDS.items())
_UNITS: Final = (
    r"(?P<percent>\s?%|\s?per\s?cent\b(?!age)|\spor\sciento\b)"
    r"|(?P<points>[\s-](?:percentage[\s-])?points?\b|\spuntos?\b(?:\sporcentuales)?)"
    r"|(?P<votes>[\s-](?:more\s|fewer\s|additional\s)?(?:votes?|ballots?|votos?|boletas)\b)"
)
_RATIO: Final = rf"(?P<ratio>{NUMBER})[\s-]?(?:to|:|a)[\s-]?(?P<to>1|one|uno)\b(?![.,]\d)"
_RANGE: Final = (
    rf"(?:\b(?:between|entre)\s(?P<low>{NUMBER})\s?(?:%|per\s?cent)?\s(?:and|y)\s(?P<high>{NUMBER})"
    rf"|(?:\b(?:from|de)\s)?(?P<from>{NUMBER})\s?(?:%|per\s?cent)?\s(?:to|a)\s(?P<until>{NUMBER})"
    rf"|(?<![\w$#.,])(?P<first>{DIGITS})\s?[-–—]\s?(?P<last>{DIGITS}))"
)
_SHARE: Final = rf"(?P<share>\b(?:{'|'.join(sorted(SHARES, key=len, reverse=True))})\b)"
_CLAIM: Final = re.compile(
    rf"(?:(?:{_BOUNDS})\s)?(?:{_RATIO}|{_RANGE}(?=(?:{_UNITS.replace('?P<', '?P<r_')}))|{_SHARE}"
    rf"|(?<![\w$#.,])(?P<number>{NUMBER}))(?:{_UNITS})?",
    re.I,
)


def find_claims(text: str) -> Iterator[Claim]:
    """Yield each number of a text that says something about votes: with a unit, or a ratio."""
    for match in _CLAIM.finditer(text):
        claim = _read(match)
        if claim is not None and claim.unit is not Unit.NONE:
            yield claim


def read_claim(text: str) -> Claim | None:
    """Return what a piece of a sentence says; None where there is no number in it.

    Of several numbers the first with a unit counts: “the two candidates are 7 points apart”.
    """
    claims = [claim for match in _CLAIM.finditer(text) if (claim := _read(match)) is not None]
    return next((claim for claim in claims if claim.unit), claims[0] if claims else None)


def holds(claim: Claim, value: Fraction, tolerance: Tolerance = Tolerance.ROUNDED) -> bool:
    """Answer whether the claim is true of a count. ``value`` is in the unit of the claim.

    “About” and its like allow half a step of the number as it is written, or a twentieth of it
    if that is more; “more than” stays true up to a quarter above: then a writer would say more.
    """
    said, near = claim.value, max(claim.step / 2, claim.value / 20)
    match claim.bound:
        case Bound.RANGE:
            return said <= value <= (claim.highest if claim.highest is not None else said)
        case Bound.ABOUT:
            return said - near <= value <= said + near
        case Bound.NEARLY:
            return said - near <= value < said
        case Bound.JUST_OVER:
            return said < value <= said + near
        case Bound.MORE:
            return said < value <= said + max(claim.step, said / 4)
        case Bound.LESS:
            return said - max(claim.step, said / 4) <= value < said
        case Bound.AT_LEAST:
            return value >= said
        case Bound.AT_MOST:
            return value <= said
    return _plainly_holds(claim, value, tolerance, near)


def _plainly_holds(claim: Claim, value: Fraction, tolerance: Tolerance, near: Fraction) -> bool:
    if tolerance is Tolerance.ABOUT:
        return claim.value - near <= value <= claim.value + near
    step = claim.step
    if tolerance is Tolerance.EXACT:
        if claim.unit is Unit.VOTES:
            return value == claim.value
        step = Fraction(1, 10**claim.decimals)
    # Half a step rounds up, as it is printed.
    return claim.value - step / 2 <= value < claim.value + step / 2


def _read(match: re.Match[str]) -> Claim | None:
    groups = match.groupdict()
    place = match.span()
    bound = next((bound for bound in _WORDS if groups[bound.name]), Bound.PLAIN)
    unit = next((u for u in (Unit.PERCENT, Unit.POINTS, Unit.VOTES) if groups[u.value]), Unit.NONE)
    if groups["ratio"]:
        number = read_number(groups["ratio"])
        return _claim(number, Unit.RATIO, bound, place) if number else None
    if groups["share"]:
        share = SHARES[" ".join(groups["share"].lower().split())] * 100
        return Claim(share, Fraction(1), Unit.PERCENT, bound, start=place[0], end=place[1])
    for first, last in (("low", "high"), ("from", "until"), ("first", "last")):
        if groups[first]:
            return _range(groups[first], groups[last], unit, place)
    number = read_number(groups["number"])
    return _claim(number, unit, bound, place) if number else None


def _range(first: str, last: str, unit: Unit, place: tuple[int, int]) -> Claim | None:
    low, high = read_number(first), read_number(last)
    if low is None or high is None:
        return None
    return Claim(
        low.value,
        low.step,
        unit,
        Bound.RANGE,
        high.value,
        low.decimals,
        start=place[0],
        end=place[1],
    )


def _claim(number: Numeral, unit: Unit, bound: Bound, place: tuple[int, int]) -> Claim:
    step = number.step
    if unit in {Unit.PERCENT, Unit.POINTS} and step > 1:
        step = Fraction(1)  # “50%” and “10 points” are not rounded to tens.
    return Claim(
        number.value, step, unit, bound, None, number.decimals, start=place[0], end=place[1]
    )
