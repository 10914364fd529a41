"""Stylesheets and scripts that the blocks of a body bring to the reader's page.

A block names them in ``reader_media``, as paths of static files:
``{"css": ["elections/result.css"], "js": ["elections/live-result.js"]}``. Each is linked once,
and only on pages that have such a block. What another app lets stand inside a text names them
in the same way, on its handler of that kind of ``<embed>``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText, features

from newsroom.bodies import blocks_of, values_in


@dataclass(frozen=True)
class ReaderMedia:
    css: tuple[str, ...] = ()
    js: tuple[str, ...] = ()


def media_of(body: StreamValue | None) -> ReaderMedia:
    """Return what the blocks of ``body`` need, each once, in the order first needed."""
    found: dict[str, dict[str, None]] = {"css": {}, "js": {}}
    children = list(blocks_of(body)) if body else []
    for media in [*(getattr(c.block, "reader_media", {}) for c in children), *_in_texts(children)]:
        for kind, paths in found.items():
            paths.update(dict.fromkeys(media.get(kind, ())))
    return ReaderMedia(css=tuple(found["css"]), js=tuple(found["js"]))


def _in_texts(children: Sequence[StreamValue.StreamChild]) -> Iterator[dict]:
    sources = [text.source for text in values_in(children, RichText) if "<embed" in text.source]
    for name, handler in features.get_embed_types().items() if sources else ():
        media = getattr(handler, "reader_media", None)
        if media and any(f'embedtype="{name}"' in source for source in sources):
            yield media
