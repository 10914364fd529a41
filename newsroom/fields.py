"""``StoryField``: the body of a story, whose kinds of blocks a site may extend.

The blocks come from ``newsroom.blocks`` and from ``NEWSROOM_STORY_BLOCKS``. They are kept out of
migrations: with a plain ``StreamField``, adding a block to the slot, or taking one out, demands a
migration inside our package.

Wagtail drops items of an unknown type when it reads a stream, so that the next save, by anyone,
loses them. Here such an item becomes a ``MissingBlock`` in memory: it renders nothing, keeps its
place and its data through the editor, and is written back exactly as it was.
"""

import json
import logging
from copy import copy
from functools import lru_cache

from django import forms
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock, StreamValue
from wagtail.blocks.base import BlockWidget
from wagtail.fields import StreamField

from newsroom.blocks import BUILT_IN_BLOCKS
from newsroom.blocks.missing import MissingBlock
from newsroom.conf import newsroom_settings
from newsroom.headless import as_data
from newsroom.slots import read_slot

logger = logging.getLogger(__name__)

MISSING = "missing"


class StoryBlock(StreamBlock):
    """The stream of a story. Keeps items whose type is not installed."""

    def to_python(self, value: object) -> StreamValue:
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        if isinstance(value, list):
            value = [self._keep(item) for item in value]
        return super().to_python(value)

    def _keep(self, item: object) -> object:
        if not isinstance(item, dict) or item.get("type") in self.child_blocks:
            return item
        kept = {key: part for key, part in item.items() if key != "id"}
        return {"type": MISSING, "value": kept, "id": item.get("id")}

    def get_prep_value(self, value: object) -> list[dict]:
        items = super().get_prep_value(value)
        # An empty one was added by hand: there is nothing to keep.
        return [self._give_back(item) for item in items if item["type"] != MISSING or item["value"]]

    @staticmethod
    def _give_back(item: dict) -> dict:
        if item["type"] != MISSING:
            return item
        return {**item["value"], "id": item["id"]}

    def get_api_representation(self, value: object, context: dict | None = None) -> list[dict]:
        """Return the blocks with what they point at; what is missing is left out."""
        return [
            {
                "type": child.block_type,
                "value": as_data(child.block, child.value, context),
                "id": child.id,
            }
            for child in value or []
            if child.block_type != MISSING
        ]

    class Meta:
        icon = "doc-full"


class StoryWidget(BlockWidget):
    """Offers the missing block only in a story that has one, where it must be shown to be kept."""

    @cached_property
    def without_missing(self) -> BlockWidget:
        block = copy(self.block_def)
        block.child_blocks = {
            key: child for key, child in block.child_blocks.items() if key != MISSING
        }
        return BlockWidget(block)

    def render_with_errors(self, name: str, value: object, **kwargs: object) -> SafeString:
        if any(child.block_type == MISSING for child in value or []):
            return super().render_with_errors(name, value, **kwargs)
        return self.without_missing.render_with_errors(name, value, **kwargs)


@lru_cache(maxsize=16)
def _story_block(entries: str, required: bool) -> StoryBlock:
    """Return the stream for one value of the slot. ``entries`` only tells slots apart."""
    slot = read_slot()
    for sentence, hint in slot.problems:
        logger.error("%s %s", sentence, hint)
    classes = [*BUILT_IN_BLOCKS.items(), *slot.block_classes]
    children = [(key, block_class()) for key, block_class in classes]
    return StoryBlock([*children, (MISSING, MissingBlock())], required=required)


class StoryField(StreamField):
    def __init__(self, block_types: object = None, **kwargs: object):
        # Migrations call StreamField with block types; this field has them from the settings.
        kwargs.pop("block_lookup", None)
        kwargs.setdefault("verbose_name", _("body"))
        super().__init__(block_types=[], **kwargs)

    @property
    def stream_block(self) -> StoryBlock:
        """The blocks, built when first needed: a slot's app is loaded after this field."""
        entries = repr((newsroom_settings.STORY_BLOCKS, newsroom_settings.TEXT_FEATURES))
        return _story_block(entries, self.block_opts["required"])

    def formfield(self, **kwargs: object) -> forms.Field:
        kwargs.setdefault("widget", StoryWidget(self.stream_block))
        return super().formfield(**kwargs)

    def deconstruct(self) -> tuple:
        # As StreamField does it, less the blocks.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
