"""Do the embeds of our live pages still stand? Asked when a page is published, and every night.

No editor's save and no reader's request waits for another site: a task asks, and a row remembers.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from PIL import Image, UnidentifiedImageError
from wagtail.models import AbstractPage

from newsroom.blocks import EmbedBlock
from newsroom.bodies import blocks_of
from newsroom.conf import newsroom_settings
from newsroom.fields import StoryField
from newsroom.models import EmbedRecord, EmbedUse
from newsroom.network import http
from newsroom.network.answers import NetworkError
from newsroom.oembed import MOST_PICTURE_BYTES, Behind, ask

logger = logging.getLogger(__name__)

CHECK_EVERY = timedelta(hours=20)
# A task ends within its time limit; the next one goes on.
MOST_AT_ONCE = 20
PICTURE_WIDTH = 960
KINDS = {"JPEG", "PNG", "WEBP", "GIF"}


def urls_in(page: AbstractPage) -> list[str]:
    """Return the addresses that the page's bodies embed, each once."""
    fields = [field.name for field in page._meta.get_fields() if isinstance(field, StoryField)]
    children = (child for name in fields for child in blocks_of(getattr(page, name)))
    urls = [child.value.get("url") for child in children if isinstance(child.block, EmbedBlock)]
    return list(dict.fromkeys(url for url in urls if url))


def note_uses(page: AbstractPage) -> list[EmbedRecord]:
    """Write down what a page embeds; return the records that nobody has asked about yet."""
    records = [EmbedRecord.for_url(url) for url in urls_in(page)] if page.live else []
    EmbedUse.objects.filter(page_id=page.pk).exclude(record__in=records).delete()
    EmbedUse.objects.bulk_create(
        [EmbedUse(record=record, page_id=page.pk) for record in records], ignore_conflicts=True
    )
    return [record for record in records if record.checked_at is None]


def forget_uses(page_id: int) -> None:
    """Write down that readers no longer have the page."""
    EmbedUse.objects.filter(page_id=page_id).delete()


def due(now: datetime) -> Iterable[EmbedRecord]:
    """Return embeds of live pages that nobody has asked about for a day, a handful at once."""
    used = EmbedRecord.objects.filter(uses__isnull=False).distinct()
    waiting = used.exclude(checked_at__gt=now - CHECK_EVERY)
    return waiting.order_by(F("checked_at").asc(nulls_first=True), "pk")[:MOST_AT_ONCE]


def check_due(now: datetime | None = None) -> int:
    """Ask about the embeds that are due; return how many. One failure harms no other."""
    now = now or timezone.now()
    records = list(due(now))
    for record in records:
        try:
            check(record, now=now)
        except Exception:
            logger.exception("Embed %s could not be checked.", record.pk)
    return len(records)


def check(record: EmbedRecord, *, now: datetime) -> None:
    """Ask whether an embed is still there, and keep what it is and how it looks."""
    allow_private = newsroom_settings.EMBED_PRIVATE_NETWORKS
    try:
        behind = ask(record.url, allow_private=allow_private)
    except NetworkError as error:
        record.note_failure(now, str(error), may_recover=error.may_recover)
    else:
        record.note_alive(now)
        _keep(record, behind, allow_private=allow_private)
    record.save()


def _keep(record: EmbedRecord, behind: Behind, *, allow_private: bool) -> None:
    record.title = behind.title or record.title
    if behind.frame is not None:
        record.frame_src = behind.frame.src
        record.frame_width, record.frame_height = behind.frame.width, behind.frame.height
    if behind.picture_url and not record.picture:
        try:
            picture = copy_picture(behind.picture_url, allow_private=allow_private)
        except (NetworkError, ValueError) as error:
            logger.warning("The picture of embed %s was not kept: %s", record.pk, error)
        else:
            name = hashlib.sha256(picture).hexdigest()[:16]
            record.picture.save(f"{name}.jpg", ContentFile(picture), save=False)


def copy_picture(url: str, *, allow_private: bool = False) -> bytes:
    """Fetch another site's picture and return our own copy of it, as JPEG.

    :raises NetworkError: it cannot be had.
    :raises ValueError: it is no picture, or one too large to open.
    """
    answer = http.get(url, max_bytes=MOST_PICTURE_BYTES, allow_private=allow_private)
    try:
        with Image.open(BytesIO(answer.body), formats=sorted(KINDS)) as picture:
            picture.draft("RGB", (PICTURE_WIDTH, PICTURE_WIDTH))
            if picture.width * picture.height > 40_000_000:
                raise ValueError("The picture is too large.")
            small = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("This is no picture that can be opened.") from error
    small.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
    copy = BytesIO()
    small.save(copy, "JPEG", quality=80, optimize=True)
    return copy.getvalue()
