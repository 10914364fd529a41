"""How alike two titles or two names are: for proposing that they mean the same, never for
deciding it.

Both measures are from 0 (nothing in common) to 1 (the same words). “District 3” and “District 4”,
“Measure A” and “Measure B” are never alike, however many words they share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    return _read(text).plain


def title_likeness(one: str, other: str) -> float:
    """Compare what two races are called."""
    mine, theirs = _read(one), _read(other)
    if mine.plain == theirs.plain:
        return 1.0
    if mine.marks and theirs.marks and mine.marks != theirs.marks:
        return 0.0
    common = len(mine.tokens & theirs.tokens)
    if not common:
        return 0.0
    sizes = len(mine.tokens), len(theirs.tokens)
    return 0.5 * common / min(sizes) + 0.5 * common / (sum(sizes) - common)


def name_likeness(one: str, other: str) -> float:
    """Compare two names; the order of their words does not matter.

    Names that are surely below ALIKE_NAMES are not measured and have 0.
    """
    mine, theirs = plain(one), plain(other)
    if mine == theirs:
        return 1.0
    first, second = (" ".join(sorted(name.split())) for name in (mine, theirs))
    return min(0.99, max(_ratio(mine, theirs), _ratio(first, second)))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE_NAMES or matcher.quick_ratio() < ALIKE_NAMES:
        return 0.0
    return matcher.ratio()


def pair_names(ours: Mapping[int, str], theirs: Mapping[int, str]) -> dict[int, tuple[int, float]]:
    """Return for each of ``theirs`` the one of ``ours`` it may be, and how alike they are.

    Nobody is paired twice; the most alike come first. Who is like nobody is left out.
    """
    alike = sorted(_alike(ours, theirs), reverse=True)
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, their, our in alike:
        if -their not in pairs and -our not in taken:
            pairs[-their] = (-our, likeness)
            taken.add(-our)
    return pairs


def _alike(ours: Mapping[int, str], theirs: Mapping[int, str]) -> Iterator[tuple[float, int, int]]:
    """Give likeness and the two ids, below zero, so that the first of equals sorts last."""
    by_name = {plain(name): our for our, name in ours.items()}
    for their, their_name in theirs.items():
        same = by_name.get(plain(their_name))
        if same is not None:
            yield 1.0, -their, -same
            continue
        for our, our_name in ours.items():
            likeness = name_likeness(their_name, our_name)
            if likeness >= ALIKE_NAMES:
                yield likeness, -their, -our


@dataclass(frozen=True, slots=True)
class _Read:
    """A text once it is read. ``marks`` tell a race from its sisters: its numbers, and the
    letters of a measure."""

    plain: str
    tokens: frozenset[str]
    marks: frozenset[str]


@lru_cache(maxsize=8192)
def _read(text: str) -> _Read:
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = _WORDS.findall(bare)
    full = [_number(_SHORT_FORMS.get(word, word)) for word in words]
    letters = {
        second
        for first, second in pairwise(full)
        if first in _LABELLED and len(second) <= 3 and second not in _EMPTY_WORDS - {"a"}
    }
    return _Read(
        " ".join(words),
        frozenset(full) - _EMPTY_WORDS,
        frozenset(letters.union(word for word in full if word.isdecimal())),
    )


def _number(word: str) -> str:
    """A number without zeros before it: District 03 is District 3."""
    return word.lstrip("0") or "0" if word.isdecimal() else word
