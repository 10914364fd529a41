"""Things of other sites in a story: a video, a chart, a recording.

What a provider sends is untrusted HTML. Only the address of its first frame is taken from it, and
only if its host is in ``NEWSROOM_EMBED_HOSTS``; the frame itself is written by our template. Where
there is no such frame, readers get a plain link.

The network is asked when an editor saves the address, never when a reader opens the page.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, StructValue, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.embeds.embeds import get_embed, get_embed_hash
from wagtail.embeds.exceptions import EmbedException
from wagtail.embeds.finders import get_finders

from newsroom.blocks import groups
from newsroom.conf import newsroom_settings

logger = logging.getLogger(__name__)

# An address whose provider failed is not asked again by every save of the same draft.
RETRY_AFTER_SECONDS = 300


ASPECTS = {"16:9": 16 / 9, "4:3": 4 / 3, "1:1": 1.0, "9:16": 9 / 16}


@dataclass(frozen=True)
class Frame:
    """An allowed frame of another site."""

    src: str
    width: int
    height: int

    @property
    def aspect(self) -> str:
        """The nearest of a few proportions, by name: a page may hold no inline style."""
        ratio = self.width / self.height
        return min(ASPECTS, key=lambda name: abs(ASPECTS[name] - ratio))


class FirstFrame(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe" and self.attributes is None:
            self.attributes = dict(attrs)


def read_frame(html: str) -> Frame | None:
    """Return the first frame in a provider's HTML, or None if there is none we allow."""
    parser = FirstFrame()
    parser.feed(html or "")
    attributes = parser.attributes or {}
    src = attributes.get("src") or ""
    if src.startswith("//"):
        src = f"https:{src}"
    if not is_allowed(src):
        return None
    return Frame(
        src=src,
        width=_pixels(attributes.get("width"), default=640),
        height=_pixels(attributes.get("height"), default=360),
    )


def is_allowed(address: str) -> bool:
    """Whether this address may stand in a frame: https, a listed host, nothing before the host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.netloc.lower() in newsroom_settings.EMBED_HOSTS


def _pixels(text: str | None, *, default: int) -> int:
    """A width such as ``100%`` says nothing about proportions, so it counts as the default."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else default


class EmbedValue(StructValue):
    @cached_property
    def provider_html(self) -> str:
        """What the provider sent when the editor saved; blank if it sent nothing."""
        return stored_html([self.get("url") or ""]).get(self.get("url"), "")

    @cached_property
    def frame(self) -> Frame | None:
        """What to show, or None for a plain link."""
        frame = read_frame(self.provider_html)
        if frame is None and is_allowed(self["url"]) and not _has_finder(self["url"]):
            return Frame(src=self["url"], width=640, height=480)
        return frame

    @property
    def html(self) -> SafeString:
        """The frame as our own element; blank when a plain link has to do."""
        if self.frame is None:
            return mark_safe("")
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" allowfullscreen'
            ' referrerpolicy="strict-origin-when-cross-origin"'
            ' sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"></iframe>',
            self.frame.src,
            self.get("title") or "",
            self.frame.width,
            self.frame.height,
        )

    @property
    def aspect(self) -> str:
        return self.frame.aspect if self.frame else ""


def stored_html(urls: Iterable[str]) -> dict[str, str]:
    """Return what is stored for these addresses, in one query and without the network."""
    from wagtail.embeds.models import Embed

    by_hash = {get_embed_hash(url): url for url in urls if url}
    if not by_hash:
        return {}
    stored = Embed.objects.filter(hash__in=by_hash).values_list("hash", "html")
    return {by_hash[hash_]: html for hash_, html in stored}


def fetch_embed(url: str) -> bool:
    """Ask the provider and store its answer. Return whether there is one."""
    failed_key = f"newsroom-embed-failed-{hashlib.sha256(url.encode()).hexdigest()}"
    if not _has_finder(url) or cache.get(failed_key):
        return False
    try:
        get_embed(url)
    except EmbedException:
        logger.warning("The embed provider gave nothing for an address.", extra={"url": url})
        cache.set(failed_key, True, RETRY_AFTER_SECONDS)
        return False
    return True


def _has_finder(url: str) -> bool:
    return any(finder.accept(url) for finder in get_finders())


class EmbedBlock(StructBlock):
    url = URLBlock(
        label=_("Address"),
        help_text=_(
            "The page's own address, for example of a video. Where it cannot be shown inside the "
            "story, readers get a link."
        ),
    )
    title = CharBlock(
        label=_("Title"),
        max_length=160,
        help_text=_("What it is, for readers who cannot see it, and the text of the link."),
    )
    caption = CharBlock(label=_("Caption"), required=False, max_length=300)

    def bulk_to_python(self, values: Iterable[dict]) -> list[EmbedValue]:
        converted = super().bulk_to_python(values)
        html = stored_html([value.get("url") for value in converted])
        for value in converted:
            value.provider_html = html.get(value.get("url"), "")
        return converted

    def clean(self, value: EmbedValue) -> EmbedValue:
        cleaned = super().clean(value)
        url = cleaned.get("url")
        if not url:
            return cleaned
        if urlsplit(url).scheme not in ("http", "https"):
            reason = ValidationError(_("Use an address that starts with https://."))
            raise StructBlockValidationError(block_errors={"url": reason})
        fetch_embed(url)
        return cleaned

    def render(self, value: EmbedValue | None, context: dict | None = None) -> str:
        if not value or not value.get("url"):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "media"
        label = _("Embed")
        description = _("A video, chart or recording from another site.")
        group = groups.MEDIA
        template = "newsroom/blocks/embed.html"
        value_class = EmbedValue
        label_format = "{title}"
        preview_value = {
            "url": "https://www.example.com/video",
            "title": "Election night at the count center",
        }
