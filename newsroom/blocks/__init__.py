"""The blocks of a story. One family, one file.

Adding a key is safe. Renaming or removing one orphans what editors wrote with it: it stays in the
database and renders nothing (see ``newsroom.fields``), so it needs a data migration.
"""

from newsroom.blocks.boxes import (
    ChronologyBlock,
    CorrectionBlock,
    DocumentBlock,
    FactBoxBlock,
    KeyDatesBlock,
    QuestionsBlock,
)
from newsroom.blocks.calls_to_action import CallToActionBlock
from newsroom.blocks.charts import ChartBlock
from newsroom.blocks.embeds import EmbedBlock
from newsroom.blocks.images import GalleryBlock, ImageBlock
from newsroom.blocks.money import MoneyBlock
from newsroom.blocks.quotes import PullQuoteBlock, QuotationBlock
from newsroom.blocks.recordings import AudioBlock, VideoBlock
from newsroom.blocks.related import RelatedLinkBlock, RelatedStoriesBlock
from newsroom.blocks.tables import TableBlock
from newsroom.blocks.text import HeadingBlock, ParagraphBlock

BUILT_IN_BLOCKS = {
    "paragraph": ParagraphBlock,
    "heading": HeadingBlock,
    "pull_quote": PullQuoteBlock,
    "quotation": QuotationBlock,
    "fact_box": FactBoxBlock,
    "questions": QuestionsBlock,
    "timeline": ChronologyBlock,
    "correction": CorrectionBlock,
    "table": TableBlock,
    "chart": ChartBlock,
    "money": MoneyBlock,
    "key_dates": KeyDatesBlock,
    "image": ImageBlock,
    "gallery": GalleryBlock,
    "document": DocumentBlock,
    "audio": AudioBlock,
    "video": VideoBlock,
    "embed": EmbedBlock,
    "related_link": RelatedLinkBlock,
    "related_stories": RelatedStoriesBlock,
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
