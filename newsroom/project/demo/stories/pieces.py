"""What a story is made of before it is a page: its facts, and the pieces of its body.

A piece is an item of a ``StoryField`` as it is stored: a type and a value.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Piece = dict[str, Any]


@dataclass(frozen=True)
class Shelf:
    """Ids of what a story may point at: pages by slug, asks and races by key."""

    pages: Mapping[str, int]
    asks: Mapping[str, int]
    races: Mapping[str, int]

    def link(self, slug: str, words: str) -> str:
        """Return a link as the editor stores it; it follows the page wherever it moves."""
        return f'<a linktype="page" id="{self.pages[slug]}">{words}</a>'

    def ask(self, key: str) -> Piece:
        return {"type": "call_to_action", "value": {"call_to_action": self.asks[key]}}

    def result(self, key: str, *, size: str = "story") -> Piece:
        return {"type": "live_result", "value": {"contest": self.races[key], "size": size}}

    def results(self, *keys: str) -> Piece:
        """Several races under each other, one line each."""
        races = [
            {"type": "item", "value": self.races[key], "id": str(uuid.uuid4())} for key in keys
        ]
        return {"type": "races", "value": {"heading": "", "races": races, "size": "line"}}

    def figure(self, key: str, figure: str) -> str:
        """Return a live figure of a race inside a sentence, as the editor stores it."""
        return f'<embed embedtype="live-figure" contest="{self.races[key]}" figure="{figure}"/>'

    def fact(self, key: str, figure: str, words: str, tolerance: str = "rounded") -> str:
        """Return words that are held against a race."""
        return (
            f'<a linktype="checked-fact" contest="{self.races[key]}" figure="{figure}" '
            f'tolerance="{tolerance}">{words}</a>'
        )

    def course(self, key: str) -> Piece:
        """The count of a race over its releases, drawn."""
        return {"type": "count_timeline", "value": {"contest": self.races[key]}}

    def list_stories(self, title: str, *slugs: str, deks: Mapping[str, str] | None = None) -> Piece:
        """Links to pages by slug, with a dek for those that ``deks`` has one for."""
        items = [
            {
                "type": "item",
                "value": {"page": self.pages[slug], "dek": (deks or {}).get(slug, "")},
                "id": str(uuid.uuid4()),
            }
            for slug in slugs
        ]
        return {"type": "related_stories", "value": {"heading": title, "items": items}}


@dataclass(frozen=True)
class Story:
    """One story. ``section`` and ``picture`` and ``authors`` are keys of what load makes."""

    slug: str
    section: str
    headline: str
    dek: str
    authors: tuple[str, ...]
    published_at: datetime
    body: Callable[[Shelf], list[Piece]]
    picture: str = ""
    picture_caption: str = ""
    # Races by key, each with what the story is to it.
    races: tuple[tuple[str, str], ...] = ()
    # By slug, of those in ``TOPICS``.
    topics: tuple[str, ...] = ()


def text(*paragraphs: str) -> Piece:
    return {"type": "paragraph", "value": "".join(f"<p>{words}</p>" for words in paragraphs)}


def bullets(*lines: str) -> Piece:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return {"type": "paragraph", "value": f"<ul>{items}</ul>"}


def heading(words: str) -> Piece:
    return {"type": "heading", "value": {"text": words, "level": "h2"}}


def pull_quote(words: str, *, speaker: str, role: str = "") -> Piece:
    return {"type": "pull_quote", "value": {"quote": words, "speaker": speaker, "role": role}}


def fact_box(words: str, *lines: str) -> Piece:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return {"type": "fact_box", "value": {"heading": words, "text": f"<ul>{items}</ul>"}}


def chart(title: str, rows: str, *, source: str, **parts: str) -> Piece:
    facts = {"title": title, "kind": "bar", "unit": "number", "rows": rows, "source": source}
    return {"type": "chart", "value": {**facts, **parts}}


def embed(url: str, title: str, *, alternative: str, figures: str, caption: str) -> Piece:
    facts = {"url": url, "title": title, "caption": caption}
    return {"type": "embed", "value": {**facts, "alternative": alternative, "figures": figures}}


def money(heading: str, *rows: dict[str, Any], **parts: str) -> Piece:
    items = [{"type": "item", "value": row, "id": str(uuid.uuid4())} for row in rows]
    return {"type": "money", "value": {"heading": heading, "rows": items, **parts}}


def spent(committee: str, position: str, whom: str, amount: int, **parts: Any) -> dict[str, Any]:
    return {
        "committee": committee,
        "position": position,
        "whom": whom,
        "amount": amount,
        "precision": "exact",
        "negative": None,
        "url": "",
        **parts,
    }
