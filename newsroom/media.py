"""Stylesheets and scripts that the blocks of a body bring to the reader's page.

A block names them in ``reader_media``, as paths of static files:
``{"css": ["elections/result.css"], "js": ["elections/live-result.js"]}``. Each is linked once,
and only on pages that have such a block.
"""

from dataclasses import dataclass

from wagtail.blocks import StreamValue

from newsroom.bodies import blocks_of


@dataclass(frozen=True)
class ReaderMedia:
    css: tuple[str, ...] = ()
    js: tuple[str, ...] = ()


def media_of(body: StreamValue | None) -> ReaderMedia:
    """Return what the blocks of ``body`` need, each once, in the order first needed."""
    found: dict[str, dict[str, None]] = {"css": {}, "js": {}}
    for child in blocks_of(body) if body else ():
        media = getattr(child.block, "reader_media", {})
        for kind, paths in found.items():
            paths.update(dict.fromkeys(media.get(kind, ())))
    return ReaderMedia(css=tuple(found["css"]), js=tuple(found["js"]))
