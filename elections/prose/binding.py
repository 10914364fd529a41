"""Numbers in the paragraphs of a story that nobody has bound to a race yet, and binding them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape, strip_tags
from wagtail.models import AbstractPage

from elections.counting.claims import Claim, Tolerance, find_claims, holds
from elections.prose.facts import Measure, measures_of
from elections.prose.published import Told, load_told
from elections.prose.reading import not_about, races_of
from newsroom.linking import stored_items

TAG = re.compile(r"<[^>]*>")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|&quot;.*?&quot;|«[^»]*»")
PARAGRAPH_END = re.compile(r"</(?:p|li)>")
# So many characters around a number are shown to whoever binds it.
CLAUSE = 80
# Which figures the words before a number speak of.
MEANT = (
    (re.compile(r"\b(?:lead|ahead|behind|trail|margin|apart|ventaja|aventaja)", re.I), "margin_"),
    (re.compile(r"\b(?:left|remain|uncounted|faltan|quedan)", re.I), "ballots_left"),
    (re.compile(r"\b(?:need|necesita)", re.I), "needed_share"),
)
TOLD = Tolerance.ROUNDED


@dataclass(frozen=True)
class Place:
    """A number in a paragraph as it is stored: from ``start`` to ``end`` of its HTML."""

    block_id: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return f"{self.block_id}:{self.start}:{self.end}"


@dataclass(frozen=True)
class Choice:
    """A figure of a race that a number may be of. ``is_true`` says whether it is, now."""

    race: str
    contest_id: int
    measure: Measure
    is_true: bool

    @property
    def key(self) -> str:
        return f"{self.contest_id}|{self.measure.kind}"


@dataclass(frozen=True)
class Loose:
    """A number that is bound to nothing. The choice that fits best comes first."""

    place: Place
    words: str
    before: str
    after: str
    choices: tuple[Choice, ...]

    @property
    def best(self) -> Choice | None:
        """What it is most likely of; None where no race bears it out."""
        return self.choices[0] if self.choices[0].is_true else None


def loose_numbers(page: AbstractPage) -> list[Loose]:
    """Return the numbers of a story's paragraphs that may be of its races, in order; a query."""
    told = load_told(races_of(page) - not_about(page))
    found = []
    for item in stored_items(page) if told else ():
        if item["type"] != "paragraph" or not isinstance(item["value"], str):
            continue
        for place, claim in _claims_in(item["id"] or "", item["value"]):
            number = _loose(place, claim, item["value"], told)
            if number.choices:
                found.append(number)
    return found


def bind(page: AbstractPage, choices: Mapping[str, str]) -> int:
    """Bind numbers to figures, both by their keys, in the page as it stands; return how many.

    The words stay as they are. Nothing is saved.
    """
    offered = {number.place.key: number for number in loose_numbers(page)}
    chosen: dict[str, list[tuple[Place, Choice]]] = {}
    for key, wanted in choices.items():
        number = offered.get(key)
        choice = next((c for c in number.choices if c.key == wanted), None) if number else None
        if choice:
            chosen.setdefault(number.place.block_id, []).append((number.place, choice))
    items = stored_items(page)
    for item in items:
        for place, choice in sorted(chosen.get(item["id"], ()), key=lambda c: -c[0].start):
            item["value"] = _wrap(item["value"], place, choice)
    page.body = json.dumps(items)
    return sum(map(len, chosen.values()))


def _wrap(html: str, place: Place, choice: Choice) -> str:
    words = html[place.start : place.end]
    return (
        f'{html[: place.start]}<a contest="{choice.contest_id}"'
        f' figure="{escape(choice.measure.kind)}" linktype="checked-fact"'
        f' tolerance="{TOLD}">{words}</a>{html[place.end :]}'
    )


def _claims_in(block_id: str, html: str) -> Iterator[tuple[Place, Claim]]:
    """Yield the numbers of a stored text: not those inside links, nor what somebody else said."""
    at, is_linked = 0, False
    for tag in [*TAG.finditer(html), None]:
        end = tag.start() if tag else len(html)
        if not is_linked:
            yield from _claims_between(block_id, html, at, end)
        if tag:
            at = tag.end()
            name = tag[0].strip("</>").partition(" ")[0]
            is_linked = tag[0][1] != "/" if name == "a" else is_linked


def _claims_between(block_id: str, html: str, start: int, end: int) -> Iterator:
    text = html[start:end]
    quoted = [match.span() for match in QUOTED.finditer(text)]
    for claim in find_claims(text):
        if not any(first <= claim.start < last for first, last in quoted):
            yield Place(block_id, start + claim.start, start + claim.end), claim


def _loose(place: Place, claim: Claim, html: str, told: Mapping[int, Told]) -> Loose:
    before, after = _plain(html[: place.start]), _plain(html[place.end :])
    words = unescape(html[place.start : place.end])
    sentence = re.split(r"(?<=[.!?]) ", before)[-1]
    choices = sorted(
        (
            Choice(race.payload["title"], pk, measure, holds(claim, measure.value, TOLD))
            for pk, race in told.items()
            for measure in measures_of(race).values()
            if measure.fits(claim)
        ),
        key=lambda choice: (
            not choice.is_true,
            not _is_meant(choice, sentence + words),
            abs(choice.measure.value - claim.value) / max(choice.measure.value, 1),
        ),
    )
    return Loose(place, words, _end_of(before), _start_of(after), tuple(choices))


def _is_meant(choice: Choice, words: str) -> bool:
    """Whether the words before a number speak of this figure; of a person by the last name."""
    kind = choice.measure.kind
    if any(pattern.search(words) and kind.startswith(start) for pattern, start in MEANT):
        return True
    return bool(choice.measure.name) and choice.measure.name.split()[-1] in words


def _plain(html: str) -> str:
    text = unescape(strip_tags(PARAGRAPH_END.sub(r"\g<0> ", html)))
    return re.sub(r"\s+", " ", text)


def _end_of(text: str) -> str:
    """Return the last words before a number, from the beginning of a word."""
    return text if len(text) <= CLAUSE else "… " + text[-CLAUSE:].partition(" ")[2]


def _start_of(text: str) -> str:
    return text if len(text) <= CLAUSE else text[:CLAUSE].rpartition(" ")[0] + " …"
