"""“Nearly 6 to 1”: what a writer says about two amounts, held against the amounts.

Pure arithmetic in fractions.
"""

import re
from fractions import Fraction

# How far each word lets the true ratio lie from the number beside it, as shares of the number.
# “Nearly 6” is below 6 and above 5.4; “more than 5” is above 5, and not 6.
NEARLY = (Fraction(9, 10), Fraction(1))
MORE = (Fraction(1), Fraction(5, 4))
ABOUT = (Fraction(9, 10), Fraction(11, 10))
WORDS = {
    "nearly": NEARLY,
    "almost": NEARLY,
    "just under": NEARLY,
    "more than": MORE,
    "over": MORE,
    "just over": (Fraction(1), Fraction(11, 10)),
    "about": ABOUT,
    "around": ABOUT,
    "roughly": ABOUT,
}
CLAIM = re.compile(
    r"(?P<word>[a-z ]*?)\s*(?P<number>\d+(?:\.\d+)?)\s*[- ]?(?:to|:)[- ]?\s*1\.?", re.I
)


def read_claim(claim: str) -> tuple[str, Fraction] | None:
    """Return the word before the number ("" for none) and the number of “6 to 1”; None for another
    sentence."""
    found = CLAIM.fullmatch(claim.strip())
    if found is None:
        return None
    word = " ".join(found["word"].lower().split())
    return (word, Fraction(found["number"])) if word in WORDS or not word else None


def holds(claim: str, ratio: Fraction) -> bool | None:
    """Answer whether the claim is true of ``ratio`` to 1; None when it cannot be read.

    Without a word the number must be the ratio, rounded as the number is.
    """
    said = read_claim(claim)
    if said is None:
        return None
    word, number = said
    if not word:
        decimals = len(claim.partition(".")[2].partition(" ")[0].partition("-")[0])
        return abs(ratio - number) <= Fraction(1, 2 * 10**decimals)
    lowest, highest = WORDS[word]
    if (lowest, highest) == NEARLY:
        return number * lowest <= ratio < number
    if word in {"more than", "over", "just over"}:
        return number < ratio <= number * highest
    return number * lowest <= ratio <= number * highest


def say_ratio(ratio: Fraction) -> str:
    """Return the ratio with one decimal, as in 5.7."""
    return f"{float(ratio):.1f}".removesuffix(".0")
