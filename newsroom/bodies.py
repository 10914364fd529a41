"""Turns the body of a story into HTML with as few queries as there are kinds of things in it.

Block by block, every paragraph with an internal link costs two queries and a cache read, and every
picture asks for its renditions. Here the links of all paragraphs are resolved together before the
first block is rendered, and so are the renditions of all pictures.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.models import AbstractImage
from wagtail.rich_text import RichText

from newsroom.blocks.related import linked_keys
from newsroom.calls_to_action.showing import render_ask
from newsroom.links import expand_together

logger = logging.getLogger(__name__)

Kind = TypeVar("Kind")


class ExpandedRichText(RichText):
    """Rich text whose links are already what readers get."""

    def __init__(self, source: str, html: str):
        super().__init__(source)
        self.html = html

    def __html__(self) -> str:
        # Safe as Wagtail's own: the source went through the editor's whitelist.
        return mark_safe(self.html)


def render_body(body: StreamValue, context: dict) -> SafeString:
    """Render the blocks of a story's body, in order, without a wrapper.

    A block that fails is left out and logged: readers keep the rest of the story.
    """
    children = list(blocks_of(body))
    _expand_links(children, context.get("request"))
    fetch_renditions(images_in(children))
    texts = (text.source for text in values_in(children, RichText))
    context = {**context, "seen_links": linked_keys(texts)}
    plan = context.get("asks")
    parts = []
    for child in children:
        try:
            parts.append(child.render(context))
        except Exception:
            _report(child.block_type)
        for placed in plan.after(child.id) if plan else ():
            parts.append(render_ask(placed, context))
    # Each part was escaped by the template that rendered it.
    return mark_safe("".join(parts))


def blocks_of(body: StreamValue) -> Iterator[StreamValue.StreamChild]:
    """Yield the blocks of a body, less those that cannot be read."""
    for index in range(len(body)):
        try:
            yield body[index]
        except Exception:
            _report(body.raw_data[index]["type"])


def _report(block_type: str) -> None:
    """Log the exception being handled; a developer sees it raised."""
    if settings.DEBUG:
        raise
    logger.exception("A block of a story could not be shown.", extra={"block_type": block_type})


def _values(value: object) -> Iterator[tuple[object, object, object]]:
    """Walk a block's value. Yield ``(container, key, value)`` for each leaf inside it."""
    if isinstance(value, StructValue):
        for key, part in value.items():
            yield from _inner(value, key, part)
    elif isinstance(value, ListValue):
        for child in value.bound_blocks:
            yield from _inner(child, None, child.value)
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _inner(child, None, child.value)


def _inner(container: object, key: object, part: object) -> Iterator[tuple[object, object, object]]:
    if isinstance(part, (StructValue, ListValue, StreamValue)):
        yield from _values(part)
    else:
        yield container, key, part


def _leaves(children: Iterable) -> Iterator[tuple[object, object, object]]:
    for child in children:
        yield from _inner(child, None, child.value)


def _expand_links(children: list, request: HttpRequest | None) -> None:
    texts = [leaf for leaf in _leaves(children) if isinstance(leaf[2], RichText)]
    expanded = expand_together([text.source for _, _, text in texts], request)
    for (container, key, text), html in zip(texts, expanded, strict=True):
        replacement = ExpandedRichText(text.source, html)
        if key is None:
            container.value = replacement
        else:
            container[key] = replacement


def values_in(children: Iterable[StreamValue.StreamChild], kind: type[Kind]) -> list[Kind]:
    """Return everything of one kind that blocks hold, also deep inside them, in order."""
    return [value for _, _, value in _leaves(children) if isinstance(value, kind)]


def images_in(children: Iterable[StreamValue.StreamChild]) -> list[AbstractImage]:
    return values_in(children, AbstractImage)


def fetch_renditions(images: Sequence[AbstractImage]) -> None:
    """Fetch the renditions of all these pictures in one query, unless they are here already."""
    images = [image for image in images if not hasattr(image, "prefetched_renditions")]
    if images:
        renditions = images[0].get_rendition_model().objects.all()
        prefetch_related_objects(
            images, Prefetch("renditions", queryset=renditions, to_attr="prefetched_renditions")
        )
