"""Things of other sites in a story: a video, a chart, a recording.

A reader's browser asks no other site before the reader says so. What the thing shows is kept here:
in words, as a picture, as a table. So it can still be read when the other site is gone.

The network is asked by a task, never when an editor saves or a reader opens the page.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, StructBlock, StructValue, TextBlock, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from newsroom.blocks import groups
from newsroom.blocks.charts import ChartBlock
from newsroom.blocks.sheets import Sheet, SheetBlock, SheetError, read_sheet
from newsroom.frames import Frame, fingerprint, frame_of


class EmbedValue(StructValue):
    @cached_property
    def record(self) -> object | None:
        """What is remembered of it; None before the first check."""
        url = self.get("url") or ""
        return stored_records([url]).get(url)

    @cached_property
    def frame(self) -> Frame | None:
        """What to show on the reader's wish; None for a plain link, and when it is gone."""
        if self.is_dead:
            return None
        kept = self.record.frame if self.record else None
        return kept or frame_of(self.get("url") or "")

    @property
    def is_dead(self) -> bool:
        return bool(self.record and self.record.is_dead)

    @property
    def host(self) -> str:
        """The site that learns of the reader."""
        return self.frame.host if self.frame else urlsplit(self.get("url") or "").netloc

    @property
    def picture_url(self) -> str:
        """Our own copy of its still picture, or ""."""
        return self.record.picture.url if self.record and self.record.picture else ""

    @cached_property
    def sheet(self) -> Sheet | None:
        """Its figures, where the editor gave them."""
        try:
            return read_sheet(self.get("figures") or "")
        except SheetError:
            return None

    @property
    def drawing(self) -> str:
        """Its figures as bars, once it is gone; "" where they are not one column of amounts."""
        rows = self.get("figures") or ""
        if not (self.is_dead and rows):
            return ""
        unit = "dollars" if "$" in rows else "percent" if "%" in rows else "number"
        block = ChartBlock()
        facts = {"title": self["title"], "kind": "bar", "unit": unit, "rows": rows}
        return block.render(block.to_python(facts))


def stored_records(urls: Iterable[str]) -> dict[str, object]:
    """Return what is remembered of these addresses, in one query and without the network."""
    by_fingerprint = {fingerprint(url): url for url in urls if url}
    if not by_fingerprint:
        return {}
    records = apps.get_model("newsroom.EmbedRecord").objects.filter(fingerprint__in=by_fingerprint)
    return {by_fingerprint[record.fingerprint]: record for record in records}


class EmbedBlock(StructBlock):
    url = URLBlock(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The page's own address, for example of a video or a chart. Where it cannot be shown "
            "inside the story, readers get a link."
        ),
    )
    title = CharBlock(
        label=gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("What it is, for readers who cannot see it."),
    )
    caption = CharBlock(label=gettext_lazy("Caption"), required=False, max_length=300)
    alternative = TextBlock(
        label=gettext_lazy("In words"),
        required=False,
        max_length=800,
        help_text=gettext_lazy(
            "What it shows. It stands here when the other site is gone, and for readers who do "
            "not want to load it."
        ),
    )
    image = ImageChooserBlock(
        label=gettext_lazy("Picture of it"),
        required=False,
        help_text=gettext_lazy("Shown in its place until a reader loads it."),
    )
    figures = SheetBlock(label=gettext_lazy("Its figures"), required=False)

    def bulk_to_python(self, values: Iterable[dict]) -> list[EmbedValue]:
        converted = super().bulk_to_python(values)
        records = stored_records([value.get("url") for value in converted])
        for value in converted:
            value.record = records.get(value.get("url"))
        return converted

    def clean(self, value: EmbedValue) -> EmbedValue:
        cleaned = super().clean(value)
        url = cleaned.get("url")
        if url and urlsplit(url).scheme not in ("http", "https"):
            reason = ValidationError(_("Use an address that starts with https://."))
            raise StructBlockValidationError(block_errors={"url": reason})
        return cleaned

    def render(self, value: EmbedValue | None, context: dict | None = None) -> str:
        if not value or not value.get("url"):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "media"
        label = gettext_lazy("Embed")
        description = gettext_lazy("A video, chart or recording from another site.")
        group = groups.MEDIA
        template = "newsroom/blocks/embed.html"
        value_class = EmbedValue
        label_format = "{title}"
        preview_value = {
            "url": "https://www.youtube.com/watch?v=abcdefghijk",
            "title": "Election night at the count center",
            "alternative": "Workers open envelopes at long tables.",
        }

    reader_media = {"css": ["newsroom/blocks.css"], "js": ["newsroom/embeds.js"]}
