"""How alike two titles or two names are: for proposing that they mean the same, never for
deciding it.

Both measures are from 0 (nothing in common) to 1 (the same words). “District 3” and “District 4”,
“Measure A” and “Measure B” are never alike, however many words they share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

ALIKE_NAMES: Final = 0.8
"""Names from here on may be one person: “KHALLID A. AL-ALIM” and “Kahllid A. Al-Alim” have 0.9."""

_WORDS: Final = re.compile(r"[^\W_]+")
_EMPTY_WORDS: Final = frozenset({"the", "of", "for", "and", "in", "to", "a", "race", "election"})
_SHORT_FORMS: Final = {
    "dist": "district",
    "bd": "board",
    "ed": "education",
    "usd": "unified",
    "prop": "proposition",
    "no": "office",
    "sup": "superior",
    "ct": "court",
    "co": "county",
    "cty": "city",
    "sch": "school",
}
_LABELLED: Final = frozenset({"measure", "proposition", "question", "amendment", "office", "seat"})


def plain(text: str) -> str:
    """Return the words without capitals, accents and punctuation, with single spaces."""
    return " ".join(_words(text))


def title_likeness(one: str, other: str) -> float:
    """Compare what two races are called."""
    if plain(one) == plain(other):
        return 1.0
    mine, theirs = _tokens(one), _tokens(other)
    if not mine or not theirs or _are_told_apart(_marks(one), _marks(other)):
        return 0.0
    common = len(mine & theirs)
    return 0.5 * common / min(len(mine), len(theirs)) + 0.5 * common / len(mine | theirs)


def name_likeness(one: str, other: str) -> float:
    """Compare two names; the order of their words does not matter."""
    mine, theirs = plain(one), plain(other)
    if mine == theirs:
        return 1.0
    in_order = SequenceMatcher(None, mine, theirs, autojunk=False).ratio()
    first, second = (" ".join(sorted(name.split())) for name in (mine, theirs))
    by_word = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return min(0.99, max(in_order, by_word))


def pair_names(ours: Mapping[int, str], theirs: Mapping[int, str]) -> dict[int, tuple[int, float]]:
    """Return for each of ``theirs`` the one of ``ours`` it may be, and how alike they are.

    Nobody is paired twice; the most alike come first. Who is like nobody is left out.
    """
    alike = sorted(
        (
            (likeness, -their, -our)
            for their, their_name in theirs.items()
            for our, our_name in ours.items()
            if (likeness := name_likeness(their_name, our_name)) >= ALIKE_NAMES
        ),
        reverse=True,
    )
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, their, our in alike:
        if -their not in pairs and -our not in taken:
            pairs[-their] = (-our, likeness)
            taken.add(-our)
    return pairs


@lru_cache(maxsize=4096)
def _words(text: str) -> Sequence[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tuple(_WORDS.findall(bare))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> frozenset[str]:
    words = (_SHORT_FORMS.get(word, word) for word in _words(text))
    return frozenset(
        word.lstrip("0") or "0" if word.isdecimal() else word for word in words
    ).difference(_EMPTY_WORDS)


@lru_cache(maxsize=4096)
def _marks(text: str) -> frozenset[str]:
    """What tells a race from its sisters: its numbers, and the letters of a measure."""
    words = [_SHORT_FORMS.get(word, word) for word in _words(text)]
    numbers = {word.lstrip("0") or "0" for word in words if word.isdecimal()}
    after = {
        second
        for first, second in pairwise(words)
        if first in _LABELLED and len(second) <= 3 and second not in _EMPTY_WORDS - {"a"}
    }
    return frozenset(numbers | {word.lstrip("0") or "0" for word in after})


def _are_told_apart(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs) and mine != theirs
