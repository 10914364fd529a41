"""The blocks of a story. One family, one file.

Adding a key is safe. Renaming or removing one orphans what editors wrote with it: it stays in the
database and renders nothing (see ``newsroom.fields``), so it needs a data migration.
"""

from newsroom.blocks.calls_to_action import CallToActionBlock
from newsroom.blocks.embeds import EmbedBlock
from newsroom.blocks.images import ImageBlock
from newsroom.blocks.quotes import PullQuoteBlock
from newsroom.blocks.related import RelatedStoriesBlock
from newsroom.blocks.text import HeadingBlock, ParagraphBlock

BUILT_IN_BLOCKS = {
    "paragraph": ParagraphBlock,
    "heading": HeadingBlock,
    "image": ImageBlock,
    "pull_quote": PullQuoteBlock,
    "related_stories": RelatedStoriesBlock,
    "embed": EmbedBlock,
    "call_to_action": CallToActionBlock,
}

__all__ = [
    "BUILT_IN_BLOCKS",
    "CallToActionBlock",
    "EmbedBlock",
    "HeadingBlock",
    "ImageBlock",
    "ParagraphBlock",
    "PullQuoteBlock",
    "RelatedStoriesBlock",
]
