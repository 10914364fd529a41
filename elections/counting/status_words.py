"""“Wins”, “elected”, “all votes counted”: words of a story that a race's state may not allow.

Pure reading, English and Spanish. It finds words, and knows when they say nothing about the
race: in a quotation, a question, a denial, a condition, about another year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from elections.counting.calls import RaceState, Word, may_say


class Says(StrEnum):
    """What a word says of a race."""

    WON = "won"
    APPARENT = "apparent"
    PASSED = "passed"
    FAILED = "failed"
    ALL_COUNTED = "all-counted"


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A word as it stands in a text, with the sentence around it."""

    says: Says
    text: str
    sentence: str
    start: int


@dataclass(frozen=True, slots=True)
class RaceFacts:
    """A race that a story speaks of. ``names`` are those of its selections."""

    id: int
    state: RaceState
    names: tuple[str, ...]
    year: int
    is_measure: bool = False


_PATTERNS: Final = {
    Says.APPARENT: r"apparent(?:ly)? (?:winners?|won|victory|victor)|"
    r"(?:presunt|aparente|virtual)[oa]? ganador(?:a|es)?|"
    r"ganador(?:a|es)? (?:aparente|presunt[oa])",
    Says.ALL_COUNTED: r"(?:100\s?(?:%|per\s?cent)|all|every) (?:of )?(?:the )?"
    r"(?:precincts?|votes|ballots)(?= (?:are |were |have been |is |has been )?"
    r"(?:in\b|reporting|reported|counted))|100\s?(?:%|per\s?cent) of (?:the )?"
    r"(?:precincts|votes|ballots|vote)|(?:100\s?%|el 100 por ciento) de "
    r"(?:los votos|las boletas|las casillas|los precintos|los recintos)",
    Says.WON: r"wins|won|winners?|(?:re-?)?elected|defeat(?:s|ed)|beat(?:s|en)?|victory|victorious|"
    r"oust(?:s|ed)|unseat(?:s|ed)|prevail(?:s|ed)|gana|ganó|ganaron|ganador(?:a|es)?|"
    r"(?:re)?elect[oa]s?|(?:re)?elegid[oa]s?|derrota|derrotó|vence|venció|victoria|triunfó",
    Says.PASSED: r"passes|passed|approved|aprobad[oa]|aprueban|aprobaron",
    Says.FAILED: r"fails|failed|rejected|rechazad[oa]|rechazan|rechazaron",
}
_WORDS: Final = re.compile(
    "|".join(rf"(?P<{says.name}>\b(?:{words})\b)" for says, words in _PATTERNS.items()), re.I
)
_SENTENCE_END: Final = re.compile(
    r"(?<![A-Z]\.)(?<!\b[A-Z])(?<=[.!?…])[\s”\"»]+(?=[\"“¿¡«A-ZÁÉÍÓÚÑ])"
)
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_NOT_SAID: Final = re.compile(
    r"\b(?:not|never|no|nobody|neither|nor|without|yet to be|if|whether|unless|until|before|would|"
    r"could|may|might|must|should|will|to be|wasn['’]t|isn['’]t|hasn['’]t|haven['’]t|"
    r"claim(?:s|ed)?|declar(?:es|ed)|predict(?:s|ed)?|"
    r"nadie|ni|sin|si|podría|aún|todavía|antes de|"
    r"hasta que|cuando|when|(?<!, )who|quién)\b[^,;:]{0,28}$",
    re.I,
)
_GENERIC: Final = re.compile(
    r"^ (?:officials?|leaders?|board|office|member|representatives?|body|will|would|takes? office|"
    r"gets|serves|needs|must|should|official(?:es)?|funcionari|Boulevard|Blvd)",
)
_OTHER_TIME: Final = re.compile(
    r"\b(?:last year|four years ago|years ago|previously|hace \w+ años|el año pasado|primary|"
    r"primaria)\b",
    re.I,
)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


def find_status_words(text: str) -> Iterator[StatusWord]:
    """Yield the words that say how a race ended, where the text says so itself."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _WORDS.finditer(text):
        if any(start <= match.start() < end for start, end in quoted):
            continue
        sentence, before, after = _around(text, match)
        if sentence.rstrip('”"’ ').endswith("?") or _NOT_SAID.search(before):
            continue
        if _GENERIC.match(after) or (match[0] == "Victory" and after[1:2].isupper()):
            continue
        yield StatusWord(Says[match.lastgroup or ""], match[0], sentence, match.start())


def _around(text: str, match: re.Match[str]) -> tuple[str, str, str]:
    """Return the sentence of a word, and what stands in it before and after."""
    ends = [end.start() for end in _SENTENCE_END.finditer(text)]
    first = max((end for end in ends if end <= match.start()), default=0)
    last = min((end for end in ends if end >= match.end()), default=len(text))
    return text[first:last].strip(), text[first : match.start()], text[match.end() : last]


def wrong_words(text: str, races: Sequence[RaceFacts]) -> Iterator[tuple[StatusWord, RaceFacts]]:
    """Yield each word that no race it may be about allows, with the first of these races.

    A sentence with the name of somebody on a ballot is about that race; any other may be about
    each of the story's races. One about another year or a primary is left alone.
    """
    for word in find_status_words(text):
        about = _about(word.sentence, races)
        if _is_of_another_time(word.sentence, about):
            continue
        asked = [race for race in about if _can_say_of(word.says, race)]
        if asked and not any(_allows(word.says, race) for race in asked):
            yield word, asked[0]


def _about(sentence: str, races: Sequence[RaceFacts]) -> Sequence[RaceFacts]:
    words = {word.lower() for word in re.findall(r"[\w’'-]+", sentence)}
    words |= {word.removesuffix("’s").removesuffix("'s") for word in words}
    named = [race for race in races if words & {_last_name(name) for name in race.names}]
    return named or races


def _last_name(name: str) -> str:
    words = [word for word in name.split() if word.strip(".,").lower() not in {"jr", "sr", "ii"}]
    return words[-1].strip(".,").lower() if words and len(words[-1]) > 2 else name.lower()


def _is_of_another_time(sentence: str, races: Sequence[RaceFacts]) -> bool:
    years = {int(year) for year in _YEAR.findall(sentence)}
    ours = {race.year for race in races}
    return bool(_OTHER_TIME.search(sentence)) or bool(years and not years & ours)


def _can_say_of(says: Says, race: RaceFacts) -> bool:
    """Whether the word is one for such a race: measures pass, people win."""
    if says is Says.ALL_COUNTED:
        return True
    return race.is_measure == (says in {Says.PASSED, Says.FAILED})


def _allows(says: Says, race: RaceFacts) -> bool:
    if says is Says.ALL_COUNTED:
        return race.state is RaceState.CERTIFIED
    if says is Says.APPARENT:
        is_over = race.state is RaceState.CERTIFIED
        return may_say(Word.APPARENT_WINNER, race.state) and not is_over
    needed = {Says.WON: Word.WINNER, Says.PASSED: Word.PASSED, Says.FAILED: Word.FAILED}
    return may_say(needed[says], race.state)
