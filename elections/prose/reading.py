"""The sentences of a page, with the place where an editor finds each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import AbstractPage
from wagtail.rich_text import RichText, get_text_for_indexing
from wagtail.rich_text.rewriters import extract_attrs

from elections.models import Contest, Election
from newsroom.bodies import blocks_of, values_in
from newsroom.fields import StoryField
from newsroom.models import Role

FACT = re.compile(r'<a(\b[^>]*\blinktype="checked-fact"[^>]*)>(.*?)</a>', re.S)
FIGURE = re.compile(r'<embed(\b[^>]*\bembedtype="live-figure"[^>]*)/>')
# What others said, and what was true on its own day, stands as it was said.
NOT_OURS = {"pull_quote", "quotation", "timeline", "correction", "embed", "related_stories"}
HEADLINES = ("title", "dek", "lead_image_caption")


@dataclass(frozen=True)
class Passage:
    """A piece of a page's own text. ``block_id`` is "" for the headline, the dek, a caption."""

    block_id: str
    text: str


@dataclass(frozen=True)
class Fact:
    """Words that an editor has bound to a race."""

    block_id: str
    words: str
    contest: str
    figure: str
    tolerance: str


def passages_of(page: AbstractPage) -> Iterator[Passage]:
    for name in HEADLINES:
        if text := getattr(page, name, ""):
            yield Passage("", text)
    for child in _children(page):
        if child.block_type in NOT_OURS:
            continue
        for text in _texts(child):
            yield Passage(child.id or "", get_text_for_indexing(text.source))
        for words in values_in([child], str):
            yield Passage(child.id or "", words)


def facts_of(page: AbstractPage) -> Iterator[Fact]:
    for child in _children(page):
        for text in _texts(child):
            for match in FACT.finditer(text.source):
                attrs = extract_attrs(match[1])
                yield Fact(
                    child.id or "",
                    " ".join(unescape(strip_tags(match[2])).split()),
                    attrs.get("contest", ""),
                    attrs.get("figure", ""),
                    attrs.get("tolerance", ""),
                )


def races_of(page: AbstractPage) -> set[int]:
    """Return the ids of the races that a page speaks of: its widgets, figures and facts.

    So are those that its editor says it is about; one query for them.
    """
    found = {getattr(page, "contest_id", None), *_subjects(page)}
    for child in _children(page):
        found |= {contest.pk for contest in contests_of(child)}
        for text in _texts(child):
            for pattern in (FACT, FIGURE):
                found |= {_id(extract_attrs(m[1])) for m in pattern.finditer(text.source)}
    return {pk for pk in found if pk}


def elections_of(page: AbstractPage) -> set[int]:
    """Return the ids of the elections that a page shows as a whole: its own, its scoreboards'."""
    found = {getattr(page, "election_id", None)}
    for child in _children(page):
        found |= {election.pk for election in values_in([child], Election)}
    return {pk for pk in found if pk}


def not_about(page: AbstractPage) -> set[int]:
    """Return the ids of the races that the editor has said the page is not about."""
    return {pk for pk, role in _subjects(page).items() if role == Role.NONE}


def _subjects(page: AbstractPage) -> dict[int, str]:
    """Return what the editor says the page is to which race, by the race's id."""
    links = getattr(page, "subject_links", None)
    chosen = {link.subject: link.role for link in links.all()} if links is not None else {}
    return {int(key): role for key, role in chosen.items() if key.isdecimal() and len(key) < 19}


def contests_in(page: AbstractPage) -> Iterator[Contest]:
    """Yield the races in the blocks of a page, as the very objects that are rendered."""
    for child in _children(page):
        yield from contests_of(child)


def contests_of(child: Any) -> list[Contest]:
    return values_in([child], Contest)


def _id(attrs: dict[str, str]) -> int | None:
    contest = attrs.get("contest", "")
    return int(contest) if contest.isascii() and contest.isdigit() and len(contest) < 19 else None


def _children(page: AbstractPage) -> Iterator[Any]:
    for field in page._meta.get_fields():
        if isinstance(field, StoryField):
            yield from blocks_of(getattr(page, field.name))


def _texts(child: Any) -> list[RichText]:
    return values_in([child], RichText)
