"""The walk of every state over every text once more, in Spanish."""

import json
import re

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from elections.counting.calls import RaceState, Word, allowed_words
from elections.models import Published
from elections.widgets.publish import publish
from tests.elections.widgets.test_words import CASES, PAST, state_before_calls, surfaces

SPOKEN = {
    Word.LEADING: r"\bdelantera\b|\bal frente\b|\bocupa el último\b|\bpor delante\b",
    Word.TIED: r"\bempat",
    Word.TOO_CLOSE: r"\breñida\b",
    Word.CONCEDED: r"\bderrota\b",
    Word.APPARENT_WINNER: r"\btriunfo aparente\b",
    Word.WINNER: r"\btriunfo\b(?! aparente)|\bganó\b|\bdefinida\b|\bobtuvo el último\b",
    Word.ADVANCES: r"\bpasan? a la siguiente ronda\b",
    Word.RUNOFF: r"\bsegunda vuelta\b",
    Word.PASSED: r"\baprobada\b|(?<!no )\bpermanece\b",
    Word.FAILED: r"\brechazada\b|\bno permanece\b",
    Word.CERTIFIED: r"\bcertificad[oa]\b",
}
NO_CLAIMS = (
    "muy pocos para decir quién lleva la delantera",
    "Son muy pocos para decir quién lleva la delantera",
    "así que nadie puede decir quién va al frente",
    "a menos que alguien tenga mayoría",
    "Los primeros 2 lugares van a una segunda vuelta",
    "Demasiado reñida para definirla",
    "terminó al frente",
    "Para alcanzar a quien va al frente",
    "ya no puede alcanzar a quien va al frente",
)
CLOSE = "Demasiado reñida para definirla"


@pytest.fixture(autouse=True)
def spanish(settings) -> None:
    settings.ELECTIONS_LANGUAGES = ["es"]


def forbidden(text: str, state: RaceState) -> list[str]:
    for phrase in NO_CLAIMS:
        if phrase == CLOSE and state is not RaceState.TOO_CLOSE:
            continue
        text = text.replace(phrase, "")
    return [
        f"{word.value}: {found.group()}"
        for word, pattern in SPOKEN.items()
        if word not in allowed_words(state) and (found := re.search(pattern, text, re.IGNORECASE))
    ]


def said_in_spanish(race) -> dict[str, str]:
    """Return what readers get in Spanish, wherever they get it."""
    edition = Published.objects.get(pk=race.pk).edition("es")
    said = json.loads(edition.payload)
    with override("es"):
        others = {name: surfaces(race)[name] for name in ("card", "shared text", "history", "feed")}
    return {
        "widget": strip_tags(edition.html),
        "label": said["state_label"],
        "sentence": f"{said['sentence']} {said['rule']} {said['threshold']}",
        **others,
    }


@pytest.mark.parametrize(("state", "bring", "make"), CASES)
def test_no_text_says_a_word_that_the_state_forbids(source, state, bring, make):
    race = make(source)
    bring(race)
    publish([race.pk])
    before = state_before_calls(state, make)
    said = {
        name: forbidden(text, before if name in PAST else state)
        for name, text in said_in_spanish(race).items()
    }
    assert {name: words for name, words in said.items() if words} == {}


def test_the_walk_would_notice():
    said = "Ada lleva la delantera por 3 votos. Ada ganó por 3 votos."
    assert forbidden(said, RaceState.COUNTING) == ["leading: delantera", "winner: ganó"]
