"""What a story is about and where it leads, read from its body as it is stored: no query.

When a page is published this is written down, so that lists can ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import transaction
from wagtail.models import AbstractPage

from newsroom.fields import StoryField
from newsroom.models.links import StoryLink
from newsroom.models.subjects import Role, StorySubject
from newsroom.subjects import get_subjects

ANCHOR = re.compile(r"<a\s[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
LONGEST_URL = 1000
# Where a stored block keeps a page that it leads to.
PAGE_KEYS = ("page", "link")


@dataclass(frozen=True)
class Links:
    """Ids of pages and outside addresses, each once, in the order of the text."""

    pages: tuple[int, ...] = ()
    urls: tuple[str, ...] = ()


def stored_items(page: AbstractPage) -> list[dict[str, Any]]:
    """Return the blocks of the page's bodies as they are stored."""
    fields = [field for field in page._meta.get_fields() if isinstance(field, StoryField)]
    items: list[dict[str, Any]] = []
    for field in fields:
        items += field.get_prep_value(getattr(page, field.name)) or []
    return items


def links_of(page: AbstractPage) -> Links:
    """Return where the page's text leads: its links, and the stories in its boxes."""
    pages: dict[int, None] = {}
    urls: dict[str, None] = {}
    for kind, target in _targets(stored_items(page)):
        if kind == "page" and str(target).isdigit():
            pages[int(target)] = None
        elif kind == "url" and target:
            urls[str(target)[:LONGEST_URL]] = None
    return Links(tuple(pages), tuple(urls))


def _targets(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Walk stored JSON. Yield ("page", id) and ("url", address)."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _targets(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _targets(part)
    elif key in PAGE_KEYS and isinstance(value, int):
        yield "page", value
    elif key == "url" and isinstance(value, str):
        yield "url", value
    elif isinstance(value, str) and "<a " in value:
        for tag in ANCHOR.findall(value):
            attributes = dict(ATTRIBUTE.findall(tag))
            if attributes.get("linktype") == "page":
                yield "page", attributes.get("id", "")
            elif "href" in attributes:
                yield "url", unescape(attributes["href"])


def roles_of(page: AbstractPage) -> dict[str, str]:
    """Return what the page is about: the role by the key of the subject.

    The editor's word comes first. A subject whose result stands in the text is linked by itself,
    unless the editor has said that the story is not about it.
    """
    links = getattr(page, "subject_links", None)
    chosen = {link.subject: link.role for link in links.all()} if links is not None else {}
    shown = get_subjects().in_body(stored_items(page))
    roles = {**chosen, **{key: Role.RESULT.value for key in shown if key not in chosen}}
    return {key: role for key, role in roles.items() if role != Role.NONE}


def shown_by_itself(page: AbstractPage) -> list[str]:
    """Return the subjects that the page is linked to only because its text shows them."""
    chosen = {link.subject for link in page.subject_links.all()}
    return [key for key in roles_of(page) if key not in chosen]


def note_links(page: AbstractPage) -> None:
    """Write down where a published story leads and what it is about."""
    if not hasattr(page, "subject_links"):
        return
    with transaction.atomic():
        forget_links(page.pk)
        # Wagtail also says "published" of what is only scheduled.
        if not page.live:
            return
        found = links_of(page)
        StoryLink.objects.bulk_create(
            [
                *(StoryLink(page_id=page.pk, target_id=pk) for pk in found.pages),
                *(StoryLink(page_id=page.pk, url=url) for url in found.urls),
            ]
        )
        StorySubject.objects.bulk_create(
            StorySubject(page_id=page.pk, subject=key, role=role)
            for key, role in roles_of(page).items()
        )


def forget_links(page_id: int) -> None:
    """Write down that readers no longer have the page."""
    StoryLink.objects.filter(page_id=page_id).delete()
    StorySubject.objects.filter(page_id=page_id).delete()
