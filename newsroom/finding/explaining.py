"""For the editor of a story: what it leads on to, and why each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import AbstractPage
from wagtail.rich_text import RichText

from newsroom.blocks.related import address_key, is_public, linked_keys
from newsroom.bodies import blocks_of, values_in
from newsroom.finding.surroundings import surroundings_of

BOXES = ("related_stories", "related_link")


@dataclass(frozen=True)
class Onward:
    """A story that another leads on to, or would. ``page`` is None for one of another site."""

    title: str
    page: AbstractPage | None
    why: str
    is_shown: bool = True


def explain_onward(story: AbstractPage) -> list[Onward]:
    """Return what stands in the boxes of a draft, then what is listed at its end by itself."""
    return [*_chosen(story), *_listed(story)]


def _listed(story: AbstractPage) -> Iterator[Onward]:
    topics, section = story.get_topics(), story.get_section()
    around = surroundings_of(story, topics=topics, section=section, is_preview=True)
    for item in around.related:
        yield Onward(item.page.title, item.page, f"{item.kicker}. {item.why}")


def _chosen(story: AbstractPage) -> Iterator[Onward]:
    children = list(blocks_of(story.body))
    seen = linked_keys(text.source for text in values_in(children, RichText))
    for child in children:
        if child.block_type in BOXES:
            for item in child.value.get("items") or [child.value]:
                if key := address_key(item):
                    page = item.get("page")
                    title = item.get("headline") or (page.title if page else item["url"])
                    reason = _left_out(item, key, story, seen)
                    why = reason or _("Chosen by hand.")
                    yield Onward(title, page or None, why, is_shown=not reason)
                    seen.add(key)


def _left_out(item: Any, key: tuple, story: AbstractPage, seen: set) -> str:
    """Say why readers do not get what was chosen; "" where they do."""
    page = item.get("page")
    if page and page.pk == story.pk:
        return _("Chosen by hand, and left out: it is this story.")
    if page and not is_public(page):
        return _("Chosen by hand, and left out: readers cannot open it.")
    if key in seen:
        return _("Chosen by hand, and left out: the text leads to it already.")
    return ""
