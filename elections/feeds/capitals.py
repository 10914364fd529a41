"""Readable names from names in capitals.

Proposals only: an editor knows how a person writes her name, and overwrites them. What is
already in mixed case stays as it is.
"""

from __future__ import annotations

import re

# A run of letters, with the apostrophes inside it.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_INITIALS = re.compile(r"(?:[A-Z]\.)+")
_ORDINAL = re.compile(r"\d+[A-Z]+\W*")
_GENERATIONS = frozenset({"II", "III", "IV"})
_ARTICLES = frozenset({"LA", "LAS", "LOS", "DER", "DEN"})
_BEFORE_ARTICLES = frozenset({"DE", "VAN", "VON"})

_ACRONYMS = frozenset({"ABC", "CCD", "CSD", "LACCD", "LAUSD", "USD"})
_SMALL_WORDS = frozenset({"AND", "AT", "FOR", "IN", "OF", "THE", "TO"})
_LETTERED = frozenset({"MEASURE", "PROPOSITION"})
_MAX_MEASURE_LETTERS = 4


def propose_selection_name(name: str) -> str:
    """``KEVIN DE LEÓN`` as ``Kevin De León``, ``JOHN MCDOE JR.`` as ``John McDoe Jr.``

    ``De`` and ``Van`` keep their capital and an article after them loses it (``De la Cruz``).
    Mac, DeWitt and LaPlante cannot be told from Macias, Dewey and Lane, and are left to the
    editor.
    """
    words = name.split()
    proposed = []
    for n, word in enumerate(words):
        if word in _GENERATIONS and n > 0:
            proposed.append(word)
        elif n > 0 and word in _ARTICLES and words[n - 1] in _BEFORE_ARTICLES:
            proposed.append(word.lower())
        else:
            proposed.append(_lower(word))
    return " ".join(proposed)


def propose_contest_name(title: str) -> str:
    """``ABC UNIFIED SCHOOL DISTRICT - MEASURE BC`` as ``ABC Unified School District - Measure BC``.

    The office that follows the jurisdiction is in mixed case already.
    """
    words = title.split()
    proposed = []
    for n, word in enumerate(words):
        before = words[n - 1] if n else ""
        bare = word.strip(",;:()")
        is_letter = before in _LETTERED and len(bare) <= _MAX_MEASURE_LETTERS
        if bare in _ACRONYMS or (is_letter and bare.isupper()):
            proposed.append(word)
        elif n > 0 and word in _SMALL_WORDS:
            proposed.append(word.lower())
        else:
            proposed.append(_lower(word))
    return " ".join(proposed)


def _lower(word: str) -> str:
    """Lower a word in capitals, part by part; leave initials and mixed case."""
    if any(letter.islower() for letter in word) or _INITIALS.fullmatch(word):
        return word
    if _ORDINAL.fullmatch(word):
        return word.lower()
    return _WORD.sub(lambda found: _capitalise(found[0]), word)


def _capitalise(word: str) -> str:
    """``O'LEARY`` as ``O'Leary``, ``PEOPLE'S`` as ``People's``, ``MCDOE`` as ``McDoe``."""
    apostrophe = word[1:2]
    if apostrophe in {"'", "’"}:
        return word[:2] + _capitalise(word[2:])
    if word.startswith("MC") and len(word) > 3:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()
