"""Every state of a race, every text that readers get: no word that the state forbids."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import RequestFactory
from django.utils.html import strip_tags

from elections.counting.calls import CallKind, RaceState, Word, allowed_words
from elections.models import Contest, Published
from elections.widgets.descriptions import describe
from elections.widgets.history_rows import election_history, race_history
from elections.widgets.publish import publish
from elections.widgets.sharing import Sharing
from tests.elections.widgets.races import call, count_votes, make_race, say_left

SPOKEN = {
    Word.LEADING: (
        r"\bleads?\b|\bleading\b|(?<!finished )\bahead\b|\bholds? the last\b|\bin front\b"
    ),
    Word.TIED: r"\btied?\b",
    Word.TOO_CLOSE: r"\btoo close\b",
    Word.CONCEDED: r"\bconced",
    Word.APPARENT_WINNER: r"\bapparent winner",
    Word.WINNER: r"(?<!apparent )\bwinner\b|\bwon\b|\bwins\b|\bcalled\b|\btook the last\b",
    Word.ADVANCES: r"\badvances?\b|\bgo(es)? on\b",
    Word.RUNOFF: r"\brunoff\b",
    Word.PASSED: r"\bpassed\b|(?<!not )\bretained\b",
    Word.FAILED: r"\bfailed\b|\bnot retained\b",
    Word.CERTIFIED: r"\bcertified\b",
}
# Rules of the race and denials claim nothing; the line is drawn on what is left.
NO_CLAIMS = (
    "too few to say who leads",
    "so nobody can say who is in front",
    "The top 2 go to a runoff unless one has a majority.",
    "The top 2 go on, whatever their share.",
    "There are equal votes for the last place.",
)


def make_majority(source) -> Contest:
    return make_race(source, {"Ada": 480, "Bo": 300, "Cy": 220}, vote_variation="majority")


def make_seats(source) -> Contest:
    return make_race(source, {"Ada": 480, "Bo": 300, "Cy": 220}, number_elected=2)


def make_people(source) -> Contest:
    return make_race(source, {"Ada": 600, "Bo": 400})


def make_tie(source) -> Contest:
    return make_race(source, {"Ada": 500, "Bo": 500})


def make_measure(source) -> Contest:
    return make_race(
        source, {"Yes": 600, "No": 400}, contest_type="ballot-measure",
        passage_numerator=55, passage_denominator=100, passage_comparator="at-least",
    )  # fmt: skip


def make_plain_measure(source) -> Contest:
    return make_race(source, {"Yes": 600, "No": 400}, contest_type="ballot-measure")


def make_retention(source) -> Contest:
    return make_race(source, {"Yes": 600, "No": 400}, contest_type="retention")


PAST = {"history", "feed"}
PEOPLE = (make_people, make_majority, make_seats, make_tie)
QUESTIONS = (make_measure, make_plain_measure, make_retention)


def too_little(race: Contest) -> None:
    say_left(race.election, 100_000, race)


def nothing_counted(race: Contest) -> None:
    names = [selection.name for selection in race.selections.all()]
    count_votes(race.election.sources.get(), race, dict.fromkeys(names, 0), "22:00")


def certified(race: Contest) -> None:
    call(race, CallKind.CERTIFIED)


def with_call(kind: CallKind, *names: str) -> Callable[[Contest], None]:
    return lambda race: call(race, kind, *names) and None


BRINGS = {
    RaceState.NO_COUNT: (nothing_counted, (*PEOPLE, *QUESTIONS)),
    RaceState.COUNTING: (too_little, (*PEOPLE, *QUESTIONS)),
    RaceState.LEADING: (lambda race: None, (*PEOPLE[:3], *QUESTIONS)),
    RaceState.TIED: (lambda race: None, (make_tie,)),
    RaceState.TOO_CLOSE: (with_call(CallKind.TOO_CLOSE), (*PEOPLE, *QUESTIONS)),
    RaceState.CONCEDED: (with_call(CallKind.CONCEDED, "Bo"), PEOPLE),
    RaceState.APPARENT_WINNER: (with_call(CallKind.APPARENT_WINNER, "Ada"), PEOPLE),
    RaceState.CALLED: (with_call(CallKind.WINNER, "Ada"), PEOPLE),
    RaceState.RUNOFF: (with_call(CallKind.RUNOFF, "Ada", "Bo"), PEOPLE),
    RaceState.PASSED: (with_call(CallKind.PASSED), QUESTIONS),
    RaceState.FAILED: (with_call(CallKind.FAILED), QUESTIONS),
    RaceState.CERTIFIED: (certified, (*PEOPLE, *QUESTIONS)),
}
CASES = [
    pytest.param(state, bring, make, id=f"{state.value}-{make.__name__[5:]}")
    for state, (bring, makers) in BRINGS.items()
    for make in makers
]


def surfaces(race: Contest) -> dict[str, str]:
    """Return every text that readers, feeds and programs get of a race now."""
    published = Published.objects.get(pk=race.pk)
    payload = json.loads(published.payload)
    request = RequestFactory().get("/")
    counts = [entry for entry in race_history(race, published) if entry.key.startswith("count")]
    newest, _contests = election_history(race.election)
    return {
        "widget": strip_tags(published.html),
        "payload": " ".join(_texts({**payload, "state": "", "catching_up": None})),
        "needed share": (payload["catching_up"] or {}).get("sentence", ""),
        "card": describe(published),
        "shared text": Sharing.of(request, race, published).text,
        "history": counts[0].text if counts else "",
        "feed": next((e.text for e in newest if e.key.startswith("count")), ""),
    }


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


def state_before_calls(state: RaceState, make: Callable) -> RaceState:
    """Return the state that the release was in: the calls of these cases came after it."""
    if state in {RaceState.NO_COUNT, RaceState.COUNTING}:
        return state
    return RaceState.TIED if make is make_tie else RaceState.LEADING


def forbidden(text: str, state: RaceState) -> list[str]:
    for phrase in NO_CLAIMS:
        text = text.replace(phrase, "")
    return [
        f"{word.value}: {found.group()}"
        for word, pattern in SPOKEN.items()
        if word not in allowed_words(state) and (found := re.search(pattern, text, re.IGNORECASE))
    ]


def test_every_state_is_walked():
    assert set(BRINGS) == set(RaceState)


@pytest.mark.parametrize(("state", "bring", "make"), CASES)
def test_no_text_says_a_word_that_the_state_forbids(source, state, bring, make):
    race = make(source)
    bring(race)
    publish([race.pk])
    told = json.loads(Published.objects.get(pk=race.pk).payload)["state"]
    assert told == state.value
    before = state_before_calls(state, make)
    said = {
        name: forbidden(text, before if name in PAST else state)
        for name, text in surfaces(race).items()
    }
    assert {name: words for name, words in said.items() if words} == {}


def test_the_walk_would_notice():
    assert forbidden("Ada leads by 3 votes and has won.", RaceState.COUNTING) == [
        "leading: leads",
        "winner: won",
    ]
