"""A body as data, with everything in it resolved: for sites that draw their own pages.

Wagtail gives the ids of what a block points at. Here a reader gets the thing: a picture's address
and description, a page's headline and address, text as HTML with its links opened.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model
from wagtail.blocks import Block, StructBlock, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import AbstractPage
from wagtail.rich_text import RichText, expand_db_html

RENDITION = "max-1600x1600|format-webp"


def as_data(block: Block, value: Any, context: dict | None = None) -> Any:
    """Return a block's value as JSON can hold it. A block that speaks for itself is asked."""
    speaks = type(block).get_api_representation
    if isinstance(block, StructBlock) and speaks is StructBlock.get_api_representation:
        return {
            key: as_data(child, value.get(key), context)
            for key, child in block.child_blocks.items()
        }
    if isinstance(value, (ListValue, StructValue)) or _is_plain(value):
        return resolve(value, block, context)
    return block.get_api_representation(value, context=context)


def resolve(value: Any, block: Block, context: dict | None) -> Any:
    if isinstance(value, ListValue):
        return [as_data(child.block, child.value, context) for child in value.bound_blocks]
    if isinstance(value, RichText):
        return expand_db_html(value.source)
    if isinstance(value, AbstractImage):
        return describe_image(value)
    if isinstance(value, AbstractPage):
        return {"id": value.pk, "title": value.title, "url": value.full_url} if value.live else None
    if isinstance(value, AbstractDocument):
        return {"id": value.pk, "title": value.title, "url": value.url}
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StructValue):
        return block.get_api_representation(value, context=context)
    return value


def _is_plain(value: Any) -> bool:
    """Whether ``resolve`` knows this kind of value; a row of another app is its block's matter."""
    is_ours = isinstance(value, (AbstractImage, AbstractPage, AbstractDocument))
    return is_ours or not isinstance(value, Model)


def describe_image(image: AbstractImage) -> dict[str, Any]:
    """Return what a page needs to show a picture."""
    rendition = image.get_rendition(RENDITION)
    return {
        "id": image.pk,
        "url": rendition.full_url,
        "width": rendition.width,
        "height": rendition.height,
        "alt": getattr(image, "contextual_alt_text", None) or image.default_alt_text,
    }
