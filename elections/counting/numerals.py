"""Numbers as people write them, in digits and in words, English and Spanish."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_ENGLISH: Final = tuple(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()  # noqa: SIM905
)
_SPANISH: Final = tuple(
    """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
    dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro
    veinticinco veintiséis veintisiete veintiocho veintinueve""".split()  # noqa: SIM905
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DECENAS: Final = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_CENTENAS: Final = {
    "cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300,
    "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500,
    "quinientas": 500, "seiscientos": 600, "seiscientas": 600, "setecientos": 700,
    "setecientas": 700, "ochocientos": 800, "ochocientas": 800, "novecientos": 900,
    "novecientas": 900,
}  # fmt: skip
SMALL: Final[dict[str, int]] = {
    **{word: value for value, word in enumerate(_ENGLISH)},
    **{word: value for value, word in enumerate(_SPANISH)},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS)},
    **{word: 30 + 10 * place for place, word in enumerate(_DECENAS)},
    **_CENTENAS,
    "un": 1, "una": 1, "a": 1, "an": 1, "dieciseis": 16, "veintidos": 22, "veintitres": 23,
    "veintiseis": 26, "dozen": 12,
}  # fmt: skip
SCALES: Final = {
    "hundred": 100,
    "thousand": 1000,
    "mil": 1000,
    "million": 1_000_000,
    "millón": 1_000_000,
    "millon": 1_000_000,
    "millones": 1_000_000,
}
SHARES: Final = {
    "half": Fraction(1, 2),
    "la mitad": Fraction(1, 2),
    "a third": Fraction(1, 3),
    "one-third": Fraction(1, 3),
    "one third": Fraction(1, 3),
    "un tercio": Fraction(1, 3),
    "two-thirds": Fraction(2, 3),
    "two thirds": Fraction(2, 3),
    "dos tercios": Fraction(2, 3),
    "a quarter": Fraction(1, 4),
    "one-quarter": Fraction(1, 4),
    "un cuarto": Fraction(1, 4),
    "three-quarters": Fraction(3, 4),
    "three quarters": Fraction(3, 4),
    "tres cuartos": Fraction(3, 4),
}
_GLUE: Final = {"and", "y"}
_WORD: Final = "|".join(sorted({*SMALL, *SCALES} - {"a", "an", "un", "una"}, key=len, reverse=True))
_SCALE: Final = "|".join(sorted(SCALES, key=len, reverse=True))
DIGITS: Final = r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
NUMBER: Final = (
    rf"(?:(?:{DIGITS})(?:\s(?:{_SCALE})\b)?"
    rf"|(?:\b(?:a|an|un|una)\s)?\b(?:{_WORD})\b(?:[\s-](?:(?:and|y)\s)?(?:{_WORD}|una?)\b)*)"
    r"(?:\s(?:and\sa\shalf|y\smedi[oa])\b)?"
)
_HALF: Final = re.compile(r"\s(?:and a half|y medi[oa])$", re.I)


@dataclass(frozen=True, slots=True)
class Numeral:
    """``step`` is the value of its last digit that says something: 1,000 in 18,000."""

    value: Fraction
    step: Fraction
    decimals: int = 0


def read_number(text: str) -> Numeral | None:
    """Return the number that the whole text is, as in “18,000”, “6.3 million”, “treinta y uno”.

    A point or comma before exactly three digits parts thousands, any other is a decimal one.
    """
    words = " ".join(text.lower().split())
    half = _HALF.search(words)
    if half:
        whole = read_number(words[: half.start()])
        return whole and Numeral(whole.value + Fraction(1, 2), Fraction(1, 2), 1)
    first, _, rest = words.partition(" ")
    if rest.replace(" ", "").isdigit():
        first, rest = words.replace(" ", ""), ""
    if first[:1].isdigit():
        return _from_digits(first, rest)
    return _from_words(re.split(r"[\s-]+", words))


def _from_digits(digits: str, scale: str) -> Numeral | None:
    digits = re.sub(r"[\u00a0\u202f]", "", digits)
    if re.fullmatch(r"\d{1,3}([,.])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", digits):
        digits = re.sub(r"[,.](?=\d{3}(?:\D|$))", "", digits)
    digits = digits.replace(",", ".")
    if digits.count(".") > 1 or (scale and scale not in SCALES):
        return None
    times = SCALES.get(scale, 1)
    whole, _, part = digits.partition(".")
    value = Fraction(digits) * times
    if part:
        step = Fraction(times, 10 ** len(part))
        return Numeral(value, step, 0 if scale else len(part))
    zeros = len(whole) - len(whole.rstrip("0")) if int(whole) else 0
    return Numeral(value, Fraction(10**zeros * times))


def _from_words(words: list[str]) -> Numeral | None:
    total, part = 0, 0
    for word in words:
        if word in _GLUE:
            continue
        if word in SMALL:
            part = (part or 1) * 12 if word == "dozen" else part + SMALL[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in SCALES:
            total, part = (total + (part or 1)) * SCALES[word], 0
        else:
            return None
    value = total + part
    zeros = len(str(value)) - len(str(value).rstrip("0")) if value else 0
    # “Twenty” is twenty; “twenty thousand” is rounded to thousands.
    return Numeral(Fraction(value), Fraction(10**zeros if value >= 100 else 1))
